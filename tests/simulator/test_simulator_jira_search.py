"""Jira's two searches: JQL, pages, the lag of the index, and what strangers see."""

import pytest

from gateway.simulator import Deployment, SimulatedJira

SEARCH = "/rest/api/3/search/jql"
OLD_SEARCH = "/rest/api/2/search"
BASIC = {"Authorization": "Basic bWU6c2VjcmV0"}


async def create(client, clock, project="OPS", **more):
    clock.pass_by(60)
    fields = {"project": {"key": project}, "issuetype": {"name": "Bug"}, "summary": "x", **more}
    await client.post("/rest/api/2/issue", json={"fields": fields}, headers=BASIC)


async def keys(client, jql, **more):
    answer = await client.get(SEARCH, params={"jql": jql, "fields": "summary", **more})
    return [issue["key"] for issue in (await answer.json())["issues"]]


@pytest.fixture
async def filled(client_of, clock):
    client = await client_of(SimulatedJira(clock=clock))
    await create(client, clock, summary="Disk full on web-1", labels=["itsmgw-1", "a"])
    await create(client, clock, summary="Mail is slow", labels=["itsmgw-2"], issuetype={"name": "Task"})
    await create(client, clock, project="SUP", summary="Disk broken", priority={"name": "High"})
    await client.post("/rest/api/2/issue/OPS-2/transitions", json={"transition": {"id": "31"}})
    return client


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ('project = OPS AND labels = "itsmgw-2"', ["OPS-2"]),
        ("labels = itsmgw-1", ["OPS-1"]),
        ("labels = itsmgw", []),
        ("labels in (itsmgw-1, 'itsmgw-2') order by key asc", ["OPS-1", "OPS-2"]),
        ("labels is EMPTY", ["SUP-1"]),
        ("labels is not empty ORDER BY created", ["OPS-1", "OPS-2"]),
        ("project in (OPS, SUP) ORDER BY created DESC", ["SUP-1", "OPS-2", "OPS-1"]),
        ("project != OPS", ["SUP-1"]),
        ("key = OPS-1", ["OPS-1"]),
        ("key in (OPS-1, SUP-1) ORDER BY key DESC", ["SUP-1", "OPS-1"]),
        ("project = OPS AND key > OPS-1", ["OPS-2"]),
        ("key >= OPS-1 ORDER BY key", ["OPS-1", "OPS-2"]),
        ('summary ~ "disk" ORDER BY key', ["OPS-1", "SUP-1"]),
        ("status = Done", ["OPS-2"]),
        ("statusCategory != Done AND project = ops", ["OPS-1"]),
        ("issuetype = Task", ["OPS-2"]),
        ("priority = High", ["SUP-1"]),
        ('created >= "2026-03-01 12:02" ORDER BY key ASC', ["OPS-2", "SUP-1"]),
        ("created > -90s AND project = OPS", None),
        ("created > -1m", ["SUP-1"]),
    ],
)
async def test_jql_finds_what_it_describes(filled, jql, expected):
    answer = await filled.get(SEARCH, params={"jql": jql, "fields": "summary"})

    document = await answer.json()
    assert [issue["key"] for issue in document.get("issues", [])] == (expected or [])
    assert answer.status == (400 if expected is None else 200)


@pytest.mark.parametrize(
    ("jql", "text"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("status = Melted", "The value 'Melted' does not exist for the field 'status'."),
        ("key = OPS-99", "An issue with key 'OPS-99' does not exist for field 'key'."),
        ("colour = red", "Field 'colour' does not exist or you do not have permission to view it."),
        ("labels = a ORDER BY colour", "Field 'colour' does not exist or you do not have permission to view it."),
        ("labels > a", "The operator '>' is not supported by the 'labels' field."),
        ("labels = a OR labels = b", "Error in the JQL Query: unexpected 'OR labels = b'."),
        ("", "Unbounded JQL queries are not allowed here. Please add a search restriction."),
    ],
)
async def test_jql_that_cannot_be_answered_is_an_error_and_not_an_empty_result(filled, jql, text):
    answer = await filled.get(SEARCH, params={"jql": jql})

    assert (answer.status, (await answer.json())["errorMessages"]) == (400, [text])


async def test_a_new_issue_is_readable_at_once_but_found_only_after_the_index_delay(client_of, clock):
    client = await client_of(SimulatedJira(clock=clock, index_delay=10))
    await create(client, clock, labels=["new"])

    read = (await client.get("/rest/api/2/issue/OPS-1")).status
    found = [await keys(client, "labels = new")]
    clock.pass_by(10)
    found.append(await keys(client, "labels = new"))

    assert (read, found) == (200, [[], ["OPS-1"]])


