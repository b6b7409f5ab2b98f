"""The world of a story: clients that go on until they have an answer, before a gateway that dies and comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from fence import promises
from fence.clients import CREATE_PATHS, named, ticket
from fence.gateways import free_ports
from fence.own_stage import Life, at_work, configured, platforms
from fence.own_time import CLOCK
from fence.tally import Books

from gateway.simulator import SimulatedJira, SimulatedServiceNow

INDEX_DELAY = 10.0
SETTLED_SECONDS = 600.0
MOST_WAITS = 12
MOST_TRIES = 60
PLATFORMS = ("servicenow", "jira")
LATER = "-later"
"""What the names of the upstreams end with whose policies say `queue`."""
UPSTREAMS = (*PLATFORMS, *(platform + LATER for platform in PLATFORMS))
POLICY = "name: {0}\nupstream: {0}\nmatch: {{path: {1}}}\non_unavailable: {2}\n"
_FREE = free_ports(len(PLATFORMS) + len(UPSTREAMS))
PORTS, DOORS = dict(zip(PLATFORMS, _FREE, strict=False)), dict(zip(UPSTREAMS, _FREE[len(PLATFORMS) :], strict=True))


@dataclass(frozen=True, slots=True)
class Job:
    """What a client wants filed, and how it goes about it; one that is not persistent hangs up for good."""

    platform: str
    upstream: str
    title: str
    headers: Mapping[str, str]
    patience: float
    persistent: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a client was told; without a status it heard nothing."""

    status: int
    body: bytes = b""
    ticket: str | None = None
    call_id: str = ""

    @property
    def is_final(self) -> bool:
        """Whether a client has no reason to come again."""
        return 200 <= self.status < 500 and self.status != 429


class World:
    """Everything around the gateway, and the gateway; `broken` are promises that were seen broken in mid-story."""

    def __init__(self, folder: Path) -> None:
        self.database, self.policies, self.folder = folder / "records.db", folder / "policies", folder
        self.simulated: dict[str, Any] = {
            "servicenow": SimulatedServiceNow(clock=CLOCK.utc),
            "jira": SimulatedJira(clock=CLOCK.utc, index_delay=INDEX_DELAY),
        }
        self.jobs: list[Job] = []
        self.told: dict[str, Told] = {}
        self.broken: list[AssertionError] = []
        self.alive: set[str] = set()
        self._clients: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Open the platforms, and start a gateway without a past."""
        for records in self.folder.glob("records.db*"):
            records.unlink()
        self.stack = AsyncExitStack()
        addresses = await self.stack.enter_async_context(platforms(self.simulated, PORTS, self._witness))
        self.session = await self.stack.enter_async_context(ClientSession())
        addresses |= {name + LATER: address for name, address in addresses.items()}
        self.config_file = configured(self.folder, addresses, logs_in=True, doors=DOORS)
        await self._live()

    async def crash(self) -> None:
        """The process dies, and another one starts on what it left."""
        await self.life.die()
        await self._live()

    async def file(self, job: Job) -> None:
        """Somebody comes."""
        self.jobs.append(job)
        self._clients.append(asyncio.create_task(self._until_final(job)))
        await asyncio.sleep(0.01)

    async def ask_again(self, job: Job) -> None:
        """I6: who has an answer asks once more by the same key."""
        told = await self.post(job, ticket(job.platform, job.title))
        if told.status and told.status < 500:
            promises.i6_who_asks_again_by_the_same_key_is_answered_the_same(self.told[job.title].body, told.body)

    async def post(self, job: Job, body: Any) -> Told:
        """One request; I5 is looked at in the moment in which its answer has come."""
        url = self.life.doors[job.upstream] + CREATE_PATHS[job.platform]
        timeout = ClientTimeout(total=job.patience)
        try:
            async with self.session.post(url, json=body, headers=job.headers, timeout=timeout) as answer:
                text = await answer.read()
        except (ClientError, TimeoutError):
            return Told(0)
        if not 200 <= answer.status < 300:
            return Told(answer.status, text)
        told = Told(
            answer.status, text, named(job.platform, text), answer.headers.get("Location", "").rpartition("/")[2]
        )
        self._check(
            promises.i5_a_success_is_told_of_what_is_on_disk, told.status, told.ticket, told.call_id, self.rows()
        )
        return told

    async def calm_down(self) -> None:
        """Nothing goes wrong any more, and everybody gets an answer."""
        for one in self.simulated.values():
            one.faults.clear()
        await asyncio.gather(*self._clients)
        for _ in range(MOST_WAITS):
            await asyncio.sleep(SETTLED_SECONDS)
            if all(row.state in promises.FINAL for row in self.rows().values()):
                return

    async def end(self) -> None:
        """Close it all."""
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        await self.life.stack.aclose()
        await self.stack.aclose()

    def rows(self) -> dict[str, promises.Row]:
        """What is on disk now."""
        return promises.rows(self.database)

    def books(self) -> Books:
        """The tickets that there are."""
        return Books.of(*self.simulated.values())

    def keyed(self, *statuses: int) -> list[Job]:
        """Those who came with a key and were told one of these in the end."""
        told = {title for title, one in self.told.items() if one.status in statuses}
        return [job for job in self.jobs if job.title in told and "Idempotency-Key" in job.headers]

    async def _live(self) -> None:
        self.life: Life = await at_work(self.config_file, self.policies)
        self.alive.add(self.life.owner)

    async def _until_final(self, job: Job) -> None:
        for _ in range(MOST_TRIES if job.persistent else 1):
            told = await self.post(job, ticket(job.platform, job.title))
            if told.is_final:
                self.told[job.title] = told
                self._check(promises.nobody_is_told_of_a_failure_that_was_none, told.status, job.title, self.books())
                return
            await asyncio.sleep(5)
        assert not job.persistent, f"{job.title} never got a final answer"

    @web.middleware
    async def _witness(self, request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
        """I1 and I2 are looked at in the moment in which a create arrives."""
        for platform in PLATFORMS:
            if request.method == "POST" and request.path == CREATE_PATHS[platform]:
                self._arrived(platform, await request.read())
        return await handler(request)

    def _arrived(self, platform: str, body: bytes) -> None:
        before, (value,) = list(self.simulated[platform].ledger), promises.carried(body)
        row = next((one for one in self.rows().values() if one.correlation_value == value), None)
        self._check(promises.i1_nothing_leaves_before_its_row_is_sending, row, CLOCK.unix())
        self._check(promises.i2_nothing_is_sent_again_but_on_proof, platform, value, before, CLOCK.utc())

    def _check(self, promise: Callable[..., None], *seen: Any) -> None:
        """Within the loop a failure would reach nobody."""
        try:
            promise(*seen)
        except AssertionError as broken:
            self.broken.append(broken)


def write_policies(folder: Path) -> None:
    """One for each upstream; half of them queue."""
    folder.mkdir()
    for upstream in UPSTREAMS:
        path, unavailable = CREATE_PATHS[upstream.removesuffix(LATER)], "queue" if LATER in upstream else "fail"
        (folder / f"{upstream}.yaml").write_text(POLICY.format(upstream, path, unavailable))
