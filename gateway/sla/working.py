"""How a due time was worked out, in a line that a person can check by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from gateway.domain.frozen import frozen
from gateway.sla.calendar import Calendar, Opening

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_MOST_CLOSURES: Final = 5


@frozen
class Working:
    """A due time (Unix seconds) and the line that tells how it came about."""

    due_at: float
    text: str


def working(start: float, seconds: float, calendar: Calendar, stops: Sequence[Opening] = ()) -> Working:
    """`Fri 27 Nov 16:30 + 1 h → Mon 30 Nov 09:30 …`; `stops` are the stretches in which the clock stood."""
    due = calendar.add(start, seconds)
    stood = []
    for stop in stops:
        due = shifted(due, stop, calendar)
        stood.append(f"the clock stood from {_at(stop.begins, calendar.zone)} until {_at(stop.ends, calendar.zone)}")
    where = f"{calendar.zone.key}, calendar {calendar.name}" if calendar.name else calendar.zone.key
    notes = "; ".join([where, *_closures(list(calendar.closed(start, due)), calendar.zone), *stood])
    return Working(due, f"{_at(start, calendar.zone)} + {amount(seconds)} → {_at(due, calendar.zone)} ({notes})")


def shifted(due: float, stop: Opening, calendar: Calendar) -> float:
    """A due time after the clock stood: what was left then is left still; one that had passed stays."""
    if due <= stop.begins or stop.ends <= stop.begins:
        return due
    return calendar.add(stop.ends, calendar.between(stop.begins, due))


def amount(seconds: float) -> str:
    """A length of time in the largest units that fit: `1 d 4 h`."""
    left = round(seconds)
    parts = []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def _closures(closures: Sequence[Opening], zone: ZoneInfo) -> list[str]:
    told = [f"closed from {_at(each.begins, zone)} until {_at(each.ends, zone)}" for each in closures[:_MOST_CLOSURES]]
    more = len(closures) - _MOST_CLOSURES
    return [*told, f"and closed {more} times more"] if more > 0 else told


def _at(instant: float, zone: ZoneInfo) -> str:
    local = datetime.fromtimestamp(instant, zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}" + (f":{local:%S}" if local.second else "")
