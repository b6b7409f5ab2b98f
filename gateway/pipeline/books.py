"""Every call is booked in and out, so that one which is over and has no outcome shows."""

from typing import Protocol

from gateway.domain.call import Call


class Books(Protocol):
    """Counts calls in and out; never waits, never fails."""

    def received(self, call: Call) -> None:
        """A call was taken in."""
        ...

    def left(self, call: Call) -> None:
        """A call is over, whatever became of it."""
        ...


class NoBooks:
    """Counts nothing."""

    def received(self, call: Call) -> None:
        """Not counted."""

    def left(self, call: Call) -> None:
        """Not counted."""


NO_BOOKS = NoBooks()
