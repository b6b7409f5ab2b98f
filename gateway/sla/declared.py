"""Calendars as operators declare them: zones, opening hours and countries, each checked with the nearest known name."""

import difflib
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, available_timezones

from gateway.sla.calendar import MINUTES_A_DAY, Holidays

if TYPE_CHECKING:
    from holidays import HolidayBase

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_STRETCH: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_DAYS: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?")


class Undeclarable(ValueError):
    """What was declared means nothing; the message says what would."""


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    if name not in _zones():
        raise Undeclarable(
            f"no time zone is called {name!r}{_hint(name, _zones()) or '; write an IANA name: Europe/Berlin'}"
        )
    return ZoneInfo(name)


def hours_of(declared: Mapping[str, Sequence[str]]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Opening hours by weekday, from `{"mon-fri": ["09:00-12:30", "13:30-17:00"]}`."""
    hours: dict[int, tuple[tuple[int, int], ...]] = {}
    for days, stretches in declared.items():
        minutes = tuple(sorted(_minutes(stretch) for stretch in stretches))
        if any(one[1] > other[0] for one, other in itertools.pairwise(minutes)):
            raise Undeclarable(f"the hours of {days} overlap: {', '.join(stretches)}")
        for weekday in _weekdays(days):
            if weekday in hours:
                raise Undeclarable(f"{DAYS[weekday]} is given twice; give each weekday once")
            hours[weekday] = minutes
    if not any(hours.values()):
        raise Undeclarable('a calendar needs open hours: {"mon-fri": ["09:00-17:00"]}')
    return hours


def holidays_of(country: str | None, subdivision: str | None, closed: Iterable[date] = ()) -> Holidays:
    """The holidays of a country or a part of it, and the days that are closed besides."""
    if country is None:
        if subdivision:
            raise Undeclarable("a subdivision needs its country")
        return frozenset(closed)
    known = _countries()
    if country not in known:
        raise Undeclarable(
            f"no holidays are known of country {country!r}{_hint(country, known) or '; write its ISO code: DE'}"
        )
    if subdivision and subdivision not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise Undeclarable(
            f"{country} has no part {subdivision!r}{_hint(subdivision, known[country]) or f'; known: {parts}'}"
        )
    from holidays import country_holidays  # noqa: PLC0415 (3 MB, for who declares them only)

    calendar = country_holidays(country, subdiv=subdivision)
    for day in closed:
        calendar.append({day: "closed"})
    return _Days(calendar)


class _Days:
    """Looked up year by year, each year once."""

    def __init__(self, calendar: "HolidayBase") -> None:
        self._calendar = calendar

    def __contains__(self, day: date) -> bool:
        return day in self._calendar


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    from holidays import list_supported_countries  # noqa: PLC0415 (as above)

    return dict(list_supported_countries())


def _hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name.casefold(), {each.casefold() for each in known}, n=1, cutoff=0.6)
    match = next((each for each in known if near and each.casefold() == near[0]), None)
    return f"; did you mean {match!r}?" if match else ""


def _minutes(stretch: str) -> tuple[int, int]:
    match = _STRETCH.fullmatch(stretch)
    if match is None:
        raise Undeclarable(f"{stretch!r} are no hours; write HH:MM-HH:MM: 09:00-17:30, at most until 24:00")
    opens = int(match[1]) * 60 + int(match[2])
    closes = MINUTES_A_DAY if match[3] is None else int(match[3]) * 60 + int(match[4])
    if closes <= opens:
        raise Undeclarable(f"{stretch!r} ends before it begins; give hours past midnight to the next day")
    return opens, closes


def _weekdays(days: str) -> range:
    match = _DAYS.fullmatch(days)
    ends = [match[1], match[2] or match[1]] if match else []
    if len(ends) != 2 or not set(ends) <= set(DAYS) or DAYS.index(ends[1]) < DAYS.index(ends[0]):  # noqa: PLR2004
        raise Undeclarable(f"{days!r} are no weekdays; write one of {', '.join(DAYS)}, or mon-fri")
    return range(DAYS.index(ends[0]), DAYS.index(ends[1]) + 1)
