"""A program: upstreams are down for five minutes, the gateway is restarted twice, and creates go on coming.

`python tests/fence/outage.py 20` files 20 a second and prints the figures as JSON. Time is the process's own.
"""

from fence.own_time import CLOCK, run, stand_still_for  # isort: skip  # before whatever takes a clock at import

import asyncio
import json
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession
from aiohttp.test_utils import TestServer
from fence.clients import CREATE_PATHS, ticket
from fence.gateways import free_ports
from fence.tally import Books

from gateway.records.writer import Writer
from gateway.simulator import CREATES, SimulatedJira, SimulatedServiceNow, refused
from gateway.telemetry.log import Log
from gateway.web.serve import running

OUTAGE_SECONDS = 300
RESTARTS = (100, 200)
PATIENCE_SECONDS = 2 * 3600
ENVIRON = {"TOKEN": "open-sesame"}
POLICY = "name: {0}\nplatform: {0}\nmatch: {{path: {1}}}\non_unavailable: queue\n"


@dataclass(slots=True)
class Scene:
    """ServiceNow cannot be reached, Jira answers 503, and who files a ticket is accepted all the same."""

    folder: Path
    session: ClientSession
    simulated: dict[str, Any]
    ports: dict[str, int]
    servers: dict[str, TestServer] = field(default_factory=dict)
    doors: dict[str, str] = field(default_factory=dict)
    accepted: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    async def play(self, each_second: int) -> dict[str, Any]:
        """The five minutes, and what comes after."""
        await self.open("jira")
        self.simulated["jira"].faults.every(1, refused(503).on(CREATES))
        filing = []
        gateway = AsyncExitStack()
        await gateway.enter_async_context(self._gateway())
        for second in range(OUTAGE_SECONDS):
            if second in RESTARTS:
                await gateway.aclose()
                await gateway.enter_async_context(self._gateway())
            filing += [asyncio.create_task(self._file(second * each_second + one)) for one in range(each_second)]
            await asyncio.sleep(1)
        before = {name: len(one.ledger.creates()) for name, one in self.simulated.items()}
        self.simulated["jira"].faults.clear()
        await self.open("servicenow")
        back = CLOCK.passed
        await asyncio.gather(*filing)
        await self._all_delivered()
        recovered = CLOCK.passed - back
        await gateway.aclose()
        return self._figures(before, recovered, each_second)

    async def open(self, name: str) -> None:
        """From now on this platform can be reached."""
        self.servers[name] = TestServer(self.simulated[name].app(), port=self.ports[name])
        await self.servers[name].start_server()

    @asynccontextmanager
    async def _gateway(self) -> AsyncIterator[None]:
        log = Log("critical", StringIO())
        async with running(self.folder / "config.json", self.folder / "policies", ENVIRON, log) as started:
            self.doors = {name: f"http://127.0.0.1:{started.bound[name].port}" for name in self.simulated}
            yield
        log.close()

    async def _file(self, number: int) -> None:
        platform = tuple(self.simulated)[number % 2]
        title, status = f"Job {number}", 0
        while status not in {201, 202}:
            with suppress(ClientError):
                url, headers = self.doors[platform] + CREATE_PATHS[platform], {"Idempotency-Key": title}
                async with self.session.post(url, json=ticket(platform, title), headers=headers) as response:
                    status = response.status
                    await response.read()
                    self.answers[str(status)] = self.answers.get(str(status), 0) + 1
            await asyncio.sleep(0.1)
        self.accepted.append(title)

    async def _all_delivered(self) -> None:
        begun = CLOCK.passed
        while len(self._titles()) < len(self.accepted) and CLOCK.passed < begun + PATIENCE_SECONDS:  # noqa: ASYNC110
            await asyncio.sleep(5)

    def _titles(self) -> list[str]:
        return list(Books.of(*self.simulated.values()).titles.values())

    def _figures(self, before: Mapping[str, int], recovered: float, each_second: int) -> dict[str, Any]:
        titles = self._titles()
        sent = sum(len(one.ledger.creates()) - before[name] for name, one in self.simulated.items())
        return {
            "accepted": len(self.accepted),
            "answers": self.answers,
            "tickets": len(titles),
            "doubled": len(titles) - len(set(titles)),
            "lost": len(set(self.accepted) - set(titles)),
            "attempts_per_ticket": round(sent / len(titles), 3),
            "out_of_order": max(_displaced(one.tickets(), each_second) for one in self.simulated.values()),
            "recovered_in_seconds": round(recovered),
        }


def _displaced(tickets: list[dict[str, Any]], each_second: int) -> int:
    """By how many places a ticket came before one of an older second, or after one of a younger, at most."""
    seconds = [int(str(_title(ticket)).removeprefix("Job ")) // each_second for ticket in tickets]
    in_order = sorted(seconds)
    return max(
        max(bisect_left(in_order, second) - place, place - bisect_right(in_order, second) + 1)
        for place, second in enumerate(seconds)
    )


def _title(ticket: Mapping[str, Any]) -> object:
    return ticket["short_description"] if "short_description" in ticket else ticket["fields"]["summary"]


async def played(each_second: int, folder: Path) -> dict[str, Any]:
    """The scene on a stage of its own."""
    simulated = {"servicenow": SimulatedServiceNow(clock=CLOCK.utc), "jira": SimulatedJira(clock=CLOCK.utc)}
    ports = dict(zip(simulated, free_ports(2), strict=True))
    _write_configuration(folder, ports)
    async with ClientSession() as session:
        scene = Scene(folder, session, simulated, ports)
        try:
            return await scene.play(each_second)
        finally:
            await asyncio.gather(*(server.close() for server in scene.servers.values()))


def _write_configuration(folder: Path, ports: Mapping[str, int]) -> None:
    (folder / "policies").mkdir()
    login = {"type": "bearer", "token": {"env": "TOKEN"}}
    upstreams = {
        name: {
            "platform": name,
            "base_url": f"http://127.0.0.1:{port}",
            "listen": "127.0.0.1:0",
            "credentials": login,
        }
        for name, port in ports.items()
    }
    for name in ports:
        (folder / "policies" / f"{name}.yaml").write_text(POLICY.format(name, CREATE_PATHS[name]))
    store = {"url": f"sqlite+aiosqlite:///{folder / 'records.db'}"}
    listen = {"proxy": "127.0.0.1:0", "api": "127.0.0.1:0"}
    (folder / "config.json").write_text(json.dumps({"listen": listen, "upstreams": upstreams, "store": store}))


if __name__ == "__main__":
    stand_still_for(Writer)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:
        print(json.dumps(run(played(int(sys.argv[1]), Path(place)))))
