"""Each shipped policy, driven with what its platform takes and what it refuses."""

from typing import Any

import pytest
from flows.desks import recorded
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow, When, stored_then

CHANGE = "/api/sn_chg_rest/v1/change"
TASK = "/api/now/table/sc_task"
IMPORT = "/api/now/import/u_incident_import"
BULK = "/rest/api/3/issue/bulk"
REQUEST = "/rest/servicedeskapi/request"
ISSUE = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}


def a_request(**values: Any) -> dict[str, Any]:
    return {"serviceDeskId": "1", "requestTypeId": "10", "requestFieldValues": values}


def bulk_of(*issues: dict[str, Any]) -> dict[str, Any]:
    return {"issueUpdates": [{"fields": fields} for fields in issues]}


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> tuple[RunningGateway, SimulatedServiceNow, SimulatedJira]:
    servicenow, jira = SimulatedServiceNow(), SimulatedJira()
    return await start_gateway(servicenow=servicenow, jira=jira), servicenow, jira


def address(gateway: RunningGateway, path: str) -> str:
    return (gateway.jira if path.startswith("/rest/") else gateway.servicenow) + path


@pytest.mark.parametrize(
    ("path", "body", "policy"),
    [
        (CHANGE, {"short_description": "Patch db-7", "risk": "3"}, "servicenow-change"),
        (f"{CHANGE}/emergency", {"short_description": "Patch db-7"}, "servicenow-change"),
        (f"{CHANGE}/standard/{'a' * 32}", {"assignment_group": "b" * 32}, "servicenow-change"),
        ("/api/now/v2/table/change_request", {"short_description": "Patch db-7"}, "servicenow-change"),
        (TASK, {"short_description": "Order a laptop", "state": "-5"}, "servicenow-catalog-task"),
        (IMPORT, {"u_short_description": "Disk full"}, "servicenow-import"),
        (REQUEST, a_request(summary="A laptop", description="A light one"), "jira-service-request"),
    ],
)
async def test_what_the_platform_takes_gets_through_without_a_warning(gateway, path, body, policy):
    running, servicenow, jira = gateway

    answer = await running.post(address(running, path), body)
    record = await running.call(answer)

    assert answer.ok, await answer.text()
    assert len(servicenow.tickets() + jira.tickets()) == 1
    assert record["policy"]["name"] == policy
    assert record["outcome"] == "created"
    assert "ITSM-Violations" not in answer.headers


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHANGE, {"short_description": "Patch", "state": "99"}),
        (CHANGE, {"short_desciption": "Patch"}),
        (TASK, {"description": "a task without a title"}),
        (IMPORT, {"u_short_description": "Disk full", "u_urgency": 1}),
    ],
)
async def test_what_the_platform_takes_as_a_surprise_gets_through_with_a_warning(gateway, path, body):
    running, servicenow, jira = gateway

    answer = await running.post(address(running, path), body)

    assert answer.ok, await answer.text()
    assert int(answer.headers["ITSM-Violations"]) > 0
    assert len(servicenow.tickets() + jira.tickets()) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHANGE, [{"short_description": "one"}, {"short_description": "two"}]),
        (TASK, [{"short_description": "one"}, {"short_description": "two"}]),
        (IMPORT, [{"u_short_description": "one"}]),
        (BULK, bulk_of(*[ISSUE] * 51)),
        (BULK, {"issues": []}),
        (REQUEST, a_request(summary="x" * 256)),
        (REQUEST, a_request(summary="two\nlines")),
    ],
)
async def test_what_the_platform_refuses_as_a_whole_never_reaches_it(gateway, path, body):
    running, servicenow, jira = gateway

    answer = await running.post(address(running, path), body)

    assert answer.status == 400
    assert answer.headers["ITSM-Error"] in {"validation-failed", "malformed-request"}
    assert len(servicenow.ledger) == len(jira.ledger) == 0


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (IMPORT, {"u_urgency": "1"}, 502),
        (BULK, bulk_of(ISSUE | {"project": {"key": "NONE"}}), 400),
        (REQUEST, a_request(description="no summary"), 400),
        (REQUEST, a_request(summary="A laptop", labels=["not-of-this-type"]), 400),
    ],
)
async def test_what_only_the_platform_can_know_is_its_own_refusal(gateway, path, body, status):
    running, servicenow, jira = gateway

    answer = await running.post(address(running, path), body)

    assert answer.status == status, await answer.text()
    assert len(servicenow.ledger.creates()) + len(jira.ledger.creates()) == 1
    assert servicenow.tickets() + jira.tickets() == []


async def test_many_rows_of_an_import_go_on_and_odd_values_among_them_only_warn(gateway):
    running, servicenow, _ = gateway
    rows = {"records": [{"u_short_description": "Disk full"}, {"u_short_description": "Disk slow", "u_urgency": 1}]}

    answer = await running.post(f"{running.servicenow}{IMPORT}/insertMultiple", rows)
    record = await recorded(running, answer)

    assert (answer.status, record["policy"]["name"]) == (201, "servicenow-import-many")
    assert [violation["field"] for violation in record["violations"]] == ["records.1.u_urgency"]
    assert answer.headers["ITSM-Violations"] == "1"
    assert len(servicenow.tickets()) == 2


@pytest.mark.parametrize("body", [{"rows": []}, {"records": {"u_short_description": "x"}}, {"records": ["x"]}])
async def test_an_import_of_which_no_row_would_be_taken_is_refused(gateway, body):
    running, servicenow, _ = gateway

    answer = await running.post(f"{running.servicenow}{IMPORT}/insertMultiple", body)

    assert (answer.status, answer.headers["ITSM-Error"]) == (400, "validation-failed")
    assert "records" in (await answer.json())["error"]["detail"]
    assert len(servicenow.ledger) == 0


async def test_an_import_of_many_rows_whose_answer_was_lost_is_not_sent_again(gateway):
    running, servicenow, _ = gateway
    servicenow.faults.add(stored_then(502).on(When(path="/insertMultiple")))

    answer = await running.post(
        f"{running.servicenow}{IMPORT}/insertMultiple", {"records": [{"u_short_description": "x"}]}
    )

    assert answer.status == 502
    assert len(servicenow.ledger) == 1
