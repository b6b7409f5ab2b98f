"""Goes on asking, after its caller was told `unconfirmed`, what became of a call. It never sends anything."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.delivery import Delivery, Failed, Reconciled
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.pipeline.conclude import conclude
from gateway.pipeline.decision import Forward
from gateway.pipeline.ports import Clock, Journal, Telling
from gateway.platforms.platform import Absent, Found
from gateway.upstream.doubt import CreateDoubt, Doubt, Loss, UpdateDoubt
from gateway.upstream.errand import Errand, Line, never_made
from gateway.upstream.reconcile import Reconciler

STORE_PAUSE_SECONDS: Final = 5.0


@dataclass(slots=True)
class Settler:
    """Implements the pipeline's `Settler` port, as long as the process lives."""

    lines: Mapping[str, Line]
    journal: Journal
    telling: Telling
    clock: Clock
    store_pause: float = STORE_PAUSE_SECONDS
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def settle_later(self, forward: Forward, delivery: Delivery) -> None:
        """Ask in the background, with the login the call came with, kept in memory only."""
        if not isinstance(delivery, Failed) or delivery.absent_from is None or delivery.evidence is None:
            return
        loss = Loss(delivery.evidence, delivery.absent_from)
        task = asyncio.get_running_loop().create_task(self._settle(forward, delivery, loss))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def close(self) -> None:
        """Stop asking; the rows stay open on disk."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _settle(self, forward: Forward, failed: Failed, loss: Loss) -> None:
        errand = Errand(self.lines[forward.call.upstream], forward)
        searches = Reconciler(errand.line, errand.login())
        settled = await searches.reconcile(_doubt(errand), loss, lambda: math.inf)
        events = failed.events + tuple(searches.events)
        match settled:
            case Found(ticket=ticket, answer=answer):
                delivery: Delivery = Reconciled(failed.attempts, answer, ticket, events=events)
            case Absent():
                delivery = never_made(failed.attempts, events)
            case _:
                return
        outcome = conclude(forward, delivery, errand.line.upstream.platform, ended_at=self.clock())
        await self._write_down(forward, outcome)
        self.telling.settled(outcome)

    async def _write_down(self, forward: Forward, outcome: Outcome) -> None:
        """A row is settled when that is on disk; a store that is down is tried until it is back."""
        while True:
            try:
                return await self.journal.settle(forward, outcome)
            except StoreUnavailable as error:
                self.telling.store_failed(forward.call, error)
            await asyncio.sleep(self.store_pause)


def _doubt(errand: Errand) -> Doubt:
    began_at = errand.forward.call.received_at
    if errand.forward.correlation is not None:
        return CreateDoubt(errand, errand.forward.correlation, began_at)
    return UpdateDoubt(errand, began_at)
