"""Keeps promises true: learns how tickets stand from calls that pass by and by asking, and tells what time broke."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final

from gateway.domain.call import Call, Operation, PlatformName
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem
from gateway.domain.sighting import Sighting
from gateway.domain.verdict import Answer
from gateway.outbox.attendance import Attendance
from gateway.outbox.moves import Glance, Moves
from gateway.outbox.second_opinion import SecondOpinion
from gateway.platforms.platform import Platform, SearchDenied
from gateway.policy.rules import Rules
from gateway.records.promises import MOST_AT_ONCE, Terms
from gateway.records.record import TicketRecord, Window
from gateway.records.records import Records
from gateway.sla.calendar import Elapsed
from gateway.telemetry.promising import Promising
from gateway.upstream.onlooker import Onlooker

MOST_WAITING: Final = 2_000
"""Answers that wait to be read; beyond them the oldest is forgotten, and polling or the next read makes it good."""

READ_AT_ONCE: Final = 50
LOOK_SECONDS: Final = 2.0
POLLED_AT_ONCE: Final = 500

FIRST_REFUSAL: Final = 300
"""HTTP's successes end before it."""

_UPSTREAM: Final = attrgetter("upstream")


@dataclass(slots=True)
class Tracker:
    """Hears of calls as the pipeline's `Telling`, and does everything else on its own time."""

    records: Records
    rules: Callable[[], Rules]
    platforms: Mapping[PlatformName, Platform]
    told: Promising
    attendance: Attendance
    opinion: SecondOpinion
    clock: Callable[[], float]
    polled: Sequence[Onlooker] = ()
    poll_seconds: float = 300.0
    look_seconds: float = LOOK_SECONDS
    lookers: Mapping[str, Onlooker] = field(default_factory=dict)
    moves: Moves = field(default_factory=Moves)
    waiting: deque[Glance] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))

    def concluded(self, outcome: Outcome) -> None:
        """Count its exchanges, and glance at its answer."""
        self.attendance.heard(outcome)
        if outcome.answer is not None:
            self.glanced(outcome.call, outcome.answer, outcome.ended_at)

    def glanced(self, call: Call, answer: Answer, at: float) -> None:
        """Keep an answer for later where it tells how a ticket stands; a read that went by unread tells nothing."""
        route = call.route
        if answer.status >= FIRST_REFUSAL or route.name not in self.platforms[call.platform].progress_routes:
            return
        if answer.body or route.operation is not Operation.READ:
            self.waiting.append(Glance(call.upstream, call.platform, route, call.body or b"", answer, at))

    def settled(self, outcome: Outcome) -> None:
        """Says of a ticket that it exists, and no more."""

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """Says nothing of a ticket."""

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """Says nothing of a ticket."""

    async def watch(self) -> None:
        """Read what waits, and let time pass, until cancelled."""
        while True:
            await asyncio.sleep(self.look_seconds)
            try:
                await self.look()
            except StoreUnavailable as error:
                self.told.not_tracked(error)

    async def poll(self) -> None:
        """Ask about tickets that nobody has seen resolved, round after round, until cancelled."""
        while self.polled:
            try:
                if await self.records.leads():
                    await self.ask_around()
            except StoreUnavailable as error:
                self.told.not_tracked(error)
            await asyncio.sleep(self.poll_seconds)

    async def look(self) -> None:
        """Take in all that waits; then tell which promises have fallen due, or will soon."""
        glances = [self.waiting.popleft() for _ in range(len(self.waiting))]
        for upstream, its in groupby(sorted(glances, key=_UPSTREAM), key=_UPSTREAM):
            await self._take_in(upstream, await self._read(upstream, list(its)))
            await self._look_after_moves(upstream)
        changes = await self.records.promises.pass_time(self.clock())
        self.told.changed(changes)
        while len(changes) >= MOST_AT_ONCE:
            changes = await self.records.promises.pass_time(self.clock())
            self.told.changed(changes)
        await self.attendance.write()

    async def _read(self, upstream: str, glances: Sequence[Glance]) -> list[Sighting]:
        """What the answers tell; most tell of tickets that nobody promised anything about, and are left unread."""
        wanted, seen = glances, list[Sighting]()
        if self.platforms[glances[0].platform].names_last:
            names = {glance.route.ticket for glance in glances if glance.route.ticket}
            promised = await self.records.promises.promised(upstream, names) if names else frozenset()
            wanted = [each for each in glances if not each.route.ticket or each.route.ticket in promised]
        for start in range(0, len(wanted), READ_AT_ONCE):
            seen += filter(None, map(self._sighted, wanted[start : start + READ_AT_ONCE]))
            await asyncio.sleep(0)  # calls on their way do not wait for all of them
        return seen

    async def ask_around(self) -> None:
        """One look at the tickets of each upstream that were not asked about for longest."""
        for upstream in self.polled:
            if upstream.is_welcome():
                tickets = await self.records.reports.unresolved(upstream.name, POLLED_AT_ONCE)
                by_resource = sorted(tickets, key=lambda each: each.resource)
                for resource, its in groupby(by_resource, key=lambda each: each.resource):
                    await self._ask(upstream, resource, list(its))
                await self.opinion.read(upstream, tickets)

    async def _ask(self, upstream: Onlooker, resource: str, tickets: Sequence[TicketRecord]) -> None:
        names, now = [ticket.ticket_id for ticket in tickets if ticket.ticket_id], self.clock()
        found = await upstream.ask(upstream.platform.watch(resource, names, upstream.base_url, now))
        self.told.polled(upstream.name, resource, found.reason if isinstance(found, SearchDenied) else "")
        if not isinstance(found, SearchDenied):
            await self._take_in(upstream.name, found.sightings)
        await self.records.promises.polled([ticket.id for ticket in tickets], now)

    async def _take_in(self, upstream: str, seen: Sequence[Sighting]) -> None:
        if seen:
            changes = await self.records.promises.see(upstream, seen, self._terms)
            self.told.changed(changes)
            if self.polled:
                self.opinion.changed(changes)

    async def _look_after_moves(self, upstream: str) -> None:
        """Ask where steps have led that nobody had listed before, as far as the tickets are ours and promised."""
        looker = self.lookers.get(upstream)
        for name, resource in self.moves.unexplained(upstream) if looker else ():
            page = await self.records.reports.tickets(Window({"upstream": upstream, "ticket": name}), 1)
            if looker and any(ticket.phase for ticket in page.items):
                found = await looker.ask(looker.platform.watch(resource, [name], looker.base_url, self.clock()))
                await self._take_in(upstream, () if isinstance(found, SearchDenied) else found.sightings)

    def _sighted(self, glance: Glance) -> Sighting | None:
        platform = self.platforms[glance.platform]
        moved = self.moves.follow(glance, platform)
        return moved or platform.sighted(glance.route, glance.sent, glance.answer, glance.at)

    def _terms(self, ticket: TicketRecord) -> Terms:
        """By the calendar that was promised, and today's pause states."""
        rules = self.rules()
        calendar = rules.calendars.get(ticket.calendar or "", Elapsed())
        policy = next((each for each in rules.policies if each.name.name == ticket.policy), None)
        pauses = policy.sla.pause_states if policy and policy.sla else None
        if pauses is None:
            pauses = self.platforms[PlatformName(ticket.platform)].pause_states(ticket.resource)
        return Terms(calendar, pauses)
