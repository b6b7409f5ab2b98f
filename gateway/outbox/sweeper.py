"""Compares the journal with the platforms, long after the callers were answered: the proof that the fence held.

Every create that was sent is looked at again some minutes after it came, then after an hour, and a last time: an effect
that comes later than the fence waits for, a ticket that somebody deletes.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.outbox.comparison import Look, look_at
from gateway.outbox.disagreement import disagreement
from gateway.records.creates import SentCreate
from gateway.records.findings import Finding
from gateway.records.record import Position
from gateway.records.records import Records
from gateway.telemetry.sweeping import Sweeping
from gateway.upstream.onlooker import Onlooker

PAGE: Final = 100
PAUSE_SECONDS: Final = 0.5
"""Between two pages, so that a long way back is gone gently."""


@frozen
class SweepPlan:
    """When a create is looked at, in seconds after it came; at the start everything in reach is looked at once."""

    every_seconds: float = 300.0
    looks_after: tuple[float, ...] = (300.0, 3600.0)
    reach_seconds: float = 86_400.0
    pause_seconds: float = PAUSE_SECONDS

    @property
    def looks(self) -> tuple[float, ...]:
        """The last look comes before a create is out of reach."""
        return (*sorted(each for each in self.looks_after if each < self.reach_seconds), self.reach_seconds)


@dataclass(slots=True)
class Sweeper:
    """Runs as long as the process serves, one conversation after the other."""

    records: Records
    upstreams: Sequence[Onlooker]
    told: Sweeping
    clock: Callable[[], float]
    plan: SweepPlan = field(default_factory=SweepPlan)
    reached: dict[tuple[str, float], Position] = field(default_factory=dict)

    async def run(self) -> None:
        """Round after round until cancelled."""
        if not self.upstreams:
            return
        while True:
            await self.round()
            await asyncio.sleep(self.plan.every_seconds)

    async def round(self) -> None:
        """Look at every create that is due for a look."""
        self._begin()
        try:
            if await self.records.leads():
                for upstream in self.upstreams:
                    for seconds in self.plan.looks:
                        await self._look(upstream, seconds)
        except StoreUnavailable as error:
            self.told.sweep_failed(error)

    def _begin(self) -> None:
        """The first look catches up with all that is in reach: nobody knows what was looked at before."""
        now, first = self.clock(), self.plan.looks[0]
        for upstream in self.upstreams:
            for seconds in self.plan.looks:
                back = self.plan.reach_seconds if seconds == first else seconds
                self.reached.setdefault((upstream.name, seconds), Position(now - back, ""))

    async def _look(self, upstream: Onlooker, seconds: float) -> None:
        place, until = (upstream.name, seconds), self.clock() - seconds
        while upstream.is_welcome():
            page = await self.records.reports.sent_creates(upstream.name, self.reached[place], until, PAGE)
            if not page or not await self._compare(upstream, page):
                return
            self.reached[place] = page[-1].position
            if len(page) < PAGE:
                return
            await asyncio.sleep(self.plan.pause_seconds)

    async def _compare(self, upstream: Onlooker, page: Sequence[SentCreate]) -> bool:
        """Whether anything could be seen; what could not be for good is left to the next look."""
        look = await look_at(upstream, page)
        self.told.looked(upstream.name, look.denied)
        for create in page:
            if create.made and create.ticket is None and (ticket := look.only(create.value)):
                await self.records.journal.name(create.call_id, ticket)
        for finding in self._findings(upstream, page, look):
            if await self.records.desk.found(finding):
                facts = {"id": finding.id, "call_id": finding.call_id, "tickets": finding.tickets}
                self.told.found(finding.kind.value, upstream.platform.name, upstream=upstream.name, **facts)
        return not look.was_blind

    def _findings(self, upstream: Onlooker, page: Sequence[SentCreate], look: Look) -> list[Finding]:
        seen, at, platform = look.seen(), self.clock(), upstream.platform.name.value
        judged = ((create, disagreement(create, seen)) for create in page)
        return [
            Finding(each.kind, platform, upstream.name, each.tickets, create.call_id, at, each.note)
            for create, each in judged
            if each is not None
        ]
