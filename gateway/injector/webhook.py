"""The admission webhook: AdmissionReviews over TLS, each answered by the pure injection."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from gateway.config.address import HostPort
from gateway.config.certificate import POLL_SECONDS, Certificate
from gateway.domain.frozen import frozen
from gateway.injector.inject import Injection, Left, Patched, Refused
from gateway.injector.review import NoReview, review
from gateway.injector.settings import SidecarSettings
from gateway.telemetry.injections import Injections
from gateway.telemetry.log import configure_logging
from gateway.telemetry.logger import Logger

MAX_REVIEW_BYTES: Final = 8 * 1024 * 1024
DRAIN_SECONDS: Final = 8.0

DEFAULTS = web.AppKey("defaults", SidecarSettings)
LOGGER = web.AppKey("logger", Logger)
INJECTIONS = web.AppKey("injections", Injections)
SERVING = web.AppKey("serving", asyncio.Event)


@frozen
class Door:
    """Where the webhook listens, and the files of its certificate."""

    listen: HostPort
    certificate: Path
    key: Path
    poll_seconds: float = POLL_SECONDS


def webhook(defaults: SidecarSettings, logger: Logger) -> web.Application:
    """The application, not yet listening."""
    app = web.Application(client_max_size=MAX_REVIEW_BYTES)
    app[DEFAULTS], app[LOGGER], app[SERVING] = defaults, logger, asyncio.Event()
    app[INJECTIONS] = Injections()
    app.add_routes([web.post("/mutate", mutate), web.get("/metrics", metrics)])
    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz)])
    return app


async def mutate(request: web.Request) -> web.Response:
    """One review; a refusal is an answer too, and only what is no review at all is a 400."""
    try:
        reviewed = review(json.loads(await request.read()), request.app[DEFAULTS])
    except (ValueError, RecursionError, NoReview) as error:
        request.app[INJECTIONS].reviewed("unreadable")
        return web.Response(status=400, text=f"not an AdmissionReview: {error}\n")
    said = _said(reviewed.injection)
    request.app[INJECTIONS].reviewed(said["result"])
    request.app[LOGGER].info("pod reviewed", namespace=reviewed.namespace, pod=reviewed.pod, **said)
    return web.json_response(reviewed.answer)


async def metrics(request: web.Request) -> web.Response:
    """What Prometheus scrapes."""
    injections = request.app[INJECTIONS]
    return web.Response(body=injections.exposition(), headers={"Content-Type": injections.content_type})


async def livez(_request: web.Request) -> web.Response:
    """The event loop turns."""
    return web.Response(text="ok\n")


async def readyz(request: web.Request) -> web.Response:
    """False only while draining."""
    ready = request.app[SERVING].is_set()
    return web.Response(text="serving\n" if ready else "draining\n", status=200 if ready else 503)


@asynccontextmanager
async def serving(app: web.Application, door: Door) -> AsyncIterator[HostPort]:
    """Listen, and follow the certificate; at the end answer what has arrived. Raises CertificateUnusable, OSError."""
    certificate = Certificate(door.certificate, door.key)
    runner = web.AppRunner(app, shutdown_timeout=DRAIN_SECONDS, keepalive_timeout=15, access_log=None)
    await runner.setup()
    follower = asyncio.create_task(certificate.follow(_teller(app[LOGGER]), door.poll_seconds))
    try:
        await web.TCPSite(runner, door.listen.host, door.listen.port, ssl_context=certificate.context).start()
        host, port = runner.addresses[-1][:2]
        app[SERVING].set()
        yield HostPort(host, port)
    finally:
        app[SERVING].clear()
        follower.cancel()
        await asyncio.gather(follower, return_exceptions=True)
        await runner.cleanup()


async def serve(defaults: SidecarSettings, door: Door, log_level: str) -> None:
    """Serve until SIGTERM or SIGINT."""
    log = configure_logging(log_level, sys.stdout)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        async with serving(webhook(defaults, log.logger), door) as address:
            log.logger.info("injector serving", listen=str(address), image=defaults.image)
            await stopped.wait()
            log.logger.info("injector draining")
    finally:
        log.close()


def _teller(logger: Logger) -> Any:
    def told(wrong: str | None) -> None:
        if wrong:
            logger.error("certificate not renewed", reason=wrong)
        else:
            logger.info("certificate renewed")

    return told


def _said(injection: Injection) -> dict[str, Any]:
    match injection:
        case Patched(warnings=warnings):
            return {"result": "patched", "warnings": list(warnings)}
        case Refused(reasons=reasons):
            return {"result": "refused", "reasons": list(reasons)}
        case Left(reason=reason):
            return {"result": "left", "reason": reason}
