"""`wait`: until a gateway is ready; for scripts that must not start before it."""

import http.client
import time
from typing import Annotated
from urllib.parse import urlsplit

import typer

from gateway.cli.stop import FAULTS, stop

BETWEEN_SECONDS = 0.2


def wait(
    url: Annotated[str, typer.Argument(metavar="URL", help="The probe to ask.")] = "http://127.0.0.1:8090/readyz",
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="How long to try.", min=0)] = 60.0,
) -> None:
    """Wait until a probe answers 200; exit code 1 when it did not in time.

    Example: `itsm-gateway wait http://127.0.0.1:18091/readyz --timeout 30`
    """
    host, port, path = _place(url)
    end = time.monotonic() + timeout
    while (said := _ask(host, port, path)) != "ready":
        if time.monotonic() + BETWEEN_SECONDS > end:
            stop(f"{url} is not ready after {timeout:g} s: {said}", FAULTS)
        time.sleep(BETWEEN_SECONDS)


def _place(url: str) -> tuple[str, int, str]:
    try:
        place = urlsplit(url)
        host, port = place.hostname, place.port
    except ValueError:
        place, host, port = urlsplit(""), None, None
    if place.scheme != "http" or not host:
        stop(f"{url} is no probe: write one such as http://127.0.0.1:8090/readyz")
    return host, port or 80, place.path or "/readyz"


def _ask(host: str, port: int, path: str) -> str:
    """`ready`, or what came instead."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read(200).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return getattr(error, "strerror", None) or str(error) or type(error).__name__
    finally:
        connection.close()
    return "ready" if answer.status == http.client.OK else f"{answer.status} {text}"
