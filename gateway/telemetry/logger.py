"""Takes what happened, as an event and its facts, at the levels in force."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from logging import DEBUG, ERROR, INFO, WARNING
from typing import Any, Final, TypeAlias

Write: TypeAlias = Callable[[dict[str, Any]], None]
"""Takes one event that is complete."""


class Logger:
    """Adds time and level to events, and passes over those below the least level in force.

    Every call tells an event, so there is nothing between it and its line; and structlog, which renders lines for
    people, would load 5 MB for those that nobody watches.
    """

    __slots__ = ("_least", "_write")

    def __init__(self, least: int, write: Write) -> None:
        self._least: Final = least
        self._write: Final = write

    def debug(self, event: str, **facts: Any) -> None:
        """For who looks for a fault."""
        self._tell(DEBUG, "debug", event, facts)

    def info(self, event: str, **facts: Any) -> None:
        """As it should be."""
        self._tell(INFO, "info", event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        """Somebody should know of it some time."""
        self._tell(WARNING, "warning", event, facts)

    def error(self, event: str, **facts: Any) -> None:
        """Somebody should see to it."""
        self._tell(ERROR, "error", event, facts)

    def _tell(self, level: int, name: str, event: str, facts: dict[str, Any]) -> None:
        if level >= self._least:
            facts["event"], facts["timestamp"], facts["level"] = event, _now(), name
            self._write(facts)


def _now() -> str:
    now = time.time()
    return f"{_second(int(now))}.{int(now % 1 * 1000):03}+00:00"


@lru_cache(maxsize=2)
def _second(unix_seconds: int) -> str:
    """The part of a time that many lines have in common."""
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
