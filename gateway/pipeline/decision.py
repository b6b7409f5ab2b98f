"""What was decided about a call before anything left: forward it, refuse it, or rehearse it."""

from enum import StrEnum
from typing import TypeAlias

from gateway.domain.call import Call, Fields
from gateway.domain.frozen import frozen
from gateway.domain.outcome import OutcomeKind, PolicyName
from gateway.domain.problem import Problem, Violation
from gateway.domain.retry import RetryPolicy
from gateway.pipeline.claim import Claim
from gateway.platforms.platform import Carrier, Guard
from gateway.policy.policy import Record
from gateway.sla.targets import SlaTargets

USUAL_RANK = 3
"""How urgent a create is of whose priority nothing is known; 1 is the most urgent."""


class Resend(StrEnum):
    """What must be known before a call may be sent a second time."""

    FREELY = "freely"
    """Its effect is the same twice as once: the retryable statuses decide."""
    WHEN_ABSENT = "when_absent"
    """It must not be done twice: only what is certainly not executed, or proven absent by a search."""
    WHEN_NOT_EXECUTED = "when_not_executed"
    """Nothing could prove absence: only what is certainly not executed."""
    NEVER = "never"
    """The store is down and remembers nothing: one attempt."""


@frozen
class Correlation:
    """The correlation value of one create, the field that holds it, and what it is good for there."""

    carrier: Carrier
    place: str
    guard: Guard = Guard.SEARCH


@frozen
class Forward:
    """Send it: `body` is, byte for byte, what every attempt sends; `fields` is None where nobody read the body.

    `filled` are the fields that its policy's defaults gave.

    `claim` is what a create is recognised by when it comes again, for `join_seconds` where it was abandoned; None for
    what nobody would recognise. `later` tells that it may be delivered after its caller was told so; `rank` 1 is the
    most urgent then.
    """

    call: Call
    body: bytes
    resend: Resend
    retry: RetryPolicy
    fields: Fields | None = None
    changed: bool = False
    filled: tuple[str, ...] = ()
    correlation: Correlation | None = None
    policy: PolicyName | None = None
    warnings: tuple[Violation, ...] = ()
    sla: SlaTargets | None = None
    record: Record = Record.NOTHING
    claim: Claim | None = None
    join_seconds: float = 600.0
    later: bool = False
    rank: int = USUAL_RANK

    @property
    def fenced(self) -> bool:
        """Whether a lost answer can be found again, so that no ticket is doubled."""
        return self.correlation is not None and self.correlation.guard is not Guard.CONFIRM


@frozen
class Refuse:
    """Send nothing; the caller is told `problem` in the platform's own language."""

    call: Call
    kind: OutcomeKind
    problem: Problem
    policy: PolicyName | None = None


@frozen
class Rehearse:
    """Send nothing; show what would be sent, `problem` being why it would be refused."""

    call: Call
    payload: bytes
    violations: tuple[Violation, ...]
    would: str
    policy: PolicyName | None = None


Decision: TypeAlias = Forward | Refuse | Rehearse
