"""The `format`s that are checked, each by a small test of its own; all patterns by RE2."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from gateway.policy.patterns import Pattern

_DATE = Pattern(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_DATE_TIME = Pattern(
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
)
_EMAIL = Pattern(r"^[^\s@]+@[^\s@]+$")
_UUID = Pattern(r"^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$")
_URI = Pattern(r'^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$')
_SECONDS_END: Final = 19


def _is_date(text: str) -> bool:
    return _DATE.finds(text) and _reads(date.fromisoformat, text)


def _is_date_time(text: str) -> bool:
    return _DATE_TIME.finds(text) and _reads(datetime.fromisoformat, text[:_SECONDS_END].upper())


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "email": _EMAIL.finds,
    "uuid": _UUID.finds,
    "uri": _URI.finds,
}
"""Every format a policy may name."""
