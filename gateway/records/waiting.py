"""The outbox as its worker sees it."""

from collections.abc import Callable

from gateway.domain.delivery import Attempt
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Evidence
from gateway.pipeline.decision import Forward
from gateway.pipeline.earlier import Pending
from gateway.pipeline.stored import OutboxFull, Wait
from gateway.records import outbox
from gateway.records.entries import Holder
from gateway.records.outbox import Depth, OutboxLimits
from gateway.records.rows import FIRST_EPOCH
from gateway.records.store import Store
from gateway.records.stored_row import Restore


@frozen
class Outbox:
    """Creates that are delivered later; every method returns when it is on disk and raises StoreUnavailable.

    What writes to one row raises `LostLease` where that row is, by its `epoch`, somebody else's by now.
    """

    store: Store
    clock: Callable[[], float]
    owner: str
    restore: Restore
    limits: OutboxLimits

    async def queue(self, forward: Forward, wait: Wait, epoch: int = FIRST_EPOCH) -> OutboxFull | None:
        """Let an open call of this process wait; None when it does, and its caller may be told 202."""
        holder, at = Holder(self.owner, epoch), self.clock()
        full = await self.store.do(lambda connection: outbox.queue(connection, forward, wait, holder, self.limits, at))
        if isinstance(full, OutboxFull) or full is None:
            return full
        raise full

    async def park(
        self, call_id: str, epoch: int, evidence: Evidence | None = None, absent_from: float | None = None
    ) -> OutboxFull | None:
        """Accept a call whose last attempt may have taken effect: its caller is told 202, and it goes on."""
        holder, at, room = Holder(self.owner, epoch), self.clock(), self.limits
        told = {"evidence": evidence.value if evidence else None, "absent_from": absent_from}
        full = await self.store.do(lambda connection: outbox.park(connection, call_id, holder, told, room, at))
        if isinstance(full, OutboxFull) or full is None:
            return full
        raise full

    async def due(self, limit: int = 20, apart: frozenset[str] = frozenset()) -> tuple[Pending, ...]:
        """Take what is to be tried by now, the most urgent first, then the oldest; not for the upstreams `apart`."""
        now = self.clock()
        return await self.store.do(
            lambda connection: outbox.due(connection, now, limit, self.owner, self.restore, apart)
        )

    async def hasten(self, upstream: str) -> int:
        """Its upstream is back: let everything that waits for it be tried now; how much that is."""
        now = self.clock()
        return await self.store.do(lambda connection: outbox.hasten(connection, upstream, now))

    async def reschedule(
        self, call_id: str, next_try_at: float, epoch: int, attempts: tuple[Attempt, ...] = ()
    ) -> None:
        """Try it again later; `attempts` are those made since it was taken, certainly without effect."""
        holder = Holder(self.owner, epoch)
        lost = await self.store.do(
            lambda connection: outbox.reschedule(connection, call_id, next_try_at, holder, attempts)
        )
        if lost:
            raise lost

    async def bury(self, call_id: str, reason: str, epoch: int) -> None:
        """Give it up as a dead letter: shown, and tried again only where a person says so."""
        holder, at = Holder(self.owner, epoch), self.clock()
        lost = await self.store.do(lambda connection: outbox.bury(connection, call_id, reason, holder, at))
        if lost:
            raise lost

    async def depth(self) -> Depth:
        """How much waits now, for its upstream, for a person or for certainty."""
        return await self.store.do(outbox.overall)
