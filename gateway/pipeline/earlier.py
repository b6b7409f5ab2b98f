"""The create that another one repeats, where it stands, and what is needed to go on with it."""

from dataclasses import replace
from enum import StrEnum
from typing import TypeAlias

from gateway.domain.delivery import Attempt
from gateway.domain.frozen import frozen
from gateway.domain.outcome import OutcomeKind
from gateway.domain.verdict import Answer, Evidence, Ticket
from gateway.pipeline.decision import Forward


class Standing(StrEnum):
    """Where an earlier create stands."""

    IN_FLIGHT = "in_flight"
    """A process is at work on it, and its lease has not run out."""
    OPEN = "open"
    """Nobody is at work on it in-line: it is ambiguous, or its process died."""
    QUEUED = "queued"
    """It will be delivered later."""
    FINISHED = "finished"
    """It made a ticket."""


@frozen
class Pending:
    """An open create as the journal holds it: enough to go on with it in any process.

    `absent_from` (Unix seconds) is from when on an empty search proves that the last send made nothing; None where
    nothing was sent yet, or where its process died before it could say: then it follows from `last_sent` (Unix
    seconds). `epoch` names this holder: whoever writes with an older one is refused. `attempts` are those that this
    process made.
    """

    forward: Forward
    epoch: int
    evidence: Evidence | None
    absent_from: float | None
    tries: int = 0
    last_sent: float | None = None
    attempts: tuple[Attempt, ...] = ()

    def not_later(self) -> "Pending":
        """The same call once its caller was told that nothing more is sent: it is asked about, and never delivered."""
        return replace(self, forward=replace(self.forward, later=False))


@frozen
class Earlier:
    """The create that this one repeats.

    `answer` is the first answer where it is `FINISHED`; where none was kept, `pending` is what its ticket can be looked
    up by. An `OPEN` one is this caller's from now on, as its `pending` says.
    """

    call_id: str
    standing: Standing
    fingerprint: str
    kind: OutcomeKind | None = None
    ticket: Ticket | None = None
    answer: Answer | None = None
    pending: Pending | None = None


@frozen
class Opened:
    """The row is written, and it is this caller's."""

    epoch: int = 1


Opening: TypeAlias = Opened | Earlier
