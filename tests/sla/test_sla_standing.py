"""How sightings move a ticket's clocks: answered, on hold, resolved, reopened."""

from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.sighting import Sighting, Stage
from gateway.sla.calendar import BusinessCalendar, Elapsed
from gateway.sla.declared import hours_of
from gateway.sla.standing import Phase, PromiseState, Standing, promise_state, seen

HOUR = 3_600.0
PAUSES = frozenset({"3"})
START = Standing(response_due_at=1 * HOUR, resolution_due_at=4 * HOUR)
OFFICE = BusinessCalendar("office", ZoneInfo("Europe/Berlin"), hours_of({"mon-fri": ["09:00-17:00"]}))


def after(*sightings: Sighting, start: Standing = START, calendar=None) -> Standing:
    for sighting in sightings:
        start = seen(start, sighting, calendar or Elapsed(), PAUSES)
    return start


def at(hours: float, state: str = "", stage: Stage | None = None, *, responded: bool = False) -> Sighting:
    return Sighting("T", hours * HOUR, state, stage, responded)


def test_leaving_the_first_state_is_the_first_response():
    found = after(at(0.5, "2", Stage.STARTED))

    assert found.responded_at == 0.5 * HOUR
    assert found.phase is Phase.OPEN


def test_a_comment_is_a_response_and_a_second_one_changes_nothing():
    found = after(at(0.5, responded=True), at(0.7, responded=True))

    assert found.responded_at == 0.5 * HOUR


def test_time_on_hold_moves_the_due_time_of_the_resolution_alone():
    found = after(at(1, "3", Stage.STARTED), at(3, "2", Stage.STARTED))

    assert (found.response_due_at, found.resolution_due_at) == (1 * HOUR, 6 * HOUR)
    assert [(stop.begins, stop.ends) for stop in found.stops] == [(1 * HOUR, 3 * HOUR)]


def test_a_weekend_on_hold_costs_only_open_hours():
    friday, monday = (
        datetime(2026, 11, 27, 16, tzinfo=OFFICE.zone).timestamp(),
        datetime(2026, 11, 30, 11, tzinfo=OFFICE.zone).timestamp(),
    )
    start = Standing(resolution_due_at=OFFICE.add(friday, 2 * HOUR))

    found = after(
        Sighting("T", friday, "3", Stage.STARTED), Sighting("T", monday, "2", Stage.STARTED),
        start=start, calendar=OFFICE,
    )  # fmt: skip

    assert found.resolution_due_at == monday + 2 * HOUR


def test_a_hold_that_begins_after_the_due_time_saves_nothing():
    found = after(at(5, "3", Stage.STARTED), at(9, "2", Stage.STARTED))

    assert found.resolution_due_at == 4 * HOUR


def test_resolved_stops_the_clock_and_closed_later_does_not_move_it():
    found = after(at(2, "6", Stage.RESOLVED), at(200, "7", Stage.RESOLVED))

    assert (found.resolved_at, found.state, found.phase) == (2 * HOUR, "7", Phase.RESOLVED)


def test_a_reopened_ticket_has_what_was_left_when_it_was_resolved():
    found = after(at(2, "6", Stage.RESOLVED), at(10, "2", Stage.STARTED))

    assert (found.reopened, found.resolved_at, found.resolution_due_at) == (1, None, 12 * HOUR)


def test_on_hold_and_then_resolved_and_reopened_is_one_stop():
    found = after(at(1, "3", Stage.STARTED), at(2, "6", Stage.RESOLVED), at(5, "2", Stage.STARTED))

    assert found.resolution_due_at == 8 * HOUR


def test_what_is_told_late_does_not_undo_what_is_known():
    found = after(at(2, "6", Stage.RESOLVED), at(1, "2", Stage.STARTED))

    assert found.phase is Phase.RESOLVED


def test_a_promise_goes_from_running_to_soon_to_breached():
    states = [promise_state(4 * HOUR, 4 * HOUR, None, hours * HOUR) for hours in (1, 3, 3.9, 4, 5)]

    assert states == [
        PromiseState.RUNNING, PromiseState.SOON, PromiseState.SOON, PromiseState.BREACHED, PromiseState.BREACHED,
    ]  # fmt: skip


def test_a_hold_that_begins_too_late_leaves_the_promise_broken():
    seen_so = [at(4, "6", Stage.RESOLVED), at(3, "3", Stage.STARTED), at(5, "3", Stage.STARTED)]

    states = [after(sighting).resolution(9 * HOUR, 4 * HOUR) for sighting in seen_so]

    assert states == [PromiseState.KEPT, PromiseState.PAUSED, PromiseState.BREACHED]


def test_an_answer_that_comes_late_breaks_the_first_promise_for_good():
    states = [after(at(hours, responded=True)).response(9 * HOUR, HOUR) for hours in (1, 2)]

    assert states == [PromiseState.KEPT, PromiseState.BREACHED]


def test_a_short_promise_is_due_soon_only_in_its_last_quarter():
    states = [promise_state(900, 900, None, at) for at in (600, 700)]

    assert states == [PromiseState.RUNNING, PromiseState.SOON]
