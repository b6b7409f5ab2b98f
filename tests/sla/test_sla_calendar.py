"""Due times in business hours, against a table worked out by hand, and the laws that adding time must keep."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sla.calendar import BusinessCalendar, Elapsed
from gateway.sla.declared import holidays_of, hours_of, zone_of

HOUR = 3_600.0
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = BusinessCalendar("office", BERLIN, hours_of({"mon-fri": ["09:00-17:00"]}), holidays_of("DE", "BE"))
LUNCH = BusinessCalendar("lunch", BERLIN, hours_of({"mon-fri": ["09:00-12:00", "13:00-17:00"]}))
ALWAYS = BusinessCalendar("always", BERLIN, hours_of({"mon-sun": ["00:00-24:00"]}))
NEW_YORK = BusinessCalendar("new-york", zone_of("America/New_York"), hours_of({"mon-sun": ["00:00-24:00"]}))
UTC_OFFICE = BusinessCalendar("utc", zone_of("UTC"), hours_of({"mon-fri": ["09:00-17:00"]}), {date(2028, 2, 28)})

BY_HAND = [
    # calendar, accepted (local), promised hours, due (local), why
    (OFFICE, "2026-11-27T16:30", 1, "2026-11-30T09:30", "half an hour before a weekend, half an hour after it"),
    (OFFICE, "2026-11-25T10:00", 4, "2026-11-25T14:00", "within one day"),
    (OFFICE, "2026-11-25T10:00", 7, "2026-11-25T17:00", "to the very end of a day"),
    (OFFICE, "2026-11-25T10:00", 8, "2026-11-26T10:00", "a working day later"),
    (OFFICE, "2026-11-25T05:00", 1, "2026-11-25T10:00", "accepted before hours"),
    (OFFICE, "2026-11-25T20:00", 1, "2026-11-26T10:00", "accepted after hours"),
    (OFFICE, "2026-11-28T12:00", 2, "2026-11-30T11:00", "accepted on a Saturday"),
    (OFFICE, "2026-12-24T16:00", 2, "2026-12-28T10:00", "Christmas is a Friday and a Saturday"),
    (OFFICE, "2027-03-08T10:00", 1, "2027-03-09T10:00", "women's day is a holiday in Berlin"),
    (OFFICE, "2026-03-27T16:00", 2, "2026-03-30T10:00", "clocks go forward in a night that is closed anyway"),
    (LUNCH, "2026-11-25T11:30", 1, "2026-11-25T13:30", "over lunch"),
    (ALWAYS, "2026-03-28T12:00", 24, "2026-03-29T13:00", "clocks go forward: the day has 23 hours"),
    (ALWAYS, "2026-10-24T12:00", 24, "2026-10-25T11:00", "clocks go back: the day has 25 hours"),
    (NEW_YORK, "2026-03-07T12:00", 24, "2026-03-08T13:00", "America's clocks go forward on another day"),
    (NEW_YORK, "2026-10-31T12:00", 24, "2026-11-01T11:00", "and back on another"),
    (ALWAYS, "2028-02-28T12:00", 48, "2028-03-01T12:00", "over a leap day, every hour counts"),
    (UTC_OFFICE, "2028-02-28T12:00", 9, "2028-03-01T10:00", "a leap day is a day: 28 closed, 29 open, then March"),
]


@pytest.mark.parametrize(("calendar", "accepted", "hours", "due", "why"), BY_HAND, ids=[row[4] for row in BY_HAND])
def test_a_due_time_is_what_a_person_works_out_by_hand(calendar, accepted, hours, due, why):
    found = calendar.add(instant(accepted, calendar.zone), hours * HOUR)

    assert local(found, calendar.zone) == due, why


def test_elapsed_time_knows_no_weekend_and_no_clock_change():
    accepted = instant("2026-03-28T12:00", BERLIN)

    due = Elapsed().add(accepted, 48 * HOUR)

    assert local(due, BERLIN) == "2026-03-30T13:00"


def test_hours_that_the_clocks_skip_do_not_count_and_those_they_repeat_count_twice():
    nights = BusinessCalendar("nights", BERLIN, hours_of({"sun": ["01:00-04:00"]}))

    spring = nights.between(instant("2026-03-29T00:00", BERLIN), instant("2026-03-29T12:00", BERLIN))
    autumn = nights.between(instant("2026-10-25T00:00", BERLIN), instant("2026-10-25T12:00", BERLIN))

    assert (spring / HOUR, autumn / HOUR) == (2, 4)


def test_the_stretches_that_do_not_count_are_told_in_order():
    closed = OFFICE.closed(instant("2026-11-27T16:30", BERLIN), instant("2026-11-30T09:30", BERLIN))

    assert [(local(gap.begins, BERLIN), local(gap.ends, BERLIN)) for gap in closed] == [
        ("2026-11-27T17:00", "2026-11-30T09:00")
    ]


instants = st.floats(min_value=1_700_000_000, max_value=1_900_000_000).map(round)
lengths = st.integers(min_value=0, max_value=200 * 3_600)
calendars = st.sampled_from([OFFICE, LUNCH, ALWAYS, NEW_YORK, UTC_OFFICE])


@given(calendars, instants, lengths, lengths)
def test_more_time_is_never_due_earlier(calendar, start, one, more):
    assert calendar.add(start, one + more) >= calendar.add(start, one)


@given(calendars, instants, st.integers(0, 86_400), lengths)
def test_what_is_accepted_later_is_never_due_earlier(calendar, start, later, length):
    assert calendar.add(start + later, length) >= calendar.add(start, length)


@given(calendars, instants, lengths, lengths)
def test_time_can_be_added_in_parts(calendar, start, one, other):
    whole, parts = calendar.add(start, one + other), calendar.add(calendar.add(start, one), other)

    assert calendar.between(min(whole, parts), max(whole, parts)) == 0


@given(calendars, instants, lengths)
def test_between_start_and_due_lies_what_was_promised(calendar, start, length):
    assert calendar.between(start, calendar.add(start, length)) == pytest.approx(length, abs=1e-3)


@given(instants, st.integers(1, 200 * 3_600))
def test_nothing_is_due_out_of_hours(start, length):
    due = datetime.fromtimestamp(OFFICE.add(start, length), BERLIN)

    assert due.weekday() < 5
    assert due.date() not in OFFICE.holidays
    assert (9, 0) < (due.hour, due.minute + due.second / 60) <= (17, 0)


def instant(text: str, zone: ZoneInfo) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC).timestamp()


def local(at: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%dT%H:%M}"
