"""Instants as the API writes and reads them: ISO 8601 in UTC, or a span back from now such as `7d`."""

import re
from datetime import UTC, datetime
from typing import overload

_SPAN = re.compile(r"(?P<count>[0-9]{1,6})(?P<unit>[smhdw])")
INSTANT_PATTERN = r"^([0-9]{1,6}[smhdw]|[0-9]{4}-[0-9]{2}-[0-9]{2}.*)$"
"""What `parse_instant` reads, nearly: it also knows which days there are."""

_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


@overload
def iso(instant: float) -> str: ...
@overload
def iso(instant: None) -> None: ...
@overload
def iso(instant: float | None) -> str | None: ...
def iso(instant: float | None) -> str | None:
    """Unix seconds as ISO 8601, to the millisecond."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: str, now: float) -> float | None:
    """Unix seconds of an ISO 8601 instant (UTC where it names no zone) or a span back from `now`; None for neither."""
    if span := _SPAN.fullmatch(text):
        return max(now - int(span["count"]) * _SECONDS[span["unit"]], 0.0)
    try:
        parsed = datetime.fromisoformat(text.replace(" ", "+"))  # a bare `+` in a query arrives as a space
    except ValueError:
        return None
    instant = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
    return min(max(instant, 0.0), _LATEST)
