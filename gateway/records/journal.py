"""The journal of this process: each promise of the pipeline's port, kept by one commit of the store."""

from collections.abc import Callable
from typing import Final

from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.verdict import Evidence, Ticket
from gateway.pipeline.claim import Claim
from gateway.pipeline.decision import Forward
from gateway.pipeline.earlier import Earlier, Opened, Pending
from gateway.records import abandonment, leases, naming, outbox, recognition
from gateway.records.entries import Closing, Holder, Opening, Sending, Settling
from gateway.records.events import add_events
from gateway.records.rows import FIRST_EPOCH
from gateway.records.store import Store
from gateway.records.stored_row import Restore

JOIN_SECONDS: Final = 600.0
"""So long after a create was abandoned, an equal one is taken for its repeat."""


@frozen
class Journal:
    """The pipeline's `Journal`; `clock` tells Unix seconds, `owner` names this process in its rows.

    Every method but `note` returns when it is on disk and raises StoreUnavailable where it cannot be; what writes to
    one row raises `LostLease` where that row is, by its `epoch`, somebody else's by now.
    """

    store: Store
    clock: Callable[[], float]
    owner: str
    restore: Restore
    lease_seconds: float

    async def open(
        self, forward: Forward, claim: Claim | None = None, join_seconds: float = JOIN_SECONDS
    ) -> Opened | Earlier:
        """Write the row of a call as `sending`, or tell which earlier one it repeats, and then write nothing.

        An `Earlier` that is `OPEN` belongs to this process from now on, in its `pending`'s epoch.
        """
        at = self.clock()
        opened: Opened | Earlier = await self.store.write(Opening(forward, at, self.owner, claim, at - join_seconds))
        return opened

    async def sending(self, call_id: str, at: float, epoch: int = FIRST_EPOCH, *, carried: bool = True) -> None:
        """A further attempt is about to leave; `carried` tells whether the correlation value is in it."""
        await self.store.write(Sending(call_id, at, Holder(self.owner, epoch), carried))

    async def close(
        self,
        forward: Forward,
        outcome: Outcome,
        epoch: int = FIRST_EPOCH,
        evidence: Evidence | None = None,
        absent_from: float | None = None,
    ) -> None:
        """How the call ended, together with its ticket; an unconfirmed one stays open, and is abandoned.

        `absent_from` is in Unix seconds.
        """
        await self.store.write(Closing(forward, outcome, Holder(self.owner, epoch), evidence, absent_from))

    async def settle(self, forward: Forward, outcome: Outcome, epoch: int = FIRST_EPOCH) -> None:
        """What became of the call in the end; what its caller was told stays on record."""
        await self.store.write(Settling(forward, outcome, Holder(self.owner, epoch)))

    def note(self, outcome: Outcome) -> None:
        """Never waits; `Records.notes_lost` counts what could not be kept."""
        self.store.notes.add(outcome)

    async def name(self, call_id: str, ticket: Ticket) -> None:
        """Which ticket a closed create made, whose answer did not name it; the first name stays."""
        at = self.clock()
        await self.store.do(lambda connection: naming.name(connection, call_id, ticket, at))

    async def abandon(self, call_id: str) -> None:
        """The caller hung up before it had read the answer."""
        at = self.clock()
        await self.store.do(lambda connection: abandonment.abandon(connection, call_id, at))

    async def reclaim(self, call_id: str) -> None:
        """Somebody waits for the answer again, in the place of a caller who hung up."""
        await self.store.do(lambda connection: abandonment.reclaim(connection, call_id))

    async def remark(self, call_id: str, what: str) -> None:
        """Add to the story of a call what was seen after its end."""
        event = {"at": self.clock(), "event": what}
        await self.store.do(lambda connection: add_events(connection, call_id, [event]))

    async def look(self, call_id: str) -> Earlier | None:
        """How a row stands; None where it left no ticket, or is not there."""
        return await self.store.do(lambda connection: recognition.look(connection, call_id, self.owner))

    async def join(self, call_id: str) -> Earlier | None:
        """How a row stands; it is taken, as by `open`, where nobody is at work on it."""
        return await self.store.do(lambda connection: recognition.join(connection, call_id, self.owner, self.restore))

    async def renew_leases(self) -> None:
        """Hold every row of this process for another `lease_seconds`."""
        at, seconds = self.clock(), self.lease_seconds
        await self.store.do(lambda connection: leases.renew(connection, self.owner, at, seconds))

    async def expired(self, limit: int = 100) -> tuple[Pending, ...]:
        """Take what nobody alive goes on with, the longest open first."""
        return await self.store.do(lambda connection: outbox.expired(connection, limit, self.owner, self.restore))
