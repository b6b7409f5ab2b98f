"""Goes on asking, after its caller was told `unconfirmed`, what became of a create. It never sends anything."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.delivery import Delivery, Failed, Reconciled
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.pipeline.conclude import conclude
from gateway.pipeline.decision import Correlation, Forward
from gateway.pipeline.ports import Clock, Journal, Telling
from gateway.platforms.platform import Absent, Found
from gateway.upstream.errand import Errand, Line, never_made
from gateway.upstream.reconcile import Loss, Reconciler, sought

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
        if forward.correlation is None or not isinstance(delivery, Failed) or delivery.absent_from is None:
            return
        task = asyncio.get_running_loop().create_task(self._settle(forward, forward.correlation, delivery))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def close(self) -> None:
        """Stop asking; the rows stay open on disk."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _settle(self, forward: Forward, correlation: Correlation, failed: Failed) -> None:
        errand = Errand(self.lines[forward.call.upstream], forward)
        searches = Reconciler(errand.line, errand.login())
        assert failed.evidence is not None  # noqa: S101  # settle_later took only what can be settled
        loss = Loss(failed.evidence, failed.absent_from or math.inf)
        settled = await searches.reconcile(sought(errand, correlation), loss, lambda: math.inf)
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
