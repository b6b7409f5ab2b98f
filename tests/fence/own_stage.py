"""A whole gateway and its platforms in a process with a time of its own; the gateway can die and come back."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Middleware
from fence.own_time import OWNER, Belongings
from running import SHIPPED_POLICIES

from gateway.config.load import Loaded, load
from gateway.telemetry.log import Log
from gateway.web.app import Gateway, wired
from gateway.web.lines import Surroundings
from gateway.web.listeners import listening
from gateway.web.serve import running

ENVIRON = {"TOKEN": "open-sesame"}
LOGIN = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}


@dataclass(slots=True)
class Life:
    """One life of a gateway: `doors` are the addresses of its upstreams."""

    gateway: Gateway
    doors: dict[str, str]
    stack: AsyncExitStack
    belongings: Belongings = field(default_factory=Belongings)

    @property
    def owner(self) -> str:
        """Its name in the records."""
        return self.gateway.records.journal.owner

    async def die(self) -> None:
        """As `kill -9`: its connections break, nothing more is written, and nobody goes on with anything."""
        self.belongings.kill()
        await self.gateway.records._opened.aclose()  # from its first moment on it takes nothing more
        await self.stack.aclose()


@asynccontextmanager
async def platforms(
    simulated: Mapping[str, Any], ports: Mapping[str, int], *witnesses: Middleware
) -> AsyncIterator[dict[str, str]]:
    """Where they can be reached; `witnesses` see every request as it arrives."""
    async with AsyncExitStack() as stack:
        addresses = {}
        for name, one in simulated.items():
            app = one.app()
            app.middlewares.extend(witnesses)
            server = TestServer(app, port=ports.get(name))
            await server.start_server()
            stack.push_async_callback(server.close)
            addresses[name] = f"http://127.0.0.1:{server.port}"
        yield addresses


def configured(
    folder: Path, addresses: Mapping[str, str], *, logs_in: bool, doors: Mapping[str, int] = MappingProxyType({})
) -> Path:
    """A config file that leaves all delays and windows at what the specification says; any ports but for `doors`."""
    login = LOGIN if logs_in else {}
    upstreams = {
        name: {
            "platform": name.partition("-")[0],
            "base_url": address,
            "listen": f"127.0.0.1:{doors.get(name, 0)}",
            **login,
        }
        for name, address in addresses.items()
    }
    listen = {"proxy": "127.0.0.1:0", "api": "127.0.0.1:0"}
    store = {"url": f"sqlite+aiosqlite:///{folder / 'records.db'}"}
    config_file = folder / "config.json"
    config_file.write_text(json.dumps({"listen": listen, "upstreams": upstreams, "store": store}))
    return config_file


async def born(config_file: Path) -> Life:
    """A gateway over the records that are there."""
    loaded, stack = _loaded(config_file), AsyncExitStack()
    log = Log("critical", StringIO())
    stack.callback(log.close)
    gateway = await stack.enter_async_context(wired(Surroundings(loaded.settings, lambda: loaded.rules, ENVIRON, log)))
    bound = await stack.enter_async_context(listening(gateway, loaded.settings))
    doors = {name: f"http://127.0.0.1:{bound[name].port}" for name in loaded.settings.upstreams}
    return Life(gateway, doors, stack)


async def at_work(config_file: Path, policies: Path) -> Life:
    """A whole process as `serve` runs it, with all the work that nobody waits for; this one can die."""
    belongings, stack = Belongings(), AsyncExitStack()
    log = Log("critical", StringIO())
    stack.callback(log.close)
    whose = OWNER.set(belongings)
    try:
        started = await stack.enter_async_context(running(config_file, policies, ENVIRON, log))
    finally:
        OWNER.reset(whose)
    doors = {name: f"http://127.0.0.1:{address.port}" for name, address in started.bound.items()}
    return Life(started.gateway, doors, stack, belongings)


@cache
def _loaded(config_file: Path) -> Loaded:
    """Compiled once for all lives."""
    return load(config_file, SHIPPED_POLICIES, ENVIRON)
