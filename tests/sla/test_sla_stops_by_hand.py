"""Due times of tickets whose clock stood, on hold or solved and opened again, against a table worked out by hand."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.sighting import Sighting, Stage
from gateway.sla.calendar import BusinessCalendar, Elapsed
from gateway.sla.declared import holidays_of, hours_of
from gateway.sla.standing import Standing, seen

HOUR = 3_600.0
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = BusinessCalendar("office", BERLIN, hours_of({"mon-fri": ["09:00-17:00"]}), holidays_of("DE", "BE"))
ALL_TIME = Elapsed()
ON_HOLD = ("3", Stage.STARTED)
SOLVED = ("6", Stage.RESOLVED)

BY_HAND = [
    # calendar, accepted, promised hours, how the clock came to stand, from, until, due, why
    (ALL_TIME, "2026-03-28T12:00", 24, ON_HOLD, "2026-03-29T01:00", "2026-03-29T04:00", "2026-03-29T15:00",
     "on hold while clocks go forward: 3 hours on the clock are 2"),
    (ALL_TIME, "2026-10-24T12:00", 24, ON_HOLD, "2026-10-25T01:00", "2026-10-25T04:00", "2026-10-25T15:00",
     "on hold while clocks go back: 3 hours on the clock are 4"),
    (OFFICE, "2026-03-27T16:00", 2, ON_HOLD, "2026-03-27T16:30", "2026-03-30T09:00", "2026-03-30T10:30",
     "on hold over the weekend on which clocks go forward"),
    (OFFICE, "2026-12-23T15:00", 4, ON_HOLD, "2026-12-24T10:00", "2026-12-28T10:00", "2026-12-28T11:00",
     "on hold over Christmas"),
    (OFFICE, "2026-11-25T16:00", 2, ON_HOLD, "2026-11-25T20:00", "2026-11-26T08:00", "2026-11-26T10:00",
     "on hold out of hours costs nothing"),
    (OFFICE, "2026-11-27T15:00", 4, SOLVED, "2026-11-27T16:00", "2026-11-30T14:00", "2026-11-30T17:00",
     "opened again after a weekend: 3 hours were left"),
    (OFFICE, "2026-11-27T15:00", 4, SOLVED, "2026-11-27T16:00", "2026-11-28T12:00", "2026-11-30T12:00",
     "opened again on a Saturday: the 3 hours begin on Monday"),
    (OFFICE, "2028-02-28T16:00", 2, SOLVED, "2028-02-28T16:30", "2028-02-29T16:00", "2028-03-01T09:30",
     "opened again on a leap day: 1 hour of 1.5 is left of it"),
    (ALL_TIME, "2028-02-28T12:00", 24, SOLVED, "2028-02-28T18:00", "2028-02-29T18:00", "2028-03-01T12:00",
     "solved for a day at the end of a leap year's February"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("calendar", "accepted", "hours", "stood", "since", "until", "due", "why"),
    BY_HAND,
    ids=[row[-1] for row in BY_HAND],
)
def test_a_due_time_after_a_stop_is_what_a_person_works_out_by_hand(  # noqa: PLR0917  # a row of the table
    calendar, accepted, hours, stood, since, until, due, why
):
    start = Standing(resolution_due_at=calendar.add(instant(accepted), hours * HOUR))

    stopped = seen(start, Sighting("T", instant(since), *stood), calendar, frozenset({"3"}))
    going = seen(stopped, Sighting("T", instant(until), "2", Stage.STARTED), calendar, frozenset({"3"}))

    assert local(going.resolution_due_at) == due, why


def instant(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def local(at: float) -> str:
    return datetime.fromtimestamp(at, BERLIN).strftime("%Y-%m-%dT%H:%M")
