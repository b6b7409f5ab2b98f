"""A program: single creates, each with its own seed, over the whole space of faults and with the windows of real life.

`python tests/fence/seeded_runs.py 10000` prints one line of figures, all but the first 0, and each seed at fault.
"""

from fence.own_time import CLOCK, run, stand_still_for  # isort: skip  # before whatever takes a clock at import

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from fence.clients import CREATE_PATHS, named, ticket
from fence.faultspace import Space
from fence.own_stage import born, configured, platforms
from fence.tally import Books

from gateway.records.writer import Writer
from gateway.simulator import Deployment, Fault, SimulatedJira, SimulatedServiceNow
from gateway.web.app import Gateway

RUNS_PER_GATEWAY = 250
LATE = {"servicenow": 58.0, "jira": 68.0}
"""Effects come late, but inside the windows: ServiceNow cancels a transaction after 60 s."""
INDEX_DELAY = 12.0
CALM_SECONDS = 200.0
UNSAID = frozenset({"", "unconfirmed", "refused", "queued"})
"""Outcomes that say nothing about whether there is a ticket."""


@dataclass(slots=True)
class Story:
    """One run as it goes: what its client was told, one after the other."""

    seed: int
    platform: str
    title: str
    body: dict[str, Any]
    random: Random
    keyed: bool
    named: str | None = None
    final: int | None = None
    told: list[str] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Stage:
    """One gateway with its upstreams, all in this process."""

    gateway: Gateway
    doors: dict[str, str]
    simulated: dict[str, Any]
    session: ClientSession
    logs_in: bool

    async def play(self, seed: int) -> Story:
        """One create, until its client has a final answer and everything is settled."""
        random = Random(seed)
        platform = random.choice(tuple(self.simulated))
        title = f"Seed {seed}"
        story = Story(seed, platform, title, ticket(platform, title), random, keyed=random.random() < 0.5)
        plan = self.simulated[platform].faults
        plan.clear()
        plan.add(*_chosen(platform, random, denied=self.logs_in))
        await self._file(story)
        plan.clear()
        await self._calm()
        self._judge(story)
        return story

    async def _file(self, story: Story) -> None:
        """The client's own loop: it waits as long as it likes, and comes again."""
        headers = {"Idempotency-Key": story.title} if story.keyed else {}
        for _ in range(40):
            patience = story.random.choice((5.0, 20.0, 70.0, 70.0))
            status, outcome, answer = await self._post(story, headers, patience)
            story.told.append(f"{status} {outcome}")
            if 200 <= status < 500 and status != 429:
                story.final, story.named = status, named(story.platform, answer)
                return
            if outcome not in UNSAID and self._copies(story):
                story.lies.append(f"was told {status} {outcome}, and there was a ticket")
            await asyncio.sleep(story.random.choice((0.5, 5.0, 30.0)))

    async def _post(self, story: Story, headers: dict[str, str], patience: float) -> tuple[int, str, bytes]:
        url, timeout = self.doors[story.platform] + CREATE_PATHS[story.platform], ClientTimeout(total=patience)
        try:
            async with self.session.post(url, json=story.body, headers=headers, timeout=timeout) as response:
                return response.status, response.headers.get("ITSM-Outcome", ""), await response.read()
        except (TimeoutError, ClientError):
            return 0, "", b""

    async def _calm(self) -> None:
        """Until nobody asks any more, and no late effect is outstanding."""
        await asyncio.sleep(CALM_SECONDS)
        for _ in range(20):
            if not self.gateway.unwatched.settler.tasks:
                return
            await asyncio.sleep(CALM_SECONDS)

    def _judge(self, story: Story) -> None:
        copies, books = self._copies(story), Books.of(self.simulated[story.platform])
        if (
            story.final is not None
            and story.final < 400
            and (story.named is None or books.titles.get(story.named) != story.title)
        ):
            story.lies.append(f"was told of {story.named}, which is not its ticket")
        if story.final is not None and story.final >= 400 and copies:
            story.lies.append(f"was told {story.final}, and there is a ticket")

    def _copies(self, story: Story) -> int:
        return Books.of(self.simulated[story.platform]).copies()[story.title]


@dataclass(slots=True)
class Figures:
    """All but the first must be nought."""

    tickets: int = 0
    doubled: int = 0
    lost: int = 0
    lied_to: int = 0
    at_fault: list[str] = field(default_factory=list)

    def add(self, story: Story, copies: int) -> None:
        """Count one run."""
        lost = copies == 0 and (story.final is None or story.final < 400)
        self.tickets += copies
        self.doubled += max(copies - 1, 0)
        self.lost += lost
        self.lied_to += bool(story.lies)
        if copies > 1 or lost or story.lies:
            who = f"{story.platform}, {'keyed' if story.keyed else 'keyless'}"
            self.at_fault.append(f"seed {story.seed} on {who}: {copies} tickets; {story.told} {story.lies}")


def _chosen(platform: str, random: Random, *, denied: bool) -> Sequence[Fault]:
    """Up to four things that go wrong, one after the other, with creates and with searches."""
    late, slow = random.uniform(1.0, LATE[platform]), random.uniform(0.1, 45.0)
    space = Space(platform, late, slow, retry_after=2, denied=denied)
    creates, searches = space.of_creates(), space.of_searches()
    chosen = [random.choice(creates) for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3)))]
    chosen += [random.choice(searches) for _ in range(random.choice((0, 0, 1, 2)))]
    return [fault.after(random.uniform(0.0, 20.0)) if random.random() < 0.1 else fault for fault in chosen]


@asynccontextmanager
async def staged(folder: Path, first_seed: int) -> AsyncIterator[Stage]:
    """A gateway with the specification's own delays and windows; every second one has a login of its own."""
    number = first_seed // RUNS_PER_GATEWAY
    deployment = Deployment.CLOUD if number // 2 % 2 else Deployment.DATA_CENTER
    logs_in = bool(number % 2)
    simulated: dict[str, Any] = {
        "servicenow": SimulatedServiceNow(clock=CLOCK.utc),
        "jira": SimulatedJira(clock=CLOCK.utc, index_delay=INDEX_DELAY, deployment=deployment),
    }
    place = folder / str(first_seed)
    place.mkdir()
    async with platforms(simulated, {}) as addresses, ClientSession() as session:
        life = await born(configured(place, addresses, logs_in=logs_in))
        try:
            yield Stage(life.gateway, life.doors, simulated, session, logs_in)
        finally:
            await life.stack.aclose()


async def played(first: int, count: int, folder: Path) -> Figures:
    """So many runs, some hundred on each gateway."""
    figures = Figures()
    for start in range(first, first + count, RUNS_PER_GATEWAY):
        async with staged(folder, start) as stage:
            for seed in range(start, min(start + RUNS_PER_GATEWAY, first + count)):
                story = await stage.play(seed)
                figures.add(story, stage._copies(story))
    return figures


def main(runs: int, first: int = 1) -> int:
    """Print the line; 1 where a figure is not nought."""
    stand_still_for(Writer)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        figures = run(played(first, runs, Path(folder)))
    shown = f"tickets {figures.tickets}, doubled {figures.doubled}, lost {figures.lost}, lied to {figures.lied_to}"
    print(f"{runs:,} runs over {CLOCK.passed / 3600:,.0f} hours: {shown}")
    print("\n".join(figures.at_fault))
    return 1 if figures.at_fault else 0


if __name__ == "__main__":
    raise SystemExit(main(*(int(argument) for argument in sys.argv[1:])))
