"""What the way of a call needs from outside; `gateway/web/app.py` ties the knot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway.domain.call import Call, PlatformName
from gateway.domain.delivery import Delivery
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem
from gateway.pipeline.claim import Earlier, Opened
from gateway.pipeline.decision import Forward
from gateway.platforms.platform import Platform


class Clock(Protocol):
    """Unix seconds, UTC."""

    def __call__(self) -> float:
        """Now."""
        ...


class NewId(Protocol):
    """A fresh random name: 32 hex digits."""

    def __call__(self) -> str:
        """One that was never given before."""
        ...


class Journal(Protocol):
    """Remembers calls. The awaited methods return when the row is synced to disk."""

    async def open(self, forward: Forward) -> Opened | Earlier:
        """Write the row of a ticket call as `sending`, before its first byte leaves; raises StoreUnavailable."""
        ...

    async def sending(self, call_id: str, at: float) -> None:
        """Write down that a further attempt leaves at `at` (Unix seconds); raises StoreUnavailable."""
        ...

    async def close(self, forward: Forward, outcome: Outcome) -> None:
        """Write how a ticket call ended, before its caller is told; raises StoreUnavailable.

        An unconfirmed one stays open.
        """
        ...

    async def settle(self, forward: Forward, outcome: Outcome) -> None:
        """Write what became of a call whose caller was told `unconfirmed`; raises StoreUnavailable."""
        ...

    def note(self, outcome: Outcome) -> None:
        """Record a call that made no journal row, some time soon; never waits."""
        ...


class Courier(Protocol):
    """Delivers to one upstream."""

    async def deliver(self, forward: Forward) -> Delivery:
        """Attempts, waits and reconciliation together, within the call's deadline; failures are values."""
        ...


class Caller(Protocol):
    """Whoever waits for an answer."""

    def has_left(self) -> bool:
        """Whether it hung up, so that no answer can reach it."""
        ...


class Settler(Protocol):
    """Goes on asking, after the deadline, what became of an unconfirmed call."""

    def settle_later(self, forward: Forward, delivery: Delivery) -> None:
        """Ask in the background until it is known; never sends anything again."""
        ...


class Telling(Protocol):
    """Tells metrics and logs; never waits, never fails."""

    def concluded(self, outcome: Outcome) -> None:
        """A call was answered."""
        ...

    def settled(self, outcome: Outcome) -> None:
        """A call that had been unconfirmed was settled."""
        ...

    def refused_at_the_door(self, problem: Problem) -> None:
        """A request that could not be read was refused before there was a call to record."""
        ...

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """The journal row of a call could not be written."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything from outside, in one hand."""

    clock: Clock
    new_id: NewId
    journal: Journal
    couriers: Mapping[str, Courier]
    settler: Settler
    telling: Telling
    platforms: Mapping[PlatformName, Platform]
    on_store_failure: str = "unfenced"
