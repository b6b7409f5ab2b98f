"""Jira's issues as a client sees them: create, read, edit, workflow, comments, validation."""

import pytest

from gateway.simulator import JiraProject, SimulatedJira

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


@pytest.mark.parametrize("version", ["2", "3", "latest"])
async def test_a_create_answers_201_with_id_key_and_self(client_of, version):
    client = await client_of(SimulatedJira())

    answer = await client.post(f"/rest/api/{version}/issue", json={"fields": fields()})

    assert answer.status == 201
    link = str(client.make_url(f"/rest/api/{version}/issue/10000"))
    assert await answer.json() == {"id": "10000", "key": "OPS-1", "self": link}
    assert "X-AREQUESTID" in answer.headers
    assert "atl-traceid" in answer.headers


async def test_an_issue_is_read_by_key_and_by_id_with_the_fields_asked_for(client_of, clock):
    client = await client_of(SimulatedJira(clock=clock))
    created = await create(client, labels=["a"], priority={"name": "high"}, assignee={"accountId": "u1"})

    whole = await (await client.get(f"{ISSUE}/{created['key']}")).json()
    part = await (await client.get(f"{ISSUE}/{created['id']}", params={"fields": "summary,labels"})).json()
    rest = await (await client.get(f"{ISSUE}/{created['id']}", params={"fields": "-labels"})).json()

    assert whole["fields"]["status"]["statusCategory"]["key"] == "new"
    assert whole["fields"]["created"] == "2026-03-01T12:00:00.000+0000"
    assert (whole["fields"]["priority"]["id"], whole["fields"]["assignee"]["accountId"]) == ("2", "u1")
    assert part["fields"] == {"summary": "Disk full", "labels": ["a"]}
    assert "labels" not in rest["fields"]
    assert "summary" in rest["fields"]


async def test_keys_count_by_project_and_are_never_used_twice(client_of):
    client = await client_of(SimulatedJira())

    first = await create(client)
    deleted = await client.delete(f"{ISSUE}/{first['key']}")
    second = await create(client)
    other = await create(client, project={"id": "10001"})

    assert deleted.status == 204
    assert [second["key"], other["key"]] == ["OPS-2", "SUP-1"]
    assert (await client.get(f"{ISSUE}/OPS-1")).status == 404


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"summary": None}, "summary", "You must specify a summary of the issue."),
        ({"summary": " "}, "summary", "You must specify a summary of the issue."),
        ({"summary": "a\nb"}, "summary", "The summary is invalid because it contains newline characters."),
        ({"summary": "x" * 256}, "summary", "Summary must be less than 255 characters."),
        ({"labels": ["x y"]}, "labels", "The label 'x y' contains spaces which is invalid."),
        ({"labels": "x"}, "labels", "data was not an array"),
        ({"project": {"key": "NOPE"}}, "project", "valid project is required"),
        ({"project": None}, "project", "Specify a valid project ID or key"),
        ({"issuetype": {"name": "Epos"}}, "issuetype", "The issue type selected is invalid."),
        ({"priority": {"name": "Urgent"}}, "priority", "The priority selected is invalid."),
        ({"description": DOCUMENT}, "description", "Operation value must be a string"),
        (
            {"description": "x" * 32_768},
            "description",
            "The entered text is too long. It exceeds the allowed limit of 32,767 characters.",
        ),
        ({"components": ["web"]}, "components", "expected Object containing a 'name' or 'id' property"),
        ({"duedate": "tomorrow"}, "duedate", "Error parsing date string: tomorrow"),
        ({"foo": 1}, "foo", "Field 'foo' cannot be set. It is not on the appropriate screen, or unknown."),
    ],
)
async def test_a_wrong_field_is_refused_in_jiras_words(client_of, change, field, text):
    jira = SimulatedJira()

    answer = await (await client_of(jira)).post(ISSUE, json={"fields": fields(**change)})

    assert (answer.status, await errors_of(answer)) == (400, {field: text})
    assert jira.issues() == []


async def test_everything_that_is_wrong_is_said_at_once(client_of):
    answer = await (await client_of(SimulatedJira())).post(ISSUE, json={"fields": fields(summary="", labels=["a b"])})

    assert set(await errors_of(answer)) == {"summary", "labels"}


