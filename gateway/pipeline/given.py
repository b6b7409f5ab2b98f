"""What the pure core is handed instead of asking the machine."""

from typing import Protocol


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