async def test_the_index_shows_the_old_version_until_it_has_caught_up(client_of, clock):
    client = await client_of(SimulatedJira(clock=clock, index_delay=10))
    await create(client, clock, labels=["old"])
    clock.pass_by(10)

    await client.put("/rest/api/2/issue/OPS-1", json={"fields": {"labels": ["new"]}})
    before = [await keys(client, "labels = old"), await keys(client, "labels = new")]
    reconciled = await keys(client, "labels = new", reconcileIssues="10000")
    clock.pass_by(10)
    after = [await keys(client, "labels = old"), await keys(client, "labels = new")]

    assert (before, reconciled, after) == ([["OPS-1"], []], ["OPS-1"], [[], ["OPS-1"]])


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_cloud_pages_by_token_and_names_no_total(client_of, clock, method):
    client = await client_of(SimulatedJira(clock=clock))
    for _ in range(5):
        await create(client, clock)

    pages, token = [], {}
    while token is not None:
        asked = {"jql": "project = OPS ORDER BY key", "maxResults": 2, **token}
        sent = {"json": asked} if method == "POST" else {"params": asked}
        document = await (await client.request(method, SEARCH, **sent)).json()
        pages.append([issue["id"] for issue in document["issues"]])
        token = None if document["isLast"] else {"nextPageToken": document["nextPageToken"]}

    assert pages == [["10000", "10001"], ["10002", "10003"], ["10004"]]
    assert "total" not in document


async def test_a_made_up_page_token_is_refused(filled):
    answer = await filled.get(SEARCH, params={"jql": "project = OPS", "nextPageToken": "made-up!"})

    assert answer.status == 400


@pytest.mark.parametrize("settings", [{"old_search": True}, {"deployment": Deployment.DATA_CENTER}])
async def test_the_old_search_pages_by_offset_and_counts(client_of, clock, settings):
    client = await client_of(SimulatedJira(clock=clock, **settings))
    for _ in range(3):
        await create(client, clock)

    asked = {"jql": "project = OPS ORDER BY key", "startAt": 1, "maxResults": 1, "fields": ["summary"]}
    document = await (await client.post(OLD_SEARCH, json=asked)).json()

    assert (document["startAt"], document["maxResults"], document["total"]) == (1, 1, 3)
    assert [issue["key"] for issue in document["issues"]] == ["OPS-2"]


async def test_cloud_has_removed_the_old_search_and_data_center_has_no_version_3(client_of):
    cloud = await client_of(SimulatedJira())
    data_center = await client_of(SimulatedJira(deployment=Deployment.DATA_CENTER))

    answers = [
        await cloud.get(OLD_SEARCH, params={"jql": "project = OPS"}),
        await data_center.get("/rest/api/3/myself"),
        await data_center.get("/rest/api/2/search/jql", params={"jql": "project = OPS"}),
    ]

    assert [answer.status for answer in answers] == [410, 404, 404]


async def test_a_stranger_finds_nothing_and_may_do_nothing(client_of, clock):
    client = await client_of(SimulatedJira(clock=clock, credentials=("me", "secret")))
    await create(client, clock, labels=["mine"])
    issue = "/rest/api/2/issue"

    assert await keys(client, "labels = mine") == []
    statuses = [
        (await client.get(SEARCH, params={"jql": "project = OPS"})).status,
        (await client.get(f"{issue}/OPS-1")).status,
        (await client.get("/rest/api/2/myself")).status,
        (await client.post(issue, json={})).status,
        (await client.put(f"{issue}/OPS-1", json={})).status,
        (await client.delete(f"{issue}/OPS-1")).status,
        (await client.get("/rest/api/2/project/OPS")).status,
    ]
    assert statuses == [400, 404, 401, 401, 401, 401, 404]


async def test_wrong_credentials_are_a_stranger_to_cloud_and_a_401_to_data_center(client_of):
    wrong = {"Authorization": "Basic bWU6d3Jvbmc="}
    cloud = await client_of(SimulatedJira(credentials=("me", "secret")))
    data_center = await client_of(SimulatedJira(credentials=("me", "secret"), deployment=Deployment.DATA_CENTER))

    deceived = await cloud.get(SEARCH, params={"jql": "labels = a"}, headers=wrong)
    unnamed = await cloud.get(SEARCH, params={"jql": "labels = a"})
    refused = await data_center.get("/rest/api/2/project", headers=wrong)

    assert (deceived.status, deceived.headers["X-Seraph-LoginReason"]) == (200, "AUTHENTICATED_FAILED")
    assert "X-Seraph-LoginReason" not in unnamed.headers
    assert refused.status == 401
