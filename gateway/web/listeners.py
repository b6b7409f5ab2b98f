"""The sockets: each listener speaks strict HTTP/1, and says where it is in fact bound."""

import asyncio
import errno
import logging
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias

from aiohttp import web

from gateway.config.address import HostPort
from gateway.config.certificate import Certificate
from gateway.config.settings import Settings
from gateway.config.tls_settings import TlsSettings
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem
from gateway.pipeline.ports import Ports
from gateway.web.app import Gateway, ops_app
from gateway.web.connection import Refused
from gateway.web.keys import PORTS
from gateway.web.proxy import ProxyDoor
from gateway.web.site import Bounds, Site

_log = logging.getLogger(__name__)

DRAIN_SECONDS: Final = 8.0
"""For calls in flight; aiohttp waits its own timeout twice, for the handler and then for its task, so it gets half."""

API, PROXY, OPS = "api", "proxy", "ops"


Runner: TypeAlias = web.BaseRunner


@frozen
class _Planned:
    """A listener that is to be: where, and what answers there."""

    address: HostPort
    runner: Runner
    tls: TlsSettings | None = None


@asynccontextmanager
async def listening(gateway: Gateway, settings: Settings) -> AsyncIterator[dict[str, HostPort]]:
    """Open every listener; yields where each is bound: `api`, `proxy`, `ops`, and the names of upstreams.

    At the end nothing new is accepted, calls in flight are finished, and the probes answer to the last.
    """
    planned = _planned(gateway, settings)
    bounds = Bounds(settings.limits.max_connections, _refused(gateway.api[PORTS]))
    bound: dict[str, HostPort] = {}
    async with AsyncExitStack() as following:
        try:
            for name, each in planned.items():
                await each.runner.setup()
                bound[name] = await _bind(name, each, bounds, await _followed(each.tls, following))
            gateway.lifecycle.serve()
            yield bound
        finally:
            gateway.lifecycle.drain()
            doors = [each.runner for name, each in planned.items() if name not in {API, OPS}]
            await asyncio.gather(*(runner.cleanup() for runner in doors))
            await asyncio.gather(*(planned[name].runner.cleanup() for name in (API, OPS) if name in planned))


def _refused(ports: Ports) -> Refused:
    def told(problem: Problem) -> str:
        call_id = ports.new_id()
        ports.telling.refused_at_the_door(problem, call_id)
        return call_id

    return told


def _planned(gateway: Gateway, settings: Settings) -> dict[str, _Planned]:
    listen = settings.listen
    planned = {
        API: _Planned(listen.api, _app_runner(gateway.api), listen.tls),
        PROXY: _Planned(listen.proxy, _door_runner(gateway.shared_door), listen.tls),
    }
    if listen.ops is not None:
        planned[OPS] = _Planned(listen.ops, _app_runner(ops_app(gateway.api)))
    for name, upstream in settings.upstreams.items():
        if upstream.listen is not None:
            planned[name] = _Planned(upstream.listen, _door_runner(gateway.doors[name]), upstream.tls)
    return planned


def _door_runner(door: ProxyDoor) -> Runner:
    """A client that hangs up must not stop a create, so its handler is never cancelled."""
    server = web.Server(door.serve, handler_cancellation=False)
    return web.ServerRunner(server, shutdown_timeout=DRAIN_SECONDS / 2)


def _app_runner(app: web.Application) -> Runner:
    return web.AppRunner(app, shutdown_timeout=DRAIN_SECONDS / 2, handler_cancellation=False)


async def _followed(tls: TlsSettings | None, following: AsyncExitStack) -> ssl.SSLContext | None:
    """The context of a listener's certificate, which is renewed while the process lives; open connections stay."""
    if tls is None:
        return None
    certificate = Certificate(Path(tls.certificate), Path(tls.key))

    def told(wrong: str | None) -> None:
        if wrong:
            _log.error("certificate not renewed: %s", wrong)
        else:
            _log.info("certificate renewed: %s", tls.certificate)

    task = asyncio.create_task(certificate.follow(told))
    following.callback(task.cancel)
    return certificate.context


async def _bind(name: str, planned: _Planned, bounds: Bounds, tls: ssl.SSLContext | None) -> HostPort:
    site = Site(planned.runner, planned.address, bounds, tls)
    try:
        await site.start()
    except OSError as error:
        where = f"the {name} listener cannot have {planned.address}"
        raise OSError(error.errno, f"{where}: {os.strerror(error.errno or errno.EINVAL)}") from error
    return site.bound
