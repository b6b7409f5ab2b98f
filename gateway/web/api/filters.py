"""A listing's query parameters, read strictly: a misspelt filter must not answer with everything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from multidict import MultiMapping

from gateway.domain.frozen import frozen
from gateway.domain.problem import Code, Violation
from gateway.records.record import Position, Window
from gateway.web.api.instants import parse_instant
from gateway.web.api.paging import read_cursor
from gateway.web.api.reading import unusable

DEFAULT_LIMIT = 50
MOST = 200

_WHOLE = re.compile("[0-9]{1,3}")
_COMMON = ("since", "until", "sort", "limit", "cursor")
ANY_NAME_SAYS = "Any exact name at hand: a call's id, a ticket's id or key, or a job."

NEWEST, OLDEST = "newest", "oldest"
"""How a listing may be sorted; only its instant has the index that a million rows need."""


@frozen
class Filter:
    """One parameter: its column, the values it may have where they are a closed set, and what it is for."""

    column: str
    allowed: tuple[str, ...] = ()
    says: str = ""
    required: bool = False


@frozen
class Listing:
    """What a listing was asked for."""

    window: Window
    limit: int = DEFAULT_LIMIT
    after: Position | None = None


@dataclass(slots=True)
class _Reading:
    """The faults found so far, so that all of them are told at once."""

    query: MultiMapping[str]
    now: float
    faults: list[Violation] = field(default_factory=list)

    def fault(self, name: str, code: Code, message: str) -> None:
        self.faults.append(Violation(name, code, message))


def read_listing(query: MultiMapping[str], filters: Mapping[str, Filter], now: float) -> Listing:
    """Raises RequestError that names every parameter at fault and what it takes."""
    reading = _Reading(query, now)
    _refuse_unknown(reading, (*filters, *_COMMON))
    listing = Listing(
        window=Window(
            _read_filters(reading, filters),
            _read_instant(reading, "since"),
            _read_instant(reading, "until"),
            _read_sort(reading) == OLDEST,
        ),
        limit=_read_limit(reading),
        after=_read_position(reading),
    )
    _raise_faults(reading)
    return listing


def read_window(query: MultiMapping[str], filters: Mapping[str, Filter], now: float) -> Window:
    """The same for a question about a whole window, which has no pages."""
    reading = _Reading(query, now)
    _refuse_unknown(reading, (*filters, "since", "until"))
    window = Window(_read_filters(reading, filters), _read_instant(reading, "since"), _read_instant(reading, "until"))
    _raise_faults(reading)
    return window


def read_filters(query: MultiMapping[str], filters: Mapping[str, Filter]) -> Mapping[str, str]:
    """The same for a question about what is in force now."""
    reading = _Reading(query, 0.0)
    _refuse_unknown(reading, tuple(filters))
    equal = _read_filters(reading, filters)
    _raise_faults(reading)
    return equal


def _refuse_unknown(reading: _Reading, known: tuple[str, ...]) -> None:
    for name in dict.fromkeys(reading.query):
        if name not in known:
            reading.fault(name, Code.UNKNOWN_FIELD, f"no such parameter; this address takes {', '.join(known)}")
        elif len(reading.query.getall(name)) > 1:
            reading.fault(name, Code.INVALID, "may be given once")


def _read_filters(reading: _Reading, filters: Mapping[str, Filter]) -> dict[str, str]:
    equal = {}
    for name, known in filters.items():
        value = reading.query.get(name)
        if not value and known.required:
            reading.fault(name, Code.REQUIRED, "is required")
        if value is None:
            continue
        if known.allowed and value not in known.allowed:
            reading.fault(name, Code.NOT_ALLOWED, f"must be one of {', '.join(known.allowed)}")
        equal[known.column] = value
    return equal


def _read_instant(reading: _Reading, name: str) -> float | None:
    text = reading.query.get(name)
    if text is None:
        return None
    instant = parse_instant(text, reading.now)
    if instant is None:
        reading.fault(
            name, Code.BAD_FORMAT, "must be an instant like 2026-01-31T12:00:00Z or a span back like 24h or 7d"
        )
    return instant


def _read_sort(reading: _Reading) -> str:
    sort = reading.query.get("sort", NEWEST)
    if sort not in (NEWEST, OLDEST):
        reading.fault("sort", Code.NOT_ALLOWED, f"must be {NEWEST} or {OLDEST}")
    return sort


def _read_limit(reading: _Reading) -> int:
    text = reading.query.get("limit", str(DEFAULT_LIMIT))
    if _WHOLE.fullmatch(text) and 1 <= int(text) <= MOST:
        return int(text)
    reading.fault("limit", Code.OUT_OF_RANGE, f"must be a whole number from 1 to {MOST}")
    return DEFAULT_LIMIT


def _read_position(reading: _Reading) -> Position | None:
    text = reading.query.get("cursor")
    if text is None:
        return None
    position = read_cursor(text)
    if position is None:
        reading.fault("cursor", Code.BAD_FORMAT, "must be a `next` of this listing, unchanged")
    return position


def _raise_faults(reading: _Reading) -> None:
    if reading.faults:
        raise unusable(*reading.faults)
