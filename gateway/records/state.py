"""The states of a call's row: one row is journal entry, idempotency record and outbox in one."""

from enum import StrEnum


class State(StrEnum):
    """Where a call stands; only `closed` and `dead` are final."""

    SENDING = "sending"
    """It may be at the upstream at this moment."""
    QUEUED = "queued"
    """Certainly not executed, waiting for its next try."""
    AMBIGUOUS = "ambiguous"
    """It was sent, and nobody can say yet whether it took effect."""
    RECONCILING = "reconciling"
    """The upstream is being asked whether it took effect."""
    CLOSED = "closed"
    """It is known how it ended."""
    DEAD = "dead"
    """Given up after its maximum age; a person may replay it."""


FINAL_STATES = (State.CLOSED.value, State.DEAD.value)
"""Rows in these states may grow old and be deleted; all others stay until they are settled."""

AT_WORK_STATES = (State.SENDING.value, State.RECONCILING.value)
"""Rows in these states have a process at work on them in-line, as long as it lives."""

NOT_DONE_STATES = (State.QUEUED.value, State.AMBIGUOUS.value, State.DEAD.value)
"""Rows in these states wait: for their next try, for an answer to a question, or for a person."""

ACCEPTED = 202
"""The status that the caller of an accepted call was told; no other row is open with it."""
