"""What became of forwarding a call: a failure is a value and carries its attempts."""

from enum import StrEnum
from typing import TypeAlias

from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer, Evidence, Ticket


@frozen
class Attempt:
    """One HTTP exchange with the upstream, counted from 1; `wait_seconds` is what was waited before it began.

    Either `status` says how it was answered or `failure` how it broke. `started_at` is Unix seconds.
    """

    number: int
    started_at: float
    duration_seconds: float
    status: int | None
    failure: str | None
    wait_seconds: float


@frozen
class Event:
    """Something that happened between attempts, such as a search; `at` is Unix seconds, when it was over.

    Of a search, `result` says in one word how it ended, and `seconds` how long it took.
    """

    at: float
    what: str
    result: str = ""
    seconds: float = 0.0


class FailureKind(StrEnum):
    """Why there is no answer to hand on."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    UNCONFIRMED = "unconfirmed"
    DECEPTIVE = "deceptive"
    CUT = "cut"
    CREDENTIALS = "credentials"
    CIRCUIT_OPEN = "circuit_open"
    RATE_LIMITED = "rate_limited"


@frozen
class Answered:
    """The upstream's final answer, `ticket` where it names one.

    `further` are the other tickets that it names, `flaws` what failed beside what worked, as the answer itself tells.
    """

    attempts: tuple[Attempt, ...]
    answer: Answer
    ticket: Ticket | None = None
    succeeded: bool = True
    fenced: bool = True
    events: tuple[Event, ...] = ()
    further: tuple[Ticket, ...] = ()
    flaws: tuple[str, ...] = ()


@frozen
class Reconciled:
    """The answer was lost, the ticket was found: `answer` is the platform's success as it would have been."""

    attempts: tuple[Attempt, ...]
    answer: Answer
    ticket: Ticket
    fenced: bool = True
    events: tuple[Event, ...] = ()


@frozen
class Failed:
    """No answer can be handed on.

    For `UNCONFIRMED`, `evidence` says what is still open, and after `absent_in` more seconds an empty search proves
    that there is no ticket.
    """

    attempts: tuple[Attempt, ...]
    kind: FailureKind
    detail: str
    evidence: Evidence | None = None
    absent_in: float | None = None
    retry_after: float | None = None
    fenced: bool = True
    events: tuple[Event, ...] = ()


Delivery: TypeAlias = Answered | Reconciled | Failed
