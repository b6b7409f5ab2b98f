"""Bulk creates, worklogs, histories and service desks as a client of Jira sees them."""

import pytest

from gateway.simulator import CREATES, Deployment, SimulatedJira, refused

API = "/rest/api/2"
DESK = "/rest/servicedeskapi"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}


async def opened(client):
    return await (await client.post(f"{API}/issue", json=ISSUE)).json()


async def test_a_bulk_makes_what_it_can_and_names_the_rest(client_of):
    simulated = SimulatedJira()
    client = await client_of(simulated)

    some = await client.post(f"{API}/issue/bulk", json={"issueUpdates": [{"fields": {}}, ISSUE]})
    none = await client.post(f"{API}/issue/bulk", json={"issueUpdates": [{"fields": {}}]})
    many = await client.post(f"{API}/issue/bulk", json={"issueUpdates": [ISSUE] * 51})

    body = await some.json()
    assert (some.status, none.status, many.status) == (201, 400, 400)
    assert ([issue["key"] for issue in body["issues"]], body["errors"][0]["failedElementNumber"]) == (["OPS-1"], 0)
    assert len(simulated.issues()) == 1


async def test_issues_are_fetched_by_id_or_key_as_they_are_now_on_cloud_alone(client_of):
    cloud = await client_of(SimulatedJira(index_delay=3600.0))
    own = await client_of(SimulatedJira(deployment=Deployment.DATA_CENTER))
    made = [await opened(cloud), await opened(cloud)]
    wanted = {"issueIdsOrKeys": [made[0]["id"], "OPS-2", "OPS-9"], "fields": ["summary"]}

    body = await (await cloud.post("/rest/api/3/issue/bulkfetch", json=wanted)).json()
    missing = await own.post(f"{API}/issue/bulkfetch", json=wanted)

    assert [issue["key"] for issue in body["issues"]] == ["OPS-1", "OPS-2"]
    assert body["issues"][0]["fields"] == {"summary": "Disk full"}
    assert missing.status == 404


@pytest.mark.parametrize(
    ("given", "seconds", "words"),
    [
        ({"timeSpent": "1h 30m"}, 5400, "1h 30m"),
        ({"timeSpentSeconds": 600}, 600, "10m"),
        ({"timeSpent": "2h"}, 7200, "2h"),
    ],
)
async def test_work_is_logged_as_often_as_it_is_sent(client_of, given, seconds, words):
    client = await client_of(SimulatedJira())
    await opened(client)

    for _ in range(2):
        answer = await client.post(f"{API}/issue/OPS-1/worklog", json={**given, "comment": "x"})

    listed = await (await client.get(f"{API}/issue/OPS-1/worklog")).json()
    assert answer.status == 201
    assert listed["total"] == 2
    assert {(log["timeSpentSeconds"], log["timeSpent"], log["comment"]) for log in listed["worklogs"]} == {
        (seconds, words, "x")
    }


async def test_work_without_time_is_refused(client_of):
    client = await client_of(SimulatedJira())
    await opened(client)

    assert (await client.post(f"{API}/issue/OPS-1/worklog", json={"comment": "x"})).status == 400


@pytest.mark.parametrize(
    ("deployment", "targets"), [("cloud", ["10002", "10001"]), ("data_center", ["10001", "10002"])]
)
async def test_an_issue_tells_its_way_through_the_workflow(client_of, deployment, targets):
    client = await client_of(SimulatedJira(deployment=Deployment(deployment)))
    await opened(client)
    for step in ("21", "31"):
        await client.post(f"{API}/issue/OPS-1/transitions", json={"transition": {"id": step}})

    issue = await (await client.get(f"{API}/issue/OPS-1", params={"expand": "changelog,transitions"})).json()

    histories = issue["changelog"]["histories"]
    assert [history["items"][0]["to"] for history in histories] == targets
    assert "31" not in {transition["id"] for transition in issue["transitions"]}


async def test_comments_come_newest_first_where_that_is_asked_for(client_of):
    client = await client_of(SimulatedJira())
    await opened(client)
    for text in ("first", "second"):
        await client.post(f"{API}/issue/OPS-1/comment", json={"body": text})

    listed = await (await client.get(f"{API}/issue/OPS-1/comment", params={"orderBy": "-created"})).json()

    assert [comment["body"] for comment in listed["comments"]] == ["second", "first"]


async def test_a_property_is_shown_where_it_is_asked_for(client_of):
    client = await client_of(SimulatedJira())
    body = {**ISSUE, "properties": [{"key": "mine", "value": 1}, {"key": "other", "value": 2}]}
    await client.post(f"{API}/issue", json=body)

    issue = await (await client.get(f"{API}/issue/OPS-1", params={"properties": "mine"})).json()

    assert issue["properties"] == {"mine": 1}


async def test_a_request_takes_the_fields_of_its_type_and_is_an_issue_under_other_names(client_of):
    simulated = SimulatedJira()
    client = await client_of(simulated)
    body = {"serviceDeskId": "1", "requestTypeId": "11", "requestFieldValues": {"summary": "x", "labels": ["a"]}}

    made = await client.post(f"{DESK}/request", json=body)
    odd = await client.post(f"{DESK}/request", json={**body, "requestTypeId": "10"})

    document = await made.json()
    assert (made.status, odd.status) == (201, 400)
    assert (document["issueKey"], simulated.issues()[0].labels) == ("SUP-1", ["a"])
    assert {"fieldId": "labels", "value": ["a"]} in document["requestFieldValues"]
    assert await (await client.get(f"{DESK}/request/{document['issueId']}")).json() == document


async def test_a_desk_names_the_project_behind_it(client_of):
    client = await client_of(SimulatedJira())

    desk = await (await client.get(f"{DESK}/servicedesk/1")).json()

    assert (desk["projectKey"], desk["projectId"]) == ("SUP", "10001")
    assert (await client.get(f"{DESK}/servicedesk/9")).status == 404
    assert (await client.get(f"{DESK}/nothing")).status == 404


@pytest.mark.parametrize("path", [f"{API}/issue/bulk", f"{DESK}/request"])
async def test_faults_on_creates_meet_bulks_and_requests(client_of, path):
    simulated = SimulatedJira(faults=[refused(503).on(CREATES)])
    client = await client_of(simulated)

    answer = await client.post(path, json={})

    assert answer.status == 503
    assert len(simulated.ledger.creates()) == 1
