"""An update that adds something is looked for before it is sent again; one that only sets values is simply retried."""

import pytest
from running import StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow, When, cut_body, refused, reset, stored_then

POSTS = When(methods=frozenset({"POST"}), path="/comment")
PATCHES = When(methods=frozenset({"PATCH"}))
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}


@pytest.mark.parametrize(
    "fault",
    [stored_then(500), stored_then(502), reset(stored=True), cut_body(stored=True)],
    ids=["answered 500", "answered 502", "reset", "cut"],
)
async def test_a_comment_whose_answer_was_lost_is_found_and_not_doubled(start_gateway: StartGateway, fault):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    key = (await (await gateway.post(f"{gateway.jira}/rest/api/2/issue", ISSUE)).json())["key"]
    jira.faults.add(fault.on(POSTS))

    response = await gateway.post(f"{gateway.jira}/rest/api/2/issue/{key}/comment", {"body": "looking at it"})

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert (await response.json())["body"] == "looking at it"
    assert len(jira.issues()[0].comments) == 1


async def test_a_comment_that_was_not_made_is_sent_again(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    key = (await (await gateway.post(f"{gateway.jira}/rest/api/2/issue", ISSUE)).json())["key"]
    jira.faults.add(refused(503).on(POSTS))

    response = await gateway.post(f"{gateway.jira}/rest/api/2/issue/{key}/comment", {"body": "looking at it"})

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "updated")
    assert response.headers["ITSM-Retry-Attempts"] == "1"
    assert len(jira.issues()[0].comments) == 1


async def test_the_same_comment_may_be_made_twice_on_purpose(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    key = (await (await gateway.post(f"{gateway.jira}/rest/api/2/issue", ISSUE)).json())["key"]

    for _ in range(2):
        await gateway.post(f"{gateway.jira}/rest/api/2/issue/{key}/comment", {"body": "again"})

    assert len(jira.issues()[0].comments) == 2


async def test_a_work_note_whose_answer_was_lost_is_not_written_twice(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    created = await gateway.post(f"{gateway.servicenow}/api/now/table/incident", {"short_description": "Disk full"})
    sys_id = (await created.json())["result"]["sys_id"]
    servicenow.faults.add(stored_then(500).on(PATCHES))

    response = await gateway.request(
        "PATCH",
        f"{gateway.servicenow}/api/now/table/incident/{sys_id}",
        headers={},
        json={"work_notes": "disk replaced"},
    )

    assert response.status == 200, await response.text()
    (stored,) = (record for record in servicenow.records("incident") if record["sys_id"] == sys_id)
    assert str(stored["work_notes"]).count("disk replaced") == 1


async def test_an_update_that_only_sets_values_is_retried_like_a_read(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[stored_then(500).on(PATCHES), refused(503).on(PATCHES)])
    gateway = await start_gateway(servicenow=servicenow)
    created = await gateway.post(f"{gateway.servicenow}/api/now/table/incident", {"short_description": "Disk full"})
    sys_id = (await created.json())["result"]["sys_id"]

    response = await gateway.request(
        "PATCH", f"{gateway.servicenow}/api/now/table/incident/{sys_id}", headers={}, json={"urgency": "1"}
    )

    assert (response.status, response.headers["ITSM-Outcome"]) == (200, "updated")
    assert response.headers["ITSM-Retry-Attempts"] == "2"
    assert servicenow.ledger.searches() == []


async def test_what_the_platform_stored_otherwise_is_named(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.post(
        f"{gateway.servicenow}/api/now/table/incident",
        {"short_description": "x" * 200, "priority": "1", "impact": "3", "urgency": "3"},
    )

    assert response.status == 201
    assert set(response.headers["ITSM-Changed-Fields"].split(", ")) == {"short_description", "priority"}


async def test_what_the_platform_stored_otherwise_is_recorded_counted_and_logged(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    response = await gateway.post(
        f"{gateway.servicenow}/api/now/table/incident",
        {"short_description": "x" * 200, "priority": "1", "no_such_field": "x"},
    )

    events = [event["event"] for event in (await gateway.call(response))["events"]]
    metrics = await gateway.metrics()
    assert "stored otherwise than sent: short_description, priority, no_such_field" in events
    assert 'itsm_changed_fields_total{field="short_description",platform="servicenow"} 1.0' in metrics
    assert 'itsm_changed_fields_total{field="priority",platform="servicenow"} 1.0' in metrics
    assert 'itsm_changed_fields_total{field="_other",platform="servicenow"} 1.0' in metrics
    assert gateway.events("call closed")[-1]["changed"] == "short_description, priority, no_such_field"


async def test_a_repeated_answer_counts_no_change_again(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(faults=[stored_then(500)]))
    ticket = {"short_description": "x" * 200}

    for _ in range(2):
        await gateway.post(f"{gateway.servicenow}/api/now/table/incident", ticket, Idempotency_Key="once")

    counted = 'itsm_changed_fields_total{field="short_description",platform="servicenow"} 1.0'
    assert counted in await gateway.metrics()
