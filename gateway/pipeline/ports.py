"""What the way of a call needs from outside; `gateway/web/app.py` ties the knot."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from gateway.domain.call import Call, PlatformName
from gateway.domain.delivery import Delivery
from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem
from gateway.domain.verdict import Answer, Evidence, Ticket
from gateway.pipeline.books import NO_BOOKS, Books
from gateway.pipeline.claim import Claim
from gateway.pipeline.decide import decide
from gateway.pipeline.decision import Decision, Forward
from gateway.pipeline.earlier import Earlier, Opening, Pending
from gateway.pipeline.given import Clock, NewId
from gateway.pipeline.stored import OutboxFull, Wait
from gateway.platforms.platform import Platform
from gateway.policy.rules import Rules


class Journal(Protocol):
    """Remembers calls. The awaited methods return when the row is synced to disk, and raise StoreUnavailable.

    What writes to one row raises `LostLease` where that row is, by its `epoch`, somebody else's by now.
    """

    async def open(self, forward: Forward, claim: Claim | None = None, join_seconds: float = 600.0) -> Opening:
        """Write the row of a ticket call as `sending`, before its first byte leaves, or tell which one it repeats.

        An `Earlier` that is `OPEN` belongs to this process from now on.
        """
        ...

    async def sending(self, call_id: str, at: float, epoch: int = 1, *, carried: bool = True) -> None:
        """Write down that a further attempt leaves at `at` (Unix seconds)."""
        ...

    async def close(
        self,
        forward: Forward,
        outcome: Outcome,
        epoch: int = 1,
        evidence: Evidence | None = None,
        absent_from: float | None = None,
    ) -> None:
        """Write how a ticket call ended, before its caller is told; an unconfirmed one stays open, and is abandoned."""
        ...

    async def settle(self, forward: Forward, outcome: Outcome, epoch: int = 1) -> None:
        """Write what became of a call whose caller was told something else before."""
        ...

    async def name(self, call_id: str, ticket: Ticket) -> None:
        """Write which ticket a closed create made whose answer did not name it; the first name stays."""
        ...

    async def abandon(self, call_id: str) -> None:
        """Write that the caller hung up before it had its answer."""
        ...

    async def reclaim(self, call_id: str) -> None:
        """Write that somebody waits for the answer again."""
        ...

    async def look(self, call_id: str) -> Earlier | None:
        """How a row stands; None where it left no ticket, or is not there."""
        ...

    async def join(self, call_id: str) -> Earlier | None:
        """How a row stands; it is taken, as by `open`, where nobody is at work on it."""
        ...

    def note(self, outcome: Outcome) -> None:
        """Record a call that made no journal row, some time soon; never waits."""
        ...


class Outbox(Protocol):
    """Creates that are delivered later."""

    async def queue(self, forward: Forward, wait: Wait, epoch: int = 1) -> OutboxFull | None:
        """Let an open call wait; None when that is on disk. Raises StoreUnavailable."""
        ...

    async def park(
        self, call_id: str, epoch: int, evidence: Evidence | None = None, absent_from: float | None = None
    ) -> OutboxFull | None:
        """The same for a call whose last attempt may have taken effect: until that is known, it waits for an answer."""
        ...


class Courier(Protocol):
    """Delivers to one upstream."""

    def can_log_in(self, forward: Forward) -> bool:
        """Whether anybody's login is at hand: the gateway's own, or the caller's while it is remembered."""
        ...

    async def deliver(self, forward: Forward) -> Delivery:
        """Attempts, waits and reconciliation together, within the call's deadline; failures are values."""
        ...

    async def resume(self, pending: Pending) -> Delivery:
        """The same for a call that others held before; raises StoreUnavailable where nothing could be sent."""
        ...

    async def settle(self, pending: Pending, deadline: float | None = None) -> Delivery | None:
        """Ask what became of a call and send nothing; None where that could not be learnt by the deadline."""
        ...

    async def may_see(self, forward: Forward, ticket: Ticket) -> Answer | None:
        """None where this caller may be told of the ticket; else the refusal to hand on."""
        ...


