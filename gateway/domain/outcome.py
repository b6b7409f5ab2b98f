"""The finished story of a call; its one-word kind is what metrics, records and `ITSM-Outcome` say."""

from enum import StrEnum

from gateway.domain.call import Call, Fields
from gateway.domain.delivery import Attempt, Event
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem, Violation
from gateway.domain.verdict import Answer, Ticket


class OutcomeKind(StrEnum):
    """The contract's closed set of outcomes."""

    CREATED = "created"
    UPDATED = "updated"
    RECONCILED = "reconciled"
    REPLAYED = "replayed"
    QUEUED = "queued"
    DRY_RUN = "dry_run"
    VALIDATION_FAILED = "validation_failed"
    TEMPLATE_FAILED = "template_failed"
    REFUSED = "refused"
    REJECTED = "rejected"
    RATE_LIMITED = "rate_limited"
    UPSTREAM_ERROR = "upstream_error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CIRCUIT_OPEN = "circuit_open"
    UNCONFIRMED = "unconfirmed"
    FORWARDED = "forwarded"


@frozen
class PolicyName:
    """Which policy judged a call, and the digest of the set it stood in."""

    name: str
    version: str


@frozen
class SlaDue:
    """When a ticket's promises are due, Unix seconds; None where its policy promises nothing.

    `response_seconds` and `resolution_seconds` are what was promised, counted in the open hours of `calendar` where it
    names one.
    """

    response_due_at: float | None = None
    resolution_due_at: float | None = None
    response_seconds: float | None = None
    resolution_seconds: float | None = None
    calendar: str = ""


@frozen
class Rehearsal:
    """What a dry run shows: the payload that would be sent, and whether it would be."""

    payload: bytes
    would: str


@frozen
class Outcome:
    """How a call ended: exactly one of `answer`, `problem` and `rehearsal` is what the client is told.

    `changed` are the fields that the platform stored otherwise than they were sent; where its answer shows nothing of
    that, `uncompared` is what was sent. `further` and `flaws` are those of a call that makes more than one ticket.
    """

    call: Call
    kind: OutcomeKind
    ended_at: float
    policy: PolicyName | None = None
    answer: Answer | None = None
    problem: Problem | None = None
    rehearsal: Rehearsal | None = None
    attempts: tuple[Attempt, ...] = ()
    violations: tuple[Violation, ...] = ()
    ticket: Ticket | None = None
    sla: SlaDue | None = None
    fenced: bool = True
    events: tuple[Event, ...] = ()
    changed: tuple[str, ...] = ()
    uncompared: Fields | None = None
    further: tuple[Ticket, ...] = ()
    flaws: tuple[str, ...] = ()

    @property
    def retries(self) -> int:
        """Retries are attempts after the first: 0 when the first did it, or when nothing was sent."""
        return len(self.attempts) - 1 if self.attempts else 0

    @property
    def waits(self) -> tuple[float, ...]:
        """Seconds waited before each retry."""
        return tuple(attempt.wait_seconds for attempt in self.attempts[1:])
