"""Time that counts: all of it, or the open hours of a business somewhere on earth."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from gateway.domain.frozen import frozen

MOST_OPEN_SECONDS: Final = 2_000 * 3_600.0
"""The longest promise in open time: about a working year, so that counting always ends soon."""

MOST_DAYS: Final = 366 * 60
"""Days looked through for open hours at most: a calendar that opens one minute a week still ends there."""

MINUTES_A_DAY: Final = 24 * 60

_UTC: Final = ZoneInfo("UTC")


@frozen
class Opening:
    """One stretch of open time, Unix seconds."""

    begins: float
    ends: float


class Calendar(Protocol):
    """Which time counts towards a promise. Instants are Unix seconds."""

    @property
    def name(self) -> str:
        """Its name in the config; empty where all time counts."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """In which its hours are told."""
        ...

    def add(self, start: float, seconds: float) -> float:
        """The instant at which so much counted time has passed since `start`."""
        ...

    def between(self, start: float, end: float) -> float:
        """How much counted time lies between two instants; none where `end` is not later."""
        ...

    def closed(self, start: float, end: float) -> Iterator[Opening]:
        """The stretches between two instants that do not count, the first first."""
        ...


@frozen
class Elapsed:
    """All time counts."""

    name: str = ""
    zone: ZoneInfo = _UTC

    def add(self, start: float, seconds: float) -> float:
        """Plain addition."""
        return start + seconds

    def between(self, start: float, end: float) -> float:
        """Plain difference."""
        return max(end - start, 0.0)

    def closed(self, start: float, end: float) -> Iterator[Opening]:  # noqa: ARG002  # the protocol's question
        """Never."""
        return iter(())


class Holidays(Protocol):
    """Days on which nothing is open; the `holidays` library's calendars are such."""

    def __contains__(self, day: date, /) -> bool:
        """Whether that day is one."""
        ...


@frozen
class BusinessCalendar:
    """Open hours by weekday (Monday is 0), as minutes of the local day, in order and apart from each other.

    A day in which the clocks change is as long as it is: what counts is time that passes while open.
    """

    name: str
    zone: ZoneInfo
    hours: Mapping[int, tuple[tuple[int, int], ...]]
    holidays: Holidays = field(default_factory=frozenset)

    def add(self, start: float, seconds: float) -> float:
        """The instant at which that much open time has passed: inside open hours, or at the end of them."""
        left = max(seconds, 0.0)
        last = start
        for opening in self._openings(start):
            begins = max(opening.begins, start)
            if left <= opening.ends - begins:
                return begins + left
            left -= opening.ends - begins
            last = opening.ends
        return last + left

    def between(self, start: float, end: float) -> float:
        """Open time between two instants."""
        passed = 0.0
        for opening in self._openings(start):
            if opening.begins >= end:
                break
            passed += max(min(opening.ends, end) - max(opening.begins, start), 0.0)
        return passed

    def closed(self, start: float, end: float) -> Iterator[Opening]:
        """What lies between the open hours."""
        since = start
        for opening in self._openings(start):
            if opening.begins >= end:
                break
            if opening.begins > since:
                yield Opening(since, opening.begins)
            since = opening.ends
        if since < end:
            yield Opening(since, end)

    def _openings(self, start: float) -> Iterator[Opening]:
        """Open stretches that end after `start`, the first first."""
        today = datetime.fromtimestamp(start, self.zone).date()
        for number in range(MOST_DAYS):
            day = today + timedelta(days=number)
            if day in self.holidays:
                continue
            for opens, closes in self.hours.get(day.weekday(), ()):
                opening = Opening(self._instant(day, opens), self._instant(day, closes))
                if opening.ends > start and opening.ends > opening.begins:
                    yield opening

    def _instant(self, day: date, minute: int) -> float:
        """A local minute as an instant; one that the clocks skip is as late as if they had not."""
        local = datetime.combine(day + timedelta(days=minute // MINUTES_A_DAY), time(), self.zone)
        return local.replace(hour=minute % MINUTES_A_DAY // 60, minute=minute % 60).astimezone(UTC).timestamp()