class Caller(Protocol):
    """Whoever waits for an answer."""

    @property
    def left(self) -> bool:
        """Whether it hung up, so that no answer can reach it."""
        ...


class Flight(Protocol):
    """One create on its way in this process; `call_id` names the row it is about, `caller` is who waits for it now.

    `abandoned` tells that an equal create may find the row in the journal.
    """

    claim: Claim
    call_id: str
    caller: Caller
    abandoned: bool


class Flights(Protocol):
    """The creates on their way, so that a repeated one joins instead of being sent again."""

    def begin(self, claim: Claim, call_id: str, caller: Caller) -> Flight:
        """A create leaves; `land` it in any case."""
        ...

    def land(self, flight: Any, outcome: Outcome | None) -> None:
        """The create ended; whoever joined it is told."""
        ...

    def leave(self, flight: Any, caller: Caller) -> None:
        """This caller, who took an abandoned create, is done with it."""
        ...

    def find(self, claim: Claim, caller: Caller) -> Flight | None:
        """The flight that this create repeats; one without a key is this caller's from now on."""
        ...

    async def landing(self, flight: Any, deadline: float) -> Outcome | None:
        """Wait for its end, until a deadline on the monotonic clock; None where it brought nothing by then."""
        ...

    async def elsewhere(self, call_id: str, deadline: float) -> Earlier | None:
        """Wait until nobody is at work on a row any more; it is still `IN_FLIGHT` or `QUEUED` where time ran out."""
        ...

    def is_late(self, deadline: float) -> bool:
        """Whether a deadline on the monotonic clock has passed."""
        ...


class Settler(Protocol):
    """Goes on in the background with calls that nobody waits for any more."""

    def settle_later(self, pending: Pending, told: Outcome | None = None) -> None:
        """Ask until it is known what became of a call; what may not be delivered later is never sent again.

        `told` is what its caller was told where the store could not take that: it is written first.
        """
        ...

    def name_later(self, pending: Pending) -> None:
        """Ask which ticket a create made whose answer did not name it."""
        ...

    def write_later(self, pending: Pending, outcome: Outcome) -> None:
        """Write an end down that the store could not take, as soon as it can."""
        ...


class Telling(Protocol):
    """Tells metrics and logs; never waits, never fails."""

    def concluded(self, outcome: Outcome) -> None:
        """A call was answered."""
        ...

    def settled(self, outcome: Outcome) -> None:
        """A call that had been unconfirmed was settled."""
        ...

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """A request that could not be read was refused before there was a call to record; its answer names the id."""
        ...

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """The journal row of a call could not be written."""
        ...


Decide: TypeAlias = Callable[[Call, Rules, Platform, NewId], Decision]
"""`decide`, or what takes its time besides."""


def _not_looked_at(call: Call, answer: Answer, at: float) -> None:
    """Nobody wants to know how tickets stand."""


def _as_it_is(call: Call, answer: Answer) -> Answer:  # noqa: ARG001  # the same for every call
    """No link is rewritten."""
    return answer


@frozen
class Ports:
    """Everything from outside, in one hand."""

    clock: Clock
    new_id: NewId
    journal: Journal
    couriers: Mapping[str, Courier]
    outbox: Outbox
    flights: Flights
    settler: Settler
    telling: Telling
    platforms: Mapping[PlatformName, Platform]
    on_store_failure: str = "unfenced"
    first_wait_seconds: float = 5.0
    """Seconds before a call that its upstream could not take is tried again out of the outbox."""
    call_url: Callable[[str], str] = "/api/v1/calls/{}".format
    """Where the API shows a call."""
    books: Books = NO_BOOKS
    decide: Decide = decide
    led_back: Callable[[Call, Answer], Answer] = _as_it_is
    """An upstream's answer inside another, its links leading back to the address that the call dialled."""
    glanced: Callable[[Call, Answer, float], None] = _not_looked_at
    """Told of answers that came whole, and at which Unix time, where the outcome has them without their bodies."""
