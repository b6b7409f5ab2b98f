"""Goes on with calls that nobody waits for any more, until it is known what became of them and that is on disk."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gateway.domain.delivery import Delivery, Failed, FailureKind, Reconciled
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.domain.verdict import Evidence
from gateway.outbox.waiting import UNHEARD, Waits
from gateway.pipeline.carry import concluded
from gateway.pipeline.earlier import Pending
from gateway.pipeline.ports import Ports
from gateway.pipeline.stored import LostLease, Wait

STORE_PAUSE_SECONDS: Final = 5.0
NAMING_SECONDS: Final = 60.0


@dataclass(slots=True)
class Settler:
    """Implements the pipeline's `Settler` port, as long as the process lives; `ports` is told once it is tied."""

    store_pause: float = STORE_PAUSE_SECONDS
    told: Waits = UNHEARD
    tasks: set[asyncio.Task[object]] = field(default_factory=set)
    _ports: Ports | None = None

    def tie(self, ports: Ports) -> None:
        """What it needs from outside."""
        self._ports = ports

    @property
    def ports(self) -> Ports:
        """What it needs from outside; a settler works once it is tied."""
        if self._ports is None:
            raise AssertionError("the settler was not tied to its ports")
        return self._ports

    def settle_later(self, pending: Pending, told: Outcome | None = None) -> None:
        """Ask in the background, with the login the call came with, kept in memory only.

        What never left, and may be delivered later, is queued; what may not ends without a ticket. What its caller was
        `told`, and the store could not take, is written first: only then is its repeat recognised.
        """
        self._begin(self._settle(pending, told))

    def name_later(self, pending: Pending) -> None:
        """Look for the ticket for a minute, with whatever login the call had; the sweep looks once more later."""
        self._begin(self._name(pending))

    def write_later(self, pending: Pending, outcome: Outcome) -> None:
        """Write an end down that the store could not take, as soon as it can."""
        journal = self.ports.journal
        closing = lambda: journal.close(pending.forward, outcome, pending.epoch)  # noqa: E731
        self._begin(self.until_written(pending, closing))

    async def close(self) -> None:
        """Stop asking; the rows stay open on disk."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _settle(self, pending: Pending, told: Outcome | None) -> None:
        journal = self.ports.journal
        if told is not None:
            leaving = lambda: journal.close(  # noqa: E731
                pending.forward, told, pending.epoch, pending.evidence, pending.absent_from
            )
            if not await self.until_written(pending, leaving):
                return
        delivery = await self._known(pending)
        if delivery is None:
            return
        outcome = concluded(pending.forward, delivery, self.ports)
        if isinstance(delivery, Failed) and pending.forward.later:
            await self._queue(pending)
            return
        if await self.until_written(pending, lambda: journal.settle(pending.forward, outcome, pending.epoch)):
            self.ports.telling.settled(replace(outcome, attempts=()))

    async def _name(self, pending: Pending) -> None:
        courier, call_id = self.ports.couriers[pending.forward.call.upstream], pending.forward.call.id
        asked = replace(pending, evidence=Evidence.OVER, absent_from=self.ports.clock())
        found = await courier.settle(asked, time.monotonic() + NAMING_SECONDS)
        if isinstance(found, Reconciled):
            await self.until_written(pending, lambda: self.ports.journal.name(call_id, found.ticket))

    async def _known(self, pending: Pending) -> Delivery | None:
        """What became of it; None where nothing in it can be searched for."""
        if pending.evidence is None:
            return Failed(pending.attempts, FailureKind.UNREACHABLE, "the call had not left when its process ended")
        return await self.ports.couriers[pending.forward.call.upstream].settle(pending)

    async def _queue(self, pending: Pending) -> None:
        """It was accepted, and certainly not made: it is delivered yet."""
        wait = Wait(self.ports.clock() + self.ports.first_wait_seconds, pending.forward.rank, pending.attempts)
        outbox = self.ports.outbox
        if await self.until_written(pending, lambda: outbox.queue(pending.forward, wait, pending.epoch)):
            self.told.queued(pending.forward.call, wait.next_try_at)

    async def until_written(self, pending: Pending, write: Callable[[], Awaitable[object]]) -> bool:
        """A call is settled when that is on disk; a store that is down, or full, is tried until it is not.

        False where the row is in other hands by now.
        """
        while True:
            try:
                if await write() is None:
                    return True
            except LostLease:
                return False
            except StoreUnavailable as error:
                self.ports.telling.store_failed(pending.forward.call, error)
            await asyncio.sleep(self.store_pause)
