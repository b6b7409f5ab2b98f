"""A call told from its row: the attempt that the columns tell of, and only where they do."""

from dataclasses import fields

import pytest

from gateway.records.record import CallRecord
from gateway.records.story import tell


def a_row(**changes):
    """A call that came at 100, was sent at 101, and answered 201 at 103."""
    plain = {field.name: None for field in fields(CallRecord)} | {
        "id": "c1",
        "status": 201,
        "attempts": 1,
        "received_at": 100.0,
        "last_sent_at": 101.0,
        "ended_at": 103.0,
    }
    details = dict.fromkeys(
        ("told_attempts", "told_events", "told_violations", "told_problem", "told_place"),
    )
    return plain | details | changes


def test_one_plain_attempt_stands_in_the_calls_own_columns():
    story = tell(a_row())

    (attempt,) = story.attempts
    assert (attempt["started_at"], attempt["duration_seconds"], attempt["status"]) == (101.0, 2.0, 201)
    assert [event["event"] for event in story.events] == ["received", "sent", "answered"]


@pytest.mark.parametrize("unsaid", [{"ended_at": None}, {"status": None}, {"attempts": 2}])
def test_an_attempt_of_which_the_columns_know_no_end_is_not_made_up(unsaid):
    story = tell(a_row(**unsaid))

    assert story.attempts == ()


def test_what_the_caller_was_told_before_the_delivery_is_no_answer_of_the_upstream():
    story = tell(a_row(status=202, ended_at=100.5))

    assert story.attempts == ()
    assert [event["event"] for event in story.events] == ["received", "answered", "sent"]
