"""Times as every line spells them: UTC, to the millisecond."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

_MILLISECONDS: Final = 1_000


def instant(unix_seconds: float) -> str:
    """A time in Unix seconds."""
    milliseconds = round(unix_seconds * _MILLISECONDS)
    return f"{_second(milliseconds // _MILLISECONDS)}.{milliseconds % _MILLISECONDS:03}+00:00"


@lru_cache(maxsize=64)
def _second(unix_seconds: int) -> str:
    """The part of a time that many lines have in common."""
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
