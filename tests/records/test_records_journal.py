"""The journal keeps the promises of the pipeline's port."""

from dataclasses import replace

import pytest

from gateway.domain.delivery import Attempt, Event
from gateway.domain.outcome import OutcomeKind
from gateway.domain.problem import Code, Violation
from gateway.policy.policy import Record
from gateway.records.records import Records


async def test_an_opened_call_is_on_record_as_sending_with_the_instant_it_leaves(records, clock, make):
    clock.now += 0.05

    await records.journal.open(make.forward())

    story = await records.reports.call("call-1")
    assert (story.call.state, story.call.kind, story.call.last_sent_at) == ("sending", None, clock.now)
    assert [event["event"] for event in story.events] == ["received", "sent"]


async def test_a_closed_create_shows_its_outcome_its_attempts_and_its_ticket(records, make):
    forward = make.forward()
    await records.journal.open(forward)

    await records.journal.close(forward, make.created(forward.call))

    story, ticket = await records.reports.call("call-1"), await records.reports.ticket("call-1")
    assert (story.call.state, story.call.kind, story.call.status) == ("closed", "created", 201)
    assert [attempt["status"] for attempt in story.attempts] == [201]
    assert (ticket.ticket_key, ticket.priority, ticket.ticket_at - ticket.accepted_at) == ("INC-call-1", "3", 0.5)
    assert ticket.resolution_due_at == forward.call.received_at + 14_400


async def test_one_plain_attempt_is_told_as_it_was_though_no_details_are_kept_of_it(records, make, database):
    forward = make.forward()
    outcome = make.created(forward.call)
    await records.journal.open(forward)

    await records.journal.close(forward, outcome)

    (told,) = (await records.reports.call("call-1")).attempts
    (made,) = outcome.attempts
    assert (told["started_at"], told["status"], told["number"]) == (made.started_at, 201, 1)
    assert told["duration_seconds"] == pytest.approx(made.duration_seconds)
    assert database("SELECT count(attempts), count(*) FROM itsm_gateway_call_details") == [(0, 1)]


async def test_an_attempt_that_its_caller_was_not_told_of_keeps_its_own_status(records, make):
    forward = make.forward()
    outcome = make.created(forward.call, attempts=(Attempt(1, forward.call.received_at, 0.4, 503, None, 0.0),))
    await records.journal.open(forward)

    await records.journal.close(forward, outcome)

    story = await records.reports.call("call-1")
    assert (story.call.status, [attempt["status"] for attempt in story.attempts]) == (201, [503])


async def test_a_created_ticket_that_the_answer_did_not_name_is_on_record_without_a_name(records, make):
    forward = make.forward()
    await records.journal.open(forward)

    await records.journal.close(forward, make.created(forward.call, ticket=None))

    ticket = await records.reports.ticket("call-1")
    assert (ticket.ticket_id, ticket.ticket_key) == (None, None)


async def test_a_further_attempt_moves_the_instant_of_sending(records, clock, make):
    await records.journal.open(make.forward())

    await records.journal.sending("call-1", clock.now + 5)

    call = (await records.reports.call("call-1")).call
    assert (call.last_sent_at, call.attempts) == (clock.now + 5, 2)


async def test_an_unconfirmed_create_stays_open_and_makes_no_ticket(records, make):
    forward = make.forward()
    await records.journal.open(forward)

    await records.journal.close(forward, make.unconfirmed(forward.call))

    call = (await records.reports.call("call-1")).call
    assert (call.state, call.kind, call.status, call.settled_at) == ("ambiguous", "unconfirmed", 504, None)
    assert await records.reports.ticket("call-1") is None


