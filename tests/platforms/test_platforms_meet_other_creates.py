"""Creates beside the Table API and Jira's issues, spoken with the simulated platforms."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from platforms.meeting import CARRIER, OTHER, Instance

from gateway.domain.verdict import Deceptive, Done, NotExecuted
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Carrier, Found, SearchDenied
from gateway.platforms.servicenow import ServiceNow
from gateway.simulator import Deployment, SimulatedJira, SimulatedServiceNow

CHANGE = "/api/sn_chg_rest/v1/change/normal"
COALESCING = "/api/now/import/u_coalescing_import"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Incident"}, "summary": "Disk full"}}
REQUEST = {"serviceDeskId": "1", "requestTypeId": "11", "requestFieldValues": {"summary": "Laptop"}}


def judged(instance, path, answer):
    route = instance.platform.route("POST", path)
    return instance.platform.judge(route, answer, carried=None, clock=0.0)


async def servicenow(aiohttp_client, **settings):
    simulated = SimulatedServiceNow(**settings)
    return simulated, Instance(await aiohttp_client(simulated.app()), ServiceNow())


async def jira(aiohttp_client, **settings):
    simulated = SimulatedJira(**settings)
    return simulated, Instance(await aiohttp_client(simulated.app()), Jira())


async def test_a_lost_change_is_found_again_word_for_word(aiohttp_client):
    _, instance = await servicenow(aiohttp_client)

    place, answer, verdict = await instance.file(CHANGE, {"short_description": "Patch"})
    finding = await instance.find(CHANGE, {"short_description": "Patch"}, CARRIER, place)

    assert instance.platform.is_carried(instance.platform.route("POST", CHANGE), answer, CARRIER, place) is True
    assert isinstance(finding, Found)
    assert (finding.ticket.id, finding.ticket.key) == (verdict.ticket.id, verdict.ticket.key)
    assert (finding.answer.status, json.loads(finding.answer.body)) == (200, json.loads(answer.body))
    assert finding.answer.header("location") is None


async def test_a_lost_task_of_a_change_is_found_again_word_for_word(aiohttp_client):
    _, instance = await servicenow(aiohttp_client)
    _, _, change = await instance.file("/api/sn_chg_rest/change", {"short_description": "Patch"})
    target = f"/api/sn_chg_rest/change/{change.ticket.id}/task"

    place, answer, _ = await instance.file(target, {"short_description": "Reboot"}, OTHER)
    finding = await instance.find(target, {}, OTHER, place)

    assert isinstance(finding, Found)
    assert json.loads(finding.answer.body) == json.loads(answer.body)


async def test_a_change_that_never_came_is_absent(aiohttp_client):
    _, instance = await servicenow(aiohttp_client)
    place, _, _ = await instance.file(CHANGE, {"short_description": "Patch"})

    assert await instance.find(CHANGE, {}, OTHER, place) == Absent()


async def test_a_coalescing_import_that_is_sent_twice_makes_one_ticket(aiohttp_client):
    simulated, instance = await servicenow(aiohttp_client)
    row = {"u_short_description": "Disk full"}
    carrier = Carrier(CARRIER.value, "u_correlation_id")

    _, _, first = await instance.file(COALESCING, row, carrier)
    _, _, second = await instance.file(COALESCING, row, carrier)
    _, _, third = await instance.file(COALESCING, {"u_short_description": "Disk still full"}, carrier)

    assert first == second == third
    assert isinstance(first, Done)
    assert len(simulated.tickets()) == 1


async def test_an_import_is_not_searched_for(aiohttp_client):
    _, instance = await servicenow(aiohttp_client)

    assert isinstance(await instance.find(COALESCING, {}, CARRIER, "u_correlation_id"), SearchDenied)


async def test_an_import_whose_row_fails_is_no_success(aiohttp_client):
    simulated, instance = await servicenow(aiohttp_client)

    answer = await instance.create(COALESCING, {"u_urgency": "1"})
    verdict = judged(instance, COALESCING, answer)

    assert answer.status == 201
    assert isinstance(verdict, Deceptive)
    assert verdict.nothing_made
    assert simulated.tickets() == []


async def test_many_rows_are_queued_and_name_no_ticket(aiohttp_client):
    simulated, instance = await servicenow(aiohttp_client)
    path = "/api/now/import/u_incident_import/insertMultiple"

    answer = await instance.create(path, {"records": [{"u_short_description": "a"}, {"u_short_description": "b"}]})

    assert judged(instance, path, answer) == Done()
    assert len(simulated.tickets()) == 2


@pytest.mark.parametrize(
    ("verb", "body", "table"),
    [
        ("order_now", {"sysparm_quantity": 1, "variables": {"size": "large"}}, "sc_request"),
        ("submit_producer", {"variables": {"short_description": "Disk full"}}, "incident"),
    ],
)
async def test_an_order_names_the_ticket_it_made(aiohttp_client, verb, body, table):
    simulated, instance = await servicenow(aiohttp_client)
    path = f"/api/sn_sc/servicecatalog/items/1/{verb}"

    verdict = judged(instance, path, await instance.create(path, body))

    (made,) = simulated.tickets()
    assert (made["sys_class_name"], made["sys_id"], made["number"]) == (table, verdict.ticket.id, verdict.ticket.key)


async def test_a_batch_tells_of_what_failed_and_of_what_was_left(aiohttp_client):
    simulated, instance = await servicenow(aiohttp_client, batch_limit=2)
    inner = base64.b64encode(b'{"short_description":"x"}').decode()
    headers = [{"name": "Content-Type", "value": "application/json"}, {"name": "Accept", "value": "*/*"}]
    tables = {"1": "incident", "2": "no_such_table", "3": "incident"}
    parts = [
        {"id": number, "method": "POST", "url": f"/api/now/table/{table}", "headers": headers, "body": inner}
        for number, table in tables.items()
    ]

    verdict = judged(instance, "/api/now/batch", await instance.create("/api/now/batch", {"rest_requests": parts}))

    assert verdict == Done(flaws=("request 2 was answered 400", "request 3 was not executed"))
    assert len(simulated.tickets()) == 1


async def test_a_batch_of_which_nothing_was_tried_may_be_sent_again(aiohttp_client):
    _, instance = await servicenow(aiohttp_client, batch_limit=0)

    answer = await instance.create("/api/now/batch", {"rest_requests": [{"id": "1"}]})

    assert isinstance(judged(instance, "/api/now/batch", answer), NotExecuted)


async def test_a_bulk_names_what_it_made_and_what_it_refused(aiohttp_client):
    simulated, instance = await jira(aiohttp_client)
    wrong = {"fields": {**ISSUE["fields"], "summary": ""}}

    answer = await instance.create("/rest/api/2/issue/bulk", {"issueUpdates": [ISSUE, wrong, ISSUE]})
    verdict = judged(instance, "/rest/api/2/issue/bulk", answer)

    assert [verdict.ticket.key, *(ticket.key for ticket in verdict.further)] == ["OPS-1", "OPS-2"]
    assert verdict.flaws == ("element 1 was answered 400: summary: You must specify a summary of the issue.",)
    assert len(simulated.issues()) == 2


@pytest.mark.parametrize("place", ["labels", "customfield_10050"])
async def test_a_lost_request_is_found_again_word_for_word(aiohttp_client, place):
    _, instance = await jira(aiohttp_client)
    target = "/rest/servicedeskapi/request"

    held, answer, verdict = await instance.file(target, REQUEST, Carrier(CARRIER.value, place))
    finding = await instance.find(target, REQUEST, CARRIER, held)
    missing = await instance.find(target, REQUEST, OTHER, held)

    assert isinstance(finding, Found)
    assert (finding.ticket.id, finding.ticket.key) == (verdict.ticket.id, verdict.ticket.key)
    assert json.loads(finding.answer.body) == json.loads(answer.body)
    assert missing == Absent()


async def test_a_request_whose_desk_names_no_project_proves_nothing(aiohttp_client):
    _, instance = await jira(aiohttp_client)

    unknown = await instance.find("/rest/servicedeskapi/request", {**REQUEST, "serviceDeskId": "9"}, CARRIER, "labels")
    unsafe = await instance.find("/rest/servicedeskapi/request", {**REQUEST, "serviceDeskId": "1/x"}, CARRIER, "labels")

    assert isinstance(unknown, SearchDenied)
    assert isinstance(unsafe, SearchDenied)


@pytest.mark.parametrize("deployment", Deployment)
@pytest.mark.parametrize("project", [{"key": "OPS"}, {"id": "10000"}])
async def test_an_issue_that_no_index_shows_yet_is_found_without_any_ticket_to_begin_with(
    aiohttp_client, deployment, project
):
    now = datetime(2026, 9, 21, tzinfo=UTC)
    _, instance = await jira(aiohttp_client, deployment=deployment, index_delay=3600.0, clock=lambda: now)
    body = {"fields": {**ISSUE["fields"], "project": project}}
    for _ in range(3):
        await instance.create("/rest/api/2/issue", body)

    place, _, verdict = await instance.file("/rest/api/2/issue", body)
    finding = await instance.find("/rest/api/2/issue", body, CARRIER, place, since=now.timestamp())
    missing = await instance.find("/rest/api/2/issue", body, OTHER, place, since=now.timestamp())

    assert isinstance(finding, Found)
    assert finding.ticket.key == verdict.ticket.key
    assert missing == Absent()


async def test_a_ticket_that_came_after_ours_does_not_hide_it_from_the_look_by_key(aiohttp_client):
    times = [datetime(2026, 9, 21, tzinfo=UTC)]
    _, instance = await jira(aiohttp_client, index_delay=120.0, clock=lambda: times[-1])
    began = times[-1].timestamp()
    place, _, ours = await instance.file("/rest/api/3/issue", ISSUE)
    _, _, later = await instance.file("/rest/api/3/issue", ISSUE, OTHER)
    times.append(times[-1] + timedelta(seconds=60))

    finding = await instance.find("/rest/api/3/issue", ISSUE, CARRIER, place, witness=later.ticket, since=began)

    assert isinstance(finding, Found)
    assert finding.ticket.key == ours.ticket.key


@pytest.mark.parametrize("deployment", Deployment)
async def test_a_property_confirms_an_issue_but_its_absence_proves_nothing(aiohttp_client, deployment):
    _, instance = await jira(aiohttp_client, deployment=deployment)

    place, _, verdict = await instance.file("/rest/api/2/issue", ISSUE, Carrier(CARRIER.value, "property"))
    finding = await instance.find("/rest/api/2/issue", ISSUE, CARRIER, place)
    missing = await instance.find("/rest/api/2/issue", ISSUE, OTHER, place)

    assert isinstance(finding, Found)
    assert finding.ticket.key == verdict.ticket.key
    assert isinstance(missing, SearchDenied)
