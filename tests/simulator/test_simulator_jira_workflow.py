"""What becomes of an issue in Jira: edits, transitions, comments, properties."""

import pytest

from gateway.simulator import Deployment, SimulatedJira

ISSUE = "/rest/api/2/issue"
DOCUMENT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hi"}]}],
}


def fields(**more):
    return {"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}, "summary": "Disk full", **more}


async def create(client, path=ISSUE, **more):
    answer = await client.post(path, json={"fields": fields(**more)})
    return await answer.json()


async def errors_of(answer):
    return (await answer.json())["errors"]


async def test_an_edit_is_204_or_returns_the_issue(client_of):
    client = await client_of(SimulatedJira())
    path = f"{ISSUE}/{(await create(client, labels=['a']))['key']}"

    quiet = await client.put(path, json={"update": {"labels": [{"add": "b"}]}})
    told = await client.put(path, json={"fields": {"summary": "New"}}, params={"returnIssue": "true"})
    wrong = await client.put(path, json={"fields": {"summary": ""}})

    assert [quiet.status, told.status, wrong.status] == [204, 200, 400]
    shown = (await told.json())["fields"]
    assert (shown["labels"], shown["summary"]) == (["a", "b"], "New")


async def test_a_transition_moves_the_issue_and_is_then_gone(client_of, clock):
    client = await client_of(SimulatedJira(clock=clock))
    path = f"{ISSUE}/{(await create(client))['key']}"
    done = {"transition": {"id": "31"}}

    offered = [t["id"] for t in (await (await client.get(f"{path}/transitions")).json())["transitions"]]
    statuses = [(await client.post(f"{path}/transitions", json=done)).status for _ in range(2)]
    shown = (await (await client.get(path)).json())["fields"]

    assert (offered, statuses) == (["21", "31"], [204, 400])
    assert shown["status"]["statusCategory"]["key"] == "done"
    assert shown["resolutiondate"] == "2026-03-01T12:00:00.000+0000"


async def test_an_issue_that_is_reopened_is_no_longer_resolved(client_of):
    client = await client_of(SimulatedJira())
    path = f"{ISSUE}/{(await create(client))['key']}"

    for transition in ("31", "21"):
        await client.post(f"{path}/transitions", json={"transition": {"id": transition}})

    shown = (await (await client.get(path)).json())["fields"]
    assert (shown["status"]["name"], shown["resolutiondate"]) == ("In Progress", None)


async def test_data_center_answers_a_wrong_transition_with_a_500(client_of):
    client = await client_of(SimulatedJira(deployment=Deployment.DATA_CENTER))
    path = f"{ISSUE}/{(await create(client))['key']}/transitions"

    assert (await client.post(path, json={"transition": {"id": "99"}})).status == 500


async def test_comments_are_added_listed_edited_and_deleted(client_of):
    client = await client_of(SimulatedJira())
    path = f"{ISSUE}/{(await create(client))['key']}/comment"

    added = await client.post(path, json={"body": "first"})
    one = f"{path}/{(await added.json())['id']}"
    edited = await (await client.put(one, json={"body": "second"})).json()
    listed = await (await client.get(path)).json()
    gone = [(await client.delete(one)).status, (await client.get(one)).status]

    assert (added.status, edited["body"], listed["total"]) == (201, "second", 1)
    assert gone == [204, 404]


@pytest.mark.parametrize(("body", "version"), [("", "2"), (DOCUMENT, "2"), ("text", "3")])
async def test_a_comment_without_a_fitting_body_is_refused(client_of, body, version):
    client = await client_of(SimulatedJira())
    key = (await create(client))["key"]

    answer = await client.post(f"/rest/api/{version}/issue/{key}/comment", json={"body": body})

    assert (answer.status, list(await errors_of(answer))) == (400, ["comment"])


async def test_an_assignee_and_a_property_are_put(client_of):
    jira = SimulatedJira()
    client = await client_of(jira)
    path = f"{ISSUE}/{(await create(client))['key']}"

    statuses = [
        (await client.put(f"{path}/assignee", json={"accountId": "u1"})).status,
        (await client.put(f"{path}/properties/p", json=1)).status,
        (await client.put(f"{path}/properties/p", json=2)).status,
        (await client.get(f"{path}/properties/q")).status,
    ]

    assert statuses == [204, 201, 200, 404]
    assert (jira.issues()[0].fields["assignee"], jira.issues()[0].properties) == ("u1", {"p": 2})
