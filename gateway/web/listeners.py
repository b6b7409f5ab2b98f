"""The sockets: each listener speaks strict HTTP/1, and says where it is in fact bound."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from aiohttp import web

from gateway.config.address import HostPort
from gateway.config.settings import Settings
from gateway.web.app import Gateway, ops_app
from gateway.web.proxy import ProxyDoor

_STRICT: Final[Mapping[str, Any]] = {
    "keepalive_timeout": 15,
    "max_line_size": 16384,
    "max_field_size": 16384,
    "max_headers": 100,
    "auto_decompress": False,
    "lingering_time": 2,
    "access_log": None,
}
"""Long queries and tokens of real clients fit; slow heads and idle connections are cut after 15 s."""

BACKLOG: Final = 1024
DRAIN_SECONDS: Final = 8.0
"""For calls in flight; aiohttp waits its own timeout twice, for the handler and then for its task, so it gets half."""

API, PROXY, OPS = "api", "proxy", "ops"


Runner: TypeAlias = web.BaseRunner


@asynccontextmanager
async def listening(gateway: Gateway, settings: Settings) -> AsyncIterator[dict[str, HostPort]]:
    """Open every listener; yields where each is bound: `api`, `proxy`, `ops`, and the names of upstreams.

    At the end nothing new is accepted, calls in flight are finished, and the probes answer to the last.
    """
    planned = _planned(gateway, settings)
    bound: dict[str, HostPort] = {}
    try:
        for name, (address, runner) in planned.items():
            await runner.setup()
            bound[name] = await _bind(runner, name, address)
        gateway.lifecycle.serve()
        yield bound
    finally:
        gateway.lifecycle.drain()
        doors = [runner for name, (_, runner) in planned.items() if name not in {API, OPS}]
        await asyncio.gather(*(runner.cleanup() for runner in doors))
        await asyncio.gather(*(planned[name][1].cleanup() for name in (API, OPS) if name in planned))


def _planned(gateway: Gateway, settings: Settings) -> dict[str, tuple[HostPort, Runner]]:
    listen = settings.listen
    planned: dict[str, tuple[HostPort, Runner]] = {
        API: (listen.api, _app_runner(gateway.api)),
        PROXY: (listen.proxy, _door_runner(gateway.shared_door)),
    }
    if listen.ops is not None:
        planned[OPS] = (listen.ops, _app_runner(ops_app(gateway.api)))
    for name, upstream in settings.upstreams.items():
        if upstream.listen is not None:
            planned[name] = (upstream.listen, _door_runner(gateway.doors[name]))
    return planned


def _door_runner(door: ProxyDoor) -> Runner:
    """A client that hangs up must not stop a create, so its handler is never cancelled."""
    server = web.Server(door.serve, handler_cancellation=False, **_STRICT)
    return web.ServerRunner(server, shutdown_timeout=DRAIN_SECONDS / 2)


def _app_runner(app: web.Application) -> Runner:
    return web.AppRunner(app, shutdown_timeout=DRAIN_SECONDS / 2, handler_cancellation=False, **_STRICT)


async def _bind(runner: Runner, name: str, address: HostPort) -> HostPort:
    site = web.TCPSite(runner, address.host, address.port, backlog=BACKLOG)
    try:
        await site.start()
    except OSError as error:
        where = f"the {name} listener cannot have {address}"
        raise OSError(error.errno, f"{where}: {os.strerror(error.errno or errno.EINVAL)}") from error
    host, port = runner.addresses[-1][:2]
    return HostPort(host, port)
