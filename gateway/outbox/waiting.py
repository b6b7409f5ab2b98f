"""Who hears what becomes of calls that wait."""

from typing import Final, Protocol

from gateway.domain.call import Call
from gateway.domain.outcome import Outcome


class Waits(Protocol):
    """Counts and tells; never waits, never fails."""

    def queued(self, call: Call, until: float) -> None:
        """A call was found not to be made, and waits now; it is tried at a Unix time."""
        ...

    def tried(self, outcome: Outcome) -> None:
        """A call that waited was sent, whatever came of it."""
        ...

    def put_off(self, call: Call, until: float) -> None:
        """It could not be delivered, and is tried again at a Unix time."""
        ...

    def given_up(self, call: Call, reason: str) -> None:
        """It is a dead letter, and waits for a person."""
        ...


class _Unheard:
    def queued(self, call: Call, until: float) -> None:
        """Not told."""

    def tried(self, outcome: Outcome) -> None:
        """Not told."""

    def put_off(self, call: Call, until: float) -> None:
        """Not told."""

    def given_up(self, call: Call, reason: str) -> None:
        """Not told."""


UNHEARD: Final[Waits] = _Unheard()
"""Nobody listens."""