async def test_a_summary_of_255_characters_is_accepted(client_of):
    assert (await create(await client_of(SimulatedJira()), summary="x" * 255))["key"] == "OPS-1"


async def test_version_3_wants_a_document_and_version_2_shows_its_text(client_of):
    client = await client_of(SimulatedJira())

    refused = await client.post("/rest/api/3/issue", json={"fields": fields(description="plain")})
    created = await create(client, "/rest/api/3/issue", description=DOCUMENT)
    old = await (await client.get(f"/rest/api/2/issue/{created['key']}")).json()
    new = await (await client.get(f"/rest/api/3/issue/{created['key']}")).json()

    text = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
    assert await errors_of(refused) == {"description": text}
    assert (old["fields"]["description"], new["fields"]["description"]) == ("hi", DOCUMENT)


async def test_latest_is_version_2(client_of):
    created = await create(await client_of(SimulatedJira()), "/rest/api/latest/issue", description="plain")

    assert created["key"] == "OPS-1"


async def test_a_project_without_the_label_field_refuses_exactly_the_labels(client_of):
    client = await client_of(SimulatedJira())

    with_labels = await client.post(ISSUE, json={"fields": fields(project={"key": "NOLABEL"}, labels=["a"])})
    without = await client.post(ISSUE, json={"fields": fields(project={"key": "NOLABEL"})})

    assert (with_labels.status, list(await errors_of(with_labels))) == (400, ["labels"])
    assert without.status == 201


async def test_a_project_may_demand_more_fields(client_of):
    project = JiraProject("OPS", "1", "Operations", required=frozenset({"customfield_10050"}))
    client = await client_of(SimulatedJira(projects=[project]))

    refused = await client.post(ISSUE, json={"fields": fields()})

    assert await errors_of(refused) == {"customfield_10050": "External key is required."}
    assert (await create(client, customfield_10050="K"))["key"] == "OPS-1"


async def test_update_operations_and_properties_take_part_in_a_create(client_of):
    jira = SimulatedJira()
    client = await client_of(jira)
    body = {
        "fields": fields(),
        "update": {"labels": [{"add": "a"}, {"add": "b"}, {"remove": "a"}], "comment": [{"add": {"body": "hello"}}]},
        "properties": [{"key": "itsm-gateway", "value": {"k": 1}}],
    }

    await client.post(ISSUE, json=body)

    issue = jira.tickets_with("b")[0]
    assert (issue.labels, issue.comments[0].body) == (["b"], "hello")
    assert (await (await client.get(f"{ISSUE}/OPS-1/properties/itsm-gateway")).json())["value"] == {"k": 1}


async def test_a_field_both_set_and_updated_is_refused(client_of):
    body = {"fields": fields(labels=["a"]), "update": {"labels": [{"add": "b"}]}}

    assert (await (await client_of(SimulatedJira())).post(ISSUE, json=body)).status == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status"),
    [
        ("POST", ISSUE, b"{", "application/json", 400),
        ("POST", ISSUE, b"[]", "application/json", 400),
        ("POST", ISSUE, b'{"fields": []}', "application/json", 400),
        ("POST", ISSUE, b'{"fields": "x"}', "application/json", 400),
        ("POST", ISSUE, b'{"update": {"labels": ["bare"]}}', "application/json", 400),
        ("POST", ISSUE, b'{"update": {"labels": [{"erase": "x"}]}}', "application/json", 400),
        ("POST", ISSUE, b"{}", "text/plain", 415),
        ("PATCH", ISSUE, b"{}", "application/json", 405),
        ("GET", "/rest/api/2/nonsense", None, "application/json", 404),
        ("GET", "/browse/OPS-1", None, "application/json", 404),
        ("GET", f"{ISSUE}/OPS-9", None, "application/json", 404),
    ],
)
async def test_what_makes_no_sense_is_a_client_error(client_of, method, path, body, content_type, status):
    client = await client_of(SimulatedJira())

    assert (await client.request(method, path, data=body, headers={"Content-Type": content_type})).status == status
