"""The words of admission: who asks, in which order, and what the answer is."""

from enum import IntEnum, StrEnum
from typing import Final, Protocol

from gateway.domain.call import Call, Operation
from gateway.domain.frozen import frozen

HIGHEST_PRIORITIES: Final = frozenset({"1", "highest", "blocker"})
"""What the platforms call their highest priority, in lower case; Blocker is that of older Jira schemes."""


class Rank(IntEnum):
    """Who goes first where not all can go; the smaller the earlier."""

    URGENT_CREATE = 0
    CREATE = 1
    WRITE = 2
    READ = 3


_RANKS: Final = {Operation.CREATE_TICKET: Rank.CREATE, Operation.READ: Rank.READ}


@frozen
class Ask:
    """One call that wants to go out.

    `endpoint` is method and route, without ids. `issue` is the ticket that a write changes, empty for all else. `login`
    tells apart whose allowance the call draws on: 0 for the gateway's own credentials, else a hash of the client's.
    """

    endpoint: str
    operation: Operation
    rank: Rank = Rank.READ
    issue: str = ""
    login: int = 0

    def ask(self) -> "Ask":
        """It is all said."""
        return self


class Asker(Protocol):
    """A call that wants to go out; what else decides about its turn is asked only where there is a line."""

    @property
    def operation(self) -> Operation:
        """What the call does."""
        ...

    def ask(self) -> Ask:
        """All that decides about its turn."""
        ...


class HeldReason(StrEnum):
    """What keeps a call back; every one but the circuit is a rate limit of the platform."""

    CIRCUIT = "circuit"
    QUOTA = "quota"
    BURST = "burst"
    ISSUE = "issue"
    SEMAPHORE = "semaphore"


@frozen
class Admitted:
    """The call may go, after `wait` seconds in which its place in the line is kept.

    `probe` numbers the round of probes it belongs to while a circuit is half open; 0 for an ordinary call. A `retry`
    counts against the retry budget until its end is told.
    """

    asker: Asker
    wait: float = 0.0
    probe: int = 0
    retry: bool = False


@frozen
class Held:
    """The call may not go now; asking again is worth while after `seconds`."""

    seconds: float
    reason: HeldReason

    @property
    def circuit_open(self) -> bool:
        """Told apart from a rate limit: the upstream itself is failing."""
        return self.reason is HeldReason.CIRCUIT


def ask_for(call: Call, *, priority: str = "", login: int = 0) -> Ask:
    """The ask of a call; `priority` is its ticket's, as the platform names it."""
    route = call.route
    rank = _RANKS.get(route.operation, Rank.WRITE)
    if rank is Rank.CREATE and priority.lower() in HIGHEST_PRIORITIES:
        rank = Rank.URGENT_CREATE
    changed = "" if route.operation is Operation.READ else route.ticket or ""
    return Ask(f"{call.method} {route.name}", route.operation, rank, changed, login)
