import asyncio
import json

import pytest

from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import OutcomeKind, PolicyName, SlaDue
from gateway.domain.problem import Code, Problem, ProblemType, Violation
from gateway.domain.verdict import Answer, Ticket
from gateway.telemetry.events import Events
from gateway.telemetry.last_seen import LastSeen
from gateway.telemetry.telling import TellAll


@pytest.fixture
def told(log, stream):
    """Tell through `told.events`, then read what was written."""

    class Told:
        events = Events(log)

        def read(self) -> list[dict]:
            log.close()
            return [json.loads(line) for line in stream.getvalue().splitlines()]

    return Told()


def at_fault(kind: OutcomeKind) -> dict:
    violations = (Violation("urgency", Code.NOT_ALLOWED, "'private words' is not one of 1, 2, 3"),)
    problem = Problem(ProblemType.VALIDATION_FAILED, 400, "'private words' is wrong", violations)
    return {"kind": kind, "attempts": 0, "violations": violations, "problem": problem}


def test_every_call_leaves_one_event_that_tells_its_story(told, an_outcome):
    outcome = an_outcome(
        OutcomeKind.CREATED,
        attempts=2,
        policy=PolicyName("sn-incident", "v1"),
        answer=Answer(201, (), b"private words"),
        ticket=Ticket("id1", "INC1"),
        job_id="nightly",
    )

    told.events.concluded(outcome)

    (event,) = told.read()
    assert event.pop("timestamp").endswith("+00:00")
    assert event == {
        "event": "call closed",
        "level": "info",
        "call_id": "c" * 32,
        "upstream": "sn",
        "platform": "servicenow",
        "operation": "create_ticket",
        "route": "table.create",
        "method": "POST",
        "path": "/api/now/table/incident",
        "outcome": "created",
        "status": 201,
        "duration_seconds": 1.5,
        "retries": 1,
        "waits_seconds": [5.0],
        "source": "proxy",
        "policy": "sn-incident",
        "policy_version": "v1",
        "ticket": "INC1",
        "fenced": True,
        "job_id": "nightly",
    }


def test_the_event_of_a_create_says_until_when_its_promises_run(told, an_outcome):
    due = SlaDue(response_due_at=4600.0, resolution_due_at=15400.5)

    told.events.concluded(an_outcome(ticket=Ticket("id1", "INC1"), sla=due))
    told.events.settled(an_outcome(OutcomeKind.RECONCILED, ticket=Ticket("id2"), sla=SlaDue(resolution_due_at=15400.5)))

    closed, settled = told.read()
    assert closed["response_due_at"] == "1970-01-01T01:16:40.000+00:00"
    assert closed["resolution_due_at"] == settled["resolution_due_at"] == "1970-01-01T04:16:40.500+00:00"
    assert "response_due_at" not in settled


def test_a_validation_failure_leaves_an_event_with_fields_and_codes(told, an_outcome):
    told.events.concluded(an_outcome(**at_fault(OutcomeKind.VALIDATION_FAILED)))

    failed, closed = told.read()
    assert (failed["event"], closed["event"]) == ("validation failed", "call closed")
    assert failed["violations"] == [{"field": "urgency", "code": "not_allowed"}]
    assert failed["level"] == "warning"
    assert closed["problem"] == "validation-failed"


def test_a_template_that_cannot_be_filled_in_leaves_an_event(told, an_outcome):
    told.events.concluded(an_outcome(**at_fault(OutcomeKind.TEMPLATE_FAILED), template_name="rca"))

    failed, _closed = told.read()
    assert (failed["event"], failed["template"]) == ("template failed", "rca")


def test_violations_that_only_warn_are_told_as_warnings(told, an_outcome):
    told.events.concluded(an_outcome(violations=(Violation("urgency", Code.REQUIRED, ""),)))

    assert [event["event"] for event in told.read()] == ["validation warned", "call closed"]


def test_a_dry_run_leaves_its_closing_event_alone(told, an_outcome):
    told.events.concluded(an_outcome(**at_fault(OutcomeKind.DRY_RUN)))

    assert [event["event"] for event in told.read()] == ["call closed"]


