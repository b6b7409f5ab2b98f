"""A running gateway as a command talks to it: its address, a token, and one line where it does not answer."""

import json
import os
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from gateway.cli.loading import print_faults
from gateway.cli.options import DEFAULT_CONFIG, OutputFormat
from gateway.cli.stop import FAULTS, stop
from gateway.domain.fault import ConfigError
from gateway.domain.frozen import frozen

TOKEN_VARIABLE = "ITSM_GATEWAY_TOKEN"  # noqa: S105 (its name, not what it holds)
TIMEOUT_SECONDS = 30
LARGEST_PAGE = 200

ApiOption = Annotated[
    str | None, typer.Option("--api", metavar="URL", help="The gateway's API; by default where the config says.")
]
ConfigOption = Annotated[Path, typer.Option("--config", "-c", metavar="FILE", help="Says where the API listens.")]
TokenFileOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help=f"Holds the access token; else {TOKEN_VARIABLE} does, if any.")
]


class Refused(Exception):
    """The gateway would not; the message is its own detail."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@frozen
class Api:
    """One gateway; every method ends the command in one line where it cannot be reached or lets nobody in."""

    url: str
    token: str | None

    def items(self, path: str, most: int, filters: dict[str, str | None]) -> list[dict[str, Any]]:
        """A listing's first items, page by page."""
        found: list[dict[str, Any]] = []
        query = {name: value for name, value in filters.items() if value is not None}
        while len(found) < most:
            limit = str(min(most - len(found), LARGEST_PAGE))
            page = self.asked("GET", f"{path}?{urlencode(query | {'limit': limit})}")
            found += page["items"]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        return found

    def asked(self, method: str, path: str, body: object = None) -> Any:
        """The answer's document; raises Refused with the problem's detail."""
        status, document = self._exchange(method, path, None if body is None else json.dumps(body).encode())
        if status < HTTPStatus.BAD_REQUEST and document is not None:
            return document
        detail = document.get("detail") if isinstance(document, dict) else None
        if detail is None:
            stop(f"{self.url} answered {status}, and not as this gateway does; give its API's address as --api URL")
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            stop(f"{self.url} does not let you do that: {detail}; a token goes into {TOKEN_VARIABLE} or --token-file")
        raise Refused(status, detail)

    def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
        from http.client import HTTPException  # noqa: PLC0415 (heavy: only for commands that need it)
        from urllib.error import HTTPError, URLError  # noqa: PLC0415
        from urllib.request import ProxyHandler, Request, build_opener  # noqa: PLC0415

        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            request = Request(f"{self.url}{path}", data=body, headers=headers, method=method)  # noqa: S310 (see _url)
            with build_opener(ProxyHandler({})).open(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, _document(answer.read())
        except HTTPError as error:
            return error.code, _document(error.read())
        except (URLError, OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            stop(f"no gateway answers at {self.url}: {_said(reason)}")


def api_of(url: str | None, config: Path, token_file: Path | None) -> Api:
    """The gateway that was named, or the one that the config describes."""
    token = os.environ.get(TOKEN_VARIABLE) if token_file is None else _token(token_file)
    return Api(_url(url) if url else _configured(config), token or None)


def _said(reason: object) -> str:
    """Why, and the mend."""
    if "CERTIFICATE_VERIFY_FAILED" in str(reason):
        return "its certificate is not trusted; name its authority's PEM file in SSL_CERT_FILE"
    said = getattr(reason, "strerror", None) or reason
    return f"{said}; start it, or give its API's address as --api URL"


def _url(given: str) -> str:
    if not given.startswith(("http://", "https://")):
        stop(f"--api {given} is no address: write one such as http://127.0.0.1:8090")
    return given.rstrip("/")


def _configured(config: Path) -> str:
    from gateway.config.api_address import api_url  # noqa: PLC0415 (heavy: only for commands that need it)

    if config == DEFAULT_CONFIG and not config.exists():
        stop(f"there is no {config} here to say where the gateway is; name it by --config FILE or --api URL")
    try:
        return api_url(config, os.environ)
    except ConfigError as error:
        print_faults(error.faults, OutputFormat.TEXT)
        raise typer.Exit(FAULTS) from error


def _token(file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        stop(f"the token file {file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}")


def _document(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
