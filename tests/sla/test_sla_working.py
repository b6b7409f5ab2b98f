"""A due time shows its working, and a calendar that means nothing says what would."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.sla.calendar import BusinessCalendar, Elapsed, Opening
from gateway.sla.declared import Undeclarable, holidays_of, hours_of, zone_of
from gateway.sla.working import amount, working

OFFICE = BusinessCalendar("office", ZoneInfo("Europe/Berlin"), hours_of({"mon-fri": ["09:00-17:00"]}))


def at(day: int, hour: int, minute: int = 0) -> float:
    return datetime(2026, 11, day, hour, minute, tzinfo=OFFICE.zone).timestamp()


def test_the_working_tells_start_amount_end_and_what_was_closed():
    told = working(at(27, 16, 30), 3_600, OFFICE).text

    assert told == (
        "Fri 27 Nov 16:30 + 1 h → Mon 30 Nov 09:30 "
        "(Europe/Berlin, calendar office; closed from Fri 27 Nov 17:00 until Mon 30 Nov 09:00)"
    )


def test_a_stop_of_the_clock_is_part_of_the_working():
    told = working(at(25, 10), 2 * 3_600, OFFICE, [Opening(at(25, 11), at(25, 13))]).text

    assert told.startswith("Wed 25 Nov 10:00 + 2 h → Wed 25 Nov 14:00 ")
    assert "the clock stood from Wed 25 Nov 11:00 until Wed 25 Nov 13:00" in told


def test_elapsed_time_is_told_in_utc():
    assert working(0, 5_400, Elapsed()).text == "Thu 1 Jan 00:00 + 1 h 30 min → Thu 1 Jan 01:30 (UTC)"


@pytest.mark.parametrize(("seconds", "told"), [(0, "0 s"), (90, "1 min 30 s"), (90_000, "1 d 1 h")])
def test_amounts_use_the_largest_units(seconds, told):
    assert amount(seconds) == told


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (lambda: zone_of("Europe/Berln"), "'Europe/Berln'; did you mean 'Europe/Berlin'?"),
        (lambda: zone_of("#"), "'#'; write an IANA name: Europe/Berlin"),
        (lambda: holidays_of("XX", None), "write its ISO code"),
        (lambda: holidays_of("DE", "BX"), "DE has no part 'BX'"),
        (lambda: holidays_of(None, "BE"), "needs its country"),
        (lambda: hours_of({"mon-fry": ["09:00-17:00"]}), "are no weekdays"),
        (lambda: hours_of({"fri-mon": ["09:00-17:00"]}), "are no weekdays"),
        (lambda: hours_of({"mon": ["9-17"]}), "write HH:MM-HH:MM"),
        (lambda: hours_of({"mon": ["17:00-09:00"]}), "ends before it begins"),
        (lambda: hours_of({"mon": ["09:00-12:00", "11:00-13:00"]}), "overlap"),
        (lambda: hours_of({"mon-tue": ["09:00-12:00"], "tue": ["13:00-14:00"]}), "tue is given twice"),
        (lambda: hours_of({"mon": []}), "needs open hours"),
    ],
)
def test_what_cannot_be_declared_says_what_could(declare, told):
    with pytest.raises(Undeclarable, match=told.replace("?", r"\?")):
        declare()
