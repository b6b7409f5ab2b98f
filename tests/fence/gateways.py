"""Gateways as operators run them: processes of their own, that can be killed without a word and started again."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession
from running import ROOT, SHIPPED_POLICIES

START_SECONDS = 30.0
SECRET = "open sesame"


@dataclass(frozen=True, slots=True)
class Scaled:
    """Windows and timeouts in parts of seconds, so that a test meets in a minute what an operator meets in a month."""

    settle: float = 0.3
    late_effect: float = 2.0
    read_timeout: float = 0.8
    total: float = 5.0

    def settings(self) -> dict[str, Any]:
        """What the config file says of them."""
        return {
            "retry_policy": {"retry_delay_seconds": 0.05, "max_retry_delay_seconds": 0.3},
            "timeout": {
                "connection_timeout_seconds": 1,
                "read_timeout_seconds": self.read_timeout,
                "total_timeout_seconds": self.total,
            },
        }


@dataclass(slots=True)
class Replica:
    """One gateway process at addresses that stay its own across restarts."""

    config_file: Path
    policies: Path
    ports: Mapping[str, int]
    log: Path
    command: Sequence[str] = ()
    process: asyncio.subprocess.Process | None = None
    pid: int = 0

    def address(self, listener: str) -> str:
        """A listener's URL."""
        return f"http://127.0.0.1:{self.ports[listener]}"

    async def start(self, session: ClientSession) -> None:
        """Run `serve` until it says that it is ready."""
        command = [*self.command, sys.executable, "-m", "gateway", "serve"]
        command += ["--config", str(self.config_file), "--policies", str(self.policies)]
        environ = os.environ | {"PYTHONPATH": str(ROOT), "FENCE_PASSWORD": SECRET}
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(*command, env=environ, stdout=log, stderr=log)
        self.pid = self.process.pid
        async with asyncio.timeout(START_SECONDS):
            while not await self._is_ready(session):
                assert self.process.returncode is None, self.log.read_text()[-3000:]
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """`kill -9`: nothing is flushed, nobody is told."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """End it in order."""
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)
            await self.process.wait()
            self.process = None

    async def _is_ready(self, session: ClientSession) -> bool:
        try:
            async with session.get(f"{self.address('api')}/readyz") as response:
                return response.status == 200
        except ClientError:
            return False


@dataclass(slots=True)
class Fleet:
    """The replicas over one database, and the session that their clients share."""

    session: ClientSession
    folder: Path
    replicas: list[Replica] = field(default_factory=list)

    async def add(
        self, config: Mapping[str, Any], policies: Path = SHIPPED_POLICIES, command: Sequence[str] = ()
    ) -> Replica:
        """Start one more; `config` lacks the addresses only, `command` is what runs the program, if anything does."""
        number = len(self.replicas)
        names = ("proxy", "api", *config["upstreams"])
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        listen = {name: f"127.0.0.1:{ports[name]}" for name in ("proxy", "api")}
        upstreams = {
            name: {**upstream, "listen": f"127.0.0.1:{ports[name]}"} for name, upstream in config["upstreams"].items()
        }
        config_file = self.folder / f"config-{number}.json"
        config_file.write_text(json.dumps({**config, "listen": listen, "upstreams": upstreams}))
        replica = Replica(config_file, policies, ports, self.folder / f"gateway-{number}.log", command)
        self.replicas.append(replica)
        await replica.start(self.session)
        return replica


@asynccontextmanager
async def fleet(folder: Path) -> AsyncIterator[Fleet]:
    """No process outlives the test."""
    async with ClientSession() as session:
        running = Fleet(session, folder)
        try:
            yield running
        finally:
            for replica in running.replicas:
                await replica.kill()


def upstream(platform: str, base_url: str, scale: Scaled, **settings: Any) -> dict[str, Any]:
    """One upstream, with a login of the gateway's own: without one nothing could be settled after a crash."""
    login = {"type": "basic", "username": "gateway", "password": {"env": "FENCE_PASSWORD"}}
    windows = {"settle_seconds": scale.settle, "late_effect_seconds": scale.late_effect}
    return {"platform": platform, "base_url": base_url, "credentials": login, "reconcile": windows, **settings}


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports
