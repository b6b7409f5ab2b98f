"""Marking a row whose caller did not get its answer."""

from sqlalchemy import Connection, update

from gateway.domain.outcome import OutcomeKind
from gateway.records.state import FINAL_STATES
from gateway.records.tables import calls

_TICKET_MADE = (OutcomeKind.CREATED.value, OutcomeKind.RECONCILED.value)


def abandon(connection: Connection, call_id: str, at: float) -> None:
    """An equal create may now take the row over; one that ended without a ticket is nobody's to take."""
    may_be_taken = calls.c.fingerprint.is_not(None) & (
        calls.c.state.not_in(FINAL_STATES) | calls.c.kind.in_(_TICKET_MADE)
    )
    connection.execute(update(calls).where(calls.c.id == call_id, may_be_taken).values(abandoned_at=at))


def reclaim(connection: Connection, call_id: str) -> None:
    """Nobody else may take the row over."""
    connection.execute(update(calls).where(calls.c.id == call_id).values(abandoned_at=None))