async def test_settling_tells_what_became_of_it_and_keeps_what_the_caller_was_told(records, make):
    forward = make.forward()
    await records.journal.open(forward)
    await records.journal.close(forward, make.unconfirmed(forward.call))
    found = make.created(
        forward.call,
        kind=OutcomeKind.RECONCILED,
        ended_at=forward.call.received_at + 75,
        attempts=(),
        events=(Event(forward.call.received_at + 74, "search: found"),),
    )

    await records.journal.settle(forward, found)

    story = await records.reports.call("call-1")
    assert (story.call.state, story.call.kind, story.call.status) == ("closed", "reconciled", 504)
    assert story.call.ended_at == forward.call.received_at + 60
    assert [attempt["failure"] for attempt in story.attempts] == ["timeout"]
    assert [event["event"] for event in story.events] == ["received", "sent", "answered", "search: found", "settled"]
    assert (await records.reports.ticket("call-1")).ticket_key == "INC-call-1"


async def test_a_call_that_is_closed_stays_as_it_was_closed(records, make):
    forward = make.forward()
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call))

    await records.journal.close(forward, make.unconfirmed(forward.call))

    assert (await records.reports.call("call-1")).call.kind == "created"


async def test_a_call_that_left_while_the_store_was_down_is_recorded_when_it_ends(records, make):
    forward = make.forward()

    await records.journal.close(forward, make.created(forward.call, fenced=False))

    call = (await records.reports.call("call-1")).call
    assert (call.kind, call.state, call.fenced) == ("created", "closed", False)
    assert (await records.reports.ticket("call-1")).ticket_key == "INC-call-1"


async def test_warnings_known_at_the_start_survive_an_end_without_any(records, make):
    warning = Violation("urgency", Code.NOT_ALLOWED, "must be one of 1, 2, 3")
    forward = make.forward(warnings=(warning,))
    await records.journal.open(forward)

    await records.journal.close(forward, make.created(forward.call))

    story = await records.reports.call("call-1")
    assert (story.call.violations, [one["field"] for one in story.violations]) == (1, ["urgency"])


async def test_noted_calls_are_all_on_record_once_the_store_is_closed(records, url, make):
    for number in range(600):
        records.journal.note(make.forwarded(make.read(f"read-{number:03}")))
    records.journal.note(make.refused(make.call("refused")))

    await records.close()

    reopened = await Records.open(url)
    refused = await reopened.reports.call("refused")
    last = await reopened.reports.call("read-599")
    await reopened.close()
    assert (refused.call.kind, refused.problem["detail"]) == ("validation_failed", "short_description is required")
    assert (last.call.kind, last.call.status, records.notes_lost) == ("forwarded", 200, 0)


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        (Record.NOTHING, (None, None)),
        (Record.REQUEST, (b'{"short_description": "Job failed"}', None)),
        (Record.BOTH, (b'{"short_description": "Job failed"}', b'{"result": {}}')),
    ],
)
async def test_bodies_outlive_the_journal_only_where_the_policy_records_them(
    records, database, clock, make, record, kept
):
    forward = make.forward(record=record)
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call))
    clock.now += 25 * 3600

    await records.sweep(make.retention())

    assert database("SELECT body, answer FROM itsm_gateway_call_details") == [kept]


async def test_text_that_no_database_takes_is_kept_as_an_escape(records, make):
    forward = make.forward(make.call(job_id="nul\0 and \udcff", client="\udc80"))

    await records.journal.open(forward)

    call = (await records.reports.call("call-1")).call
    assert (call.job_id, call.client) == ("nul\\x00 and \\udcff", "\\udc80")


async def test_a_call_names_the_ticket_of_its_target_before_any_answer_does(records, make):
    route = replace(make.call().route, ticket="INC0010001")

    await records.journal.open(make.forward(make.call(route=route)))

    assert (await records.reports.call("call-1")).call.ticket_id == "INC0010001"


async def test_events_between_attempts_are_told_in_the_order_they_happened(records, make):
    forward = make.forward()
    searched = Event(forward.call.received_at + 0.3, "search: nothing found")
    await records.journal.open(forward)

    await records.journal.close(forward, make.created(forward.call, events=(searched,)))

    story = await records.reports.call("call-1")
    assert [event["event"] for event in story.events] == ["received", "sent", "search: nothing found", "answered"]