def test_no_body_header_or_query_gets_into_an_event(told, an_outcome):
    target = "/api/now/table/incident?sysparm_query=private"

    told.events.concluded(an_outcome(**at_fault(OutcomeKind.VALIDATION_FAILED), target=target))
    told.events.concluded(an_outcome(answer=Answer(201, (("Set-Cookie", "private"),), b"private words")))

    text = json.dumps(told.read())
    assert "private" not in text
    assert "c2VjcmV0" not in text


def test_a_late_settlement_and_a_failing_store_are_told(told, an_outcome):
    told.events.settled(an_outcome(OutcomeKind.RECONCILED, ticket=Ticket("id1")))
    told.events.store_failed(an_outcome().call, StoreUnavailable("disk full"))

    settled, failed = told.read()
    assert (settled["event"], settled["outcome"], settled["ticket"]) == ("call settled", "reconciled", "id1")
    assert (failed["event"], failed["level"], failed["error"]) == ("store failed", "error", "disk full")


def test_a_hostile_name_is_cut_and_stays_on_its_line(told, an_outcome):
    violations = tuple(Violation("x\n" * 500, Code.UNKNOWN_FIELD, "") for _ in range(500))

    told.events.concluded(an_outcome(OutcomeKind.VALIDATION_FAILED, attempts=0, violations=violations))

    failed, _closed = told.read()
    assert len(failed["violations"]) == 100
    assert len(failed["violations"][0]["field"]) == 200


def test_everyone_who_listens_is_told(metrics, sample, told, an_outcome):
    seen = LastSeen(lambda: 1001.0)
    everyone = TellAll((metrics, told.events, seen))

    everyone.concluded(an_outcome(OutcomeKind.UNCONFIRMED))
    everyone.settled(an_outcome(OutcomeKind.RECONCILED))
    everyone.refused_at_the_door(Problem(ProblemType.TOO_LARGE, 413, "private words"), "c1")
    everyone.store_failed(an_outcome().call, StoreUnavailable("disk full"))

    events = [event["event"] for event in told.read()]
    assert events == ["call closed", "call settled", "request refused", "store failed"]
    assert sample("itsm_requests_refused_total", problem="too-large") == 1
    assert sample("itsm_ticket_creation_total", platform="servicenow", outcome="unconfirmed") == 1
    assert sample("itsm_late_settlements_total", platform="servicenow", outcome="reconciled") == 1
    assert sample("itsm_store_failures_total", platform="servicenow") == 1
    assert seen.upstreams["sn"].answered_at == 1001.5


async def test_who_can_wait_hears_of_a_call_only_after_its_caller(told, metrics, sample, an_outcome):
    everyone = TellAll((metrics,), onlookers=(told.events,))
    answered = asyncio.get_running_loop().create_future()

    everyone.concluded(an_outcome())
    told.events._log.info("answered")
    asyncio.get_running_loop().call_soon(answered.set_result, None)
    await answered

    assert sample("itsm_ticket_creation_total", platform="servicenow", outcome="created") == 1
    assert [event["event"] for event in told.read()] == ["answered", "call closed"]


async def test_calls_that_end_together_are_told_in_turn_and_later_ones_as_well(told, an_outcome):
    everyone = TellAll((), onlookers=(told.events,))

    for call_ids in (("first", "second"), ("third",)):
        for call_id in call_ids:
            everyone.concluded(an_outcome(id=call_id))
        await asyncio.sleep(0)

    assert [event["call_id"] for event in told.read()] == ["first", "second", "third"]


async def test_what_no_caller_waits_for_is_told_at_once(told, an_outcome):
    later = TellAll((), onlookers=(told.events,))

    later.settled(an_outcome(OutcomeKind.RECONCILED))
    later.refused_at_the_door(Problem(ProblemType.TOO_LARGE, 413, ""), "c1")
    later.store_failed(an_outcome().call, StoreUnavailable("disk full"))

    assert [event["event"] for event in told.read()] == ["call settled", "request refused", "store failed"]
