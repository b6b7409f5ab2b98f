"""`POST /api/v1/tickets/from-template`: what it makes, and how that is told."""

import json
from dataclasses import replace

import pytest
from web.tickets_door import (
    TICKET,
    attempts,
)

from gateway.domain.delivery import Answered, Failed, FailureKind, Reconciled
from gateway.domain.verdict import Answer


async def test_us3_a_ticket_is_made_from_a_template_and_told_with_its_retries(door):
    response, told = await door.post(job_id="job-7")

    assert response.status == 201
    assert told == {
        "call_id": "c" * 32,
        "ticket": {"id": "id1", "key": "PRB0001", "url": TICKET.url},
        "template": "rca",
        "retry": {"attempts": 1, "delays_seconds": [5.0]},
        "sla": {"response_due_at": "1970-01-01T00:01:00.000Z", "resolution_due_at": None},
        "outcome": "created",
    }
    assert response.headers["ITSM-Call-Id"] == "c" * 32
    assert response.headers["ITSM-Retry-Attempts"] == "1"


async def test_the_call_goes_where_the_template_says_with_its_variables_filled_in(door):
    await door.post(job_id="job-7")

    (forward,) = door.courier.sent
    sent = json.loads(forward.body)
    assert forward.call.target == "/api/now/table/problem"
    assert (sent["short_description"], sent["impact"]) == ("RCA Required: nightly", "2")
    assert (forward.call.job_id, forward.call.source) == ("job-7", "template")


async def test_a_dry_run_shows_the_payload_and_its_violations_and_sends_nothing(door):
    response, told = await door.post(dry_run=True, variables={"job_name": "the very long nightly job"})

    assert response.status == 200
    assert door.courier.sent == []
    assert told["payload"]["short_description"] == "RCA Required: the very long nightly job"
    assert [(each["field"], each["code"]) for each in told["violations"]] == [("short_description", "too_long")]
    assert (told["would"], told["policy"]) == ("refuse", "problem")


async def test_us2_a_broken_policy_is_422_and_names_the_field(door):
    response, told = await door.post(variables={"job_name": "the very long nightly job"})

    assert (response.status, response.headers["ITSM-Error"]) == (422, "validation-failed")
    assert told["errors"] == [
        {"field": "short_description", "code": "too_long", "message": "must have at most 30 characters"}
    ]
    assert response.headers["ITSM-Outcome"] == "validation_failed"
    assert door.courier.sent == []


async def test_us3_missing_variables_are_all_named_with_those_that_are_required(door):
    response, told = await door.post(variables={"jobname": "nightly"})

    assert (response.status, response.headers["ITSM-Error"]) == (422, "missing-variables")
    assert [(each["field"], each["code"]) for each in told["errors"]] == [("job_name", "missing_variable")]
    assert told["required"] == ["job_name"]


async def test_an_unknown_template_is_404_and_told_with_the_known_ones(door):
    response, told = await door.post(template_name="rcb")

    assert (response.status, response.headers["ITSM-Error"]) == (404, "unknown-template")
    assert "known templates: rca" in told["detail"]


async def test_a_refused_template_is_recorded_like_any_call(door):
    await door.post(template_name="rcb")

    assert [outcome.kind for outcome in door.journal.noted] == ["template_failed"]


async def test_an_upstreams_refusal_is_502_with_its_status_and_words(door):
    answer = Answer(403, (), b'{"error":{"message":"Insufficient rights"}}')
    door.courier.delivery = Answered(attempts(403), answer, succeeded=False)

    response, told = await door.post()

    assert (response.status, response.headers["ITSM-Error"]) == (502, "upstream-refused")
    assert told["upstream_status"] == 403
    assert "Insufficient rights" in told["detail"]


async def test_a_rate_limited_upstream_tells_when_to_come_back(door):
    answer = Answer(429, (("Retry-After", "17"),), b"")
    door.courier.delivery = Answered(attempts(429), answer, succeeded=False)

    response, told = await door.post()

    assert (response.status, told["upstream_status"]) == (502, 429)
    assert response.headers["Retry-After"] == "17"


@pytest.mark.parametrize(
    ("kind", "status", "problem"),
    [(FailureKind.UNREACHABLE, 502, "unreachable"), (FailureKind.TIMEOUT, 504, "timeout")],
)
async def test_an_upstream_that_gives_no_answer_is_told_as_such(door, kind, status, problem):
    door.courier.delivery = Failed(attempts(0), kind, "nobody answers")

    response, told = await door.post()

    assert (response.status, response.headers["ITSM-Error"]) == (status, problem)
    assert told["call_id"] == "c" * 32


async def test_a_create_that_nobody_can_confirm_is_504_with_a_time_to_come_back(door):
    door.courier.delivery = Failed(attempts(0), FailureKind.UNCONFIRMED, "the answer was lost", retry_after=4.0)

    response, _ = await door.post()

    assert (response.status, response.headers["ITSM-Outcome"]) == (504, "unconfirmed")
    assert response.headers["Retry-After"] == "4"


async def test_a_ticket_found_after_a_lost_answer_is_told_as_made(door):
    door.courier.delivery = Reconciled(attempts(500), Answer(201, (), b"{}"), TICKET)

    response, told = await door.post()

    assert (response.status, told["outcome"], told["ticket"]["id"]) == (201, "reconciled", "id1")


async def test_a_number_in_a_variable_keeps_its_spelling(door):
    body = '{"platform":"servicenow","template_name":"rca","variables":{"job_name":"x","impact":1e2},"dry_run":true}'

    response, _ = await door.post(body=body)

    assert '"impact":1e2' in await response.text()


async def test_a_template_that_no_policy_covers_sends_the_ticket_and_not_its_variables(door):
    door.rules = replace(door.rules, policies=())

    response, _ = await door.post()

    assert response.status == 201
    assert json.loads(door.courier.sent[0].body)["short_description"] == "RCA Required: nightly"
