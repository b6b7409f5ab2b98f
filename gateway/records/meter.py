"""Counting commits, for whoever wants to know."""

from typing import Final, Protocol


class Meter(Protocol):
    """Counts commits; may be called on any thread."""

    def pending(self, rows: int) -> None:
        """So many rows wait for a commit."""
        ...

    def committed(self, rows: int, seconds: float) -> None:
        """So many rows were written by one commit."""
        ...


class _Unmetered:
    """Nobody counts."""

    def pending(self, rows: int) -> None:
        """Pass over."""

    def committed(self, rows: int, seconds: float) -> None:
        """Pass over."""


UNMETERED: Final = _Unmetered()
