"""A whole gateway and its platforms in a process with a time of its own; the gateway can die and come back."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer
from running import SHIPPED_POLICIES

from gateway.config.load import Loaded, load
from gateway.telemetry.log import Log
from gateway.web.app import Gateway, wired
from gateway.web.lines import Surroundings
from gateway.web.listeners import listening

ENVIRON = {"TOKEN": "open-sesame"}
LOGIN = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}


@dataclass(slots=True)
class Life:
    """One life of a gateway: `doors` are the addresses of its upstreams."""

    gateway: Gateway
    doors: dict[str, str]
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def die(self) -> None:
        """What it had not written is gone, and nobody says farewell."""
        await self.gateway.records._opened.aclose()
        await self.stack.aclose()


@asynccontextmanager
async def platforms(simulated: Mapping[str, Any], ports: Mapping[str, int]) -> AsyncIterator[dict[str, str]]:
    """Where they can be reached."""
    async with AsyncExitStack() as stack:
        addresses = {}
        for name, one in simulated.items():
            server = TestServer(one.app(), port=ports.get(name))
            await server.start_server()
            stack.push_async_callback(server.close)
            addresses[name] = f"http://127.0.0.1:{server.port}"
        yield addresses


def configured(folder: Path, addresses: Mapping[str, str], *, logs_in: bool) -> Path:
    """A config file that leaves all delays and windows at what the specification says."""
    login = LOGIN if logs_in else {}
    upstreams = {
        name: {"platform": name, "base_url": address, "listen": "127.0.0.1:0", **login}
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


@cache
def _loaded(config_file: Path) -> Loaded:
    """Compiled once for all lives."""
    return load(config_file, SHIPPED_POLICIES, ENVIRON)
