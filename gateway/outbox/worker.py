"""Delivers what waits in the outbox: paced, the most urgent first, and gently to an upstream that is just back."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from gateway.domain.delivery import Attempt, Delivery, Failed
from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.outbox.settler import Settler
from gateway.outbox.waiting import UNHEARD, Waits
from gateway.pipeline.carry import concluded, in_doubt, may_pass
from gateway.pipeline.earlier import Pending
from gateway.pipeline.ports import Ports

AT_ONCE: Final = 4
"""So many queued calls are on their way to one upstream at a time."""
JITTER_SHARE: Final = 0.2
IDLE_SECONDS: Final = 1.0


@frozen
class Schedule:
    """When a queued call is tried again, in seconds after each try; the last one stays. Older than that, it is dead."""

    waits: tuple[float, ...] = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
    max_age_seconds: float = 72 * 3600.0

    def wait(self, tries: int, luck: float) -> float:
        """Seconds until the next try after so many; shortened by at most a fifth, so that not all come back in step."""
        return self.waits[min(tries, len(self.waits) - 1)] * (1 - JITTER_SHARE * luck)


class Waiting(Protocol):
    """The outbox as its worker needs it; each method returns when it is on disk and raises StoreUnavailable."""

    async def due(self, limit: int = 20, apart: frozenset[str] = frozenset()) -> tuple[Pending, ...]:
        """Take what is to be tried by now."""
        ...

    async def hasten(self, upstream: str) -> int:
        """Let everything that waits for an upstream be tried now."""
        ...

    async def reschedule(
        self, call_id: str, next_try_at: float, epoch: int, attempts: tuple[Attempt, ...] = ()
    ) -> None:
        """Try it again later."""
        ...

    async def bury(self, call_id: str, reason: str, epoch: int) -> None:
        """Give it up as a dead letter."""
        ...


@dataclass(slots=True)
class Line:
    """One upstream as the worker knows it; while it fails, one call at a time finds out whether it still does."""

    total_seconds: float
    busy: int = 0
    failures: int = 0
    rests_until: float = 0.0

    def takes_more(self, now: float) -> bool:
        """Whether another call may go out; `now` on the monotonic clock."""
        return now >= self.rests_until and self.busy < (1 if self.failures else AT_ONCE)


@dataclass(slots=True)
class Worker:
    """Runs as long as the process serves; `totals` are the upstreams' deadlines in seconds."""

    waiting: Waiting
    ports: Ports
    settler: Settler
    totals: Mapping[str, float]
    schedule: Schedule = field(default_factory=Schedule)
    told: Waits = UNHEARD
    luck: Callable[[], float] = random.random
    idle_seconds: float = IDLE_SECONDS
    lines: dict[str, Line] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    freed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Deliver what is due until cancelled; what is on its way then is found again by the next process."""
        self.lines = {name: Line(seconds) for name, seconds in self.totals.items()}
        try:
            while True:
                self.freed.clear()
                if not await self._begin_due():
                    await self._rest()
        finally:
            for task in self.tasks:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _rest(self) -> None:
        """Until a line is free again, or something may have become due."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.idle_seconds):
                await self.freed.wait()

    async def _begin_due(self) -> int:
        """Start what may go out now; how many calls that were."""
        now = time.monotonic()
        apart = frozenset(name for name, line in self.lines.items() if not line.takes_more(now))
        if len(apart) == len(self.lines):
            return 0
        try:
            taken = await self.waiting.due(1, apart)
        except StoreUnavailable:
            return 0
        for pending in taken:
            self.lines[pending.forward.call.upstream].busy += 1
            task = asyncio.get_running_loop().create_task(self._deliver(pending))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return len(taken)

    async def _deliver(self, pending: Pending) -> None:
        line = self.lines[pending.forward.call.upstream]
        try:
            await self._try(_once(pending, time.monotonic() + line.total_seconds), line)
        finally:
            line.busy -= 1
            self.freed.set()

    async def _try(self, pending: Pending, line: Line) -> None:
        call = pending.forward.call
        if self.ports.clock() - call.received_at > self.schedule.max_age_seconds:
            hours = self.schedule.max_age_seconds / 3600
            await self._bury(pending, f"not delivered within {hours:g} hours")
            return
        try:
            delivery = await self.ports.couriers[call.upstream].resume(pending)
        except StoreUnavailable as error:
            self.ports.telling.store_failed(call, error)
            await self._again(pending, ())
            return
        await self._learn(line, call.upstream, failing=may_pass(pending.forward, delivery), delivery=delivery)
        await self._end(pending, delivery)

    async def _end(self, pending: Pending, delivery: Delivery) -> None:
        outcome = concluded(pending.forward, delivery, self.ports)
        self.told.tried(outcome)
        if may_pass(pending.forward, delivery):
            await self._again(pending, delivery.attempts)
            return
        if outcome.kind is OutcomeKind.UNCONFIRMED and outcome.fenced:
            await self._ask(in_doubt(pending, delivery, outcome.ended_at))
            return
        if outcome.ticket is None and outcome.kind is not OutcomeKind.CREATED:
            await self._bury(pending, _reason(outcome))
        else:
            journal = self.ports.journal
            await self._write(pending, lambda: journal.settle(pending.forward, outcome, pending.epoch))
        self.ports.telling.settled(outcome)

    async def _learn(self, line: Line, upstream: str, *, failing: bool, delivery: Delivery) -> None:
        """An upstream that fails is left alone for a while; once it is back, everything that waits for it may go."""
        if failing:
            rest = self.schedule.wait(min(line.failures, 2), self.luck())
            held = delivery.retry_after if isinstance(delivery, Failed) and delivery.retry_after else 0.0
            line.failures += 1
            line.rests_until = time.monotonic() + max(rest, held)
        elif line.failures:
            line.failures = 0
            try:
                await self.waiting.hasten(upstream)
            except StoreUnavailable:
                line.failures = 1

    async def _again(self, pending: Pending, attempts: tuple[Attempt, ...]) -> None:
        call, at = pending.forward.call, self.ports.clock() + self.schedule.wait(pending.tries, self.luck())
        if await self._write(pending, lambda: self.waiting.reschedule(call.id, at, pending.epoch, attempts)):
            self.told.put_off(call, at)

    async def _bury(self, pending: Pending, reason: str) -> None:
        call = pending.forward.call
        if await self._write(pending, lambda: self.waiting.bury(call.id, reason, pending.epoch)):
            self.told.given_up(call, reason)

    async def _ask(self, pending: Pending) -> None:
        """It may have been made: it waits until that is known."""
        outbox, call_id = self.ports.outbox, pending.forward.call.id
        parking = lambda: outbox.park(call_id, pending.epoch, pending.evidence, pending.absent_from)  # noqa: E731
        if await self._write(pending, parking):
            self.settler.settle_later(pending)

    async def _write(self, pending: Pending, write: Callable[[], Awaitable[object]]) -> bool:
        return await self.settler.until_written(pending, write)


def _once(pending: Pending, deadline: float) -> Pending:
    """One attempt a try: the schedule is the backoff of what waits."""
    forward = pending.forward
    call = replace(forward.call, deadline=deadline, respond_async=False)
    return replace(pending, forward=replace(forward, call=call, retry=forward.retry.overridden(max_retries=0)))


def _reason(outcome: Outcome) -> str:
    if outcome.kind is OutcomeKind.UNCONFIRMED:
        return "its answer was lost, and nothing in it can be searched for: look for the ticket before you replay it"
    if outcome.answer is not None:
        return f"the upstream refused it with {outcome.answer.status}"
    return outcome.problem.detail if outcome.problem else f"it ended as {outcome.kind}"
