"""Takes what happened, as an event and its facts, at the levels in force."""

import time
from collections.abc import Callable
from logging import DEBUG, ERROR, INFO, WARNING
from typing import Any, Final, Protocol, TypeAlias

from gateway.telemetry.instants import instant

Write: TypeAlias = Callable[[dict[str, Any]], None]
"""Takes one event that is complete."""


class Say(Protocol):
    """Takes an event and its facts."""

    def __call__(self, event: str, /, **facts: Any) -> None:
        """It happened now."""
        ...


class Logger:
    """Adds time and level to events, and passes over those below the least level in force.

    Every call tells an event, so there is nothing between it and its line; and structlog, which renders lines for
    people, would load 5 MB for those that nobody watches.
    """

    __slots__ = ("debug", "error", "info", "warning")

    def __init__(self, least: int, write: Write) -> None:
        self.debug: Final = _at("debug", write) if least <= DEBUG else _unsaid
        self.info: Final = _at("info", write) if least <= INFO else _unsaid
        self.warning: Final = _at("warning", write) if least <= WARNING else _unsaid
        self.error: Final = _at("error", write) if least <= ERROR else _unsaid


def _at(level: str, write: Write) -> Say:
    def say(event: str, /, **facts: Any) -> None:
        facts["event"], facts["timestamp"], facts["level"] = event, instant(time.time()), level
        write(facts)

    return say


def _unsaid(event: str, /, **facts: Any) -> None:
    """Nobody wants to hear of it."""
