"""Links, watchers, votes, boards and what is done to requests, as a client of Jira sees them."""

from aiohttp import FormData
from yarl import URL

from gateway.simulator import SimulatedJira

API = "/rest/api/3"
AGILE = "/rest/agile/1.0"
DESK = "/rest/servicedeskapi"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}
LINK = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "OPS-1"}, "outwardIssue": {"key": "OPS-2"}}
REQUEST = {"serviceDeskId": "1", "requestTypeId": "10", "requestFieldValues": {"summary": "A laptop"}}


async def with_issues(client_of):
    client = await client_of(SimulatedJira())
    for _ in range(2):
        await client.post(f"{API}/issue", json=ISSUE)
    return client


async def with_request(client_of):
    simulated = SimulatedJira()
    client = await client_of(simulated)
    key = (await (await client.post(f"{DESK}/request", json=REQUEST)).json())["issueKey"]
    return simulated, client, f"{DESK}/request/{key}"


async def test_an_identical_link_is_not_made_twice_and_has_no_body(client_of):
    client = await with_issues(client_of)

    made = [await client.post(f"{API}/issueLink", json=LINK) for _ in range(2)]
    missing = await client.post(f"{API}/issueLink", json=LINK | {"outwardIssue": {"key": "OPS-9"}})
    removed = await client.delete(URL(made[0].headers["Location"]).path)

    assert [(each.status, await each.read()) for each in made] == [(201, b""), (201, b"")]
    assert made[0].headers["Location"] == made[1].headers["Location"]
    assert (missing.status, removed.status) == (404, 204)


async def test_a_remote_link_is_put_in_place_of_the_one_with_its_global_id(client_of):
    client = await with_issues(client_of)
    link = {"globalId": "system=x&id=1", "object": {"url": "https://x", "title": "one"}}

    first = await client.post(f"{API}/issue/OPS-1/remotelink", json=link)
    again = await client.post(
        f"{API}/issue/OPS-1/remotelink", json=link | {"object": {"url": "https://x", "title": "two"}}
    )
    without = await client.post(
        f"{API}/issue/OPS-1/remotelink", json={"object": {"url": "https://y", "title": "three"}}
    )

    listed = await (await client.get(f"{API}/issue/OPS-1/remotelink")).json()
    assert (first.status, again.status, without.status) == (201, 200, 201)
    assert [each["object"]["title"] for each in listed] == ["two", "three"]


async def test_watching_twice_is_watching_once(client_of):
    client = await with_issues(client_of)

    for _ in range(2):
        assert (await client.post(f"{API}/issue/OPS-1/watchers", json="ann")).status == 204
    watched = await (await client.get(f"{API}/issue/OPS-1/watchers")).json()
    await client.delete(f"{API}/issue/OPS-1/watchers", params={"accountId": "ann"})

    assert watched["watchCount"] == 1
    assert (await (await client.get(f"{API}/issue/OPS-1/watchers")).json())["watchCount"] == 0


async def test_nobody_votes_for_what_they_reported(client_of):
    client = await with_issues(client_of)

    own = await client.post(f"{API}/issue/OPS-1/votes")

    assert own.status == 404
    assert (await (await client.get(f"{API}/issue/OPS-1/votes")).json())["votes"] == 0


async def test_issues_are_moved_into_a_sprint_and_out_of_it(client_of):
    client = await with_issues(client_of)
    planned = await client.post(f"{AGILE}/sprint", json={"name": "47", "originBoardId": 5})
    sprint = (await planned.json())["id"]
    moved = {"issues": ["OPS-1", "OPS-2"]}

    filled = [(await client.post(f"{AGILE}/sprint/{sprint}/issue", json=moved)).status for _ in range(2)]
    ranked = await client.put(f"{AGILE}/issue/rank", json={"issues": ["OPS-1"], "rankAfterIssue": "OPS-2"})
    shelved = await client.post(f"{AGILE}/backlog/issue", json={"issues": ["OPS-1"]})

    within = await (await client.get(f"{AGILE}/sprint/{sprint}/issue")).json()
    assert (planned.status, filled, ranked.status, shelved.status) == (201, [204, 204], 204, 204)
    assert [each["key"] for each in within["issues"]] == ["OPS-2"]


async def test_what_boards_do_not_take_is_refused(client_of):
    client = await with_issues(client_of)

    nameless = await client.post(f"{AGILE}/sprint", json={"name": "47"})
    nowhere = await client.post(f"{AGILE}/sprint/9/issue", json={"issues": ["OPS-1"]})
    nothing = await client.post(f"{AGILE}/backlog/issue", json={"issues": []})
    alone = await client.put(f"{AGILE}/issue/rank", json={"issues": ["OPS-1"]})

    assert [each.status for each in (nameless, nowhere, nothing, alone)] == [400, 404, 400, 400]


async def test_a_request_is_commented_on_moved_along_and_approved(client_of):
    simulated, client, request = await with_request(client_of)

    said = await client.post(f"{request}/comment", json={"body": "on its way", "public": True})
    moved = await client.post(f"{request}/transition", json={"id": "31", "additionalComment": {"body": "done"}})
    approved = await client.post(f"{request}/approval/4", json={"decision": "approve"})

    (issue,) = simulated.issues()
    comment = await said.json()
    read = await (await client.get(f"{request}/comment/{comment['id']}")).json()
    assert (said.status, moved.status, approved.status) == (201, 204, 200)
    assert read == comment
    assert [each.body for each in issue.comments] == ["on its way", "done"]
    assert len(issue.moves) == 1


async def test_a_file_comes_to_a_request_in_two_steps_and_only_once(client_of):
    simulated, client, request = await with_request(client_of)
    form = FormData()
    form.add_field("file", b"log", filename="a.log", content_type="text/plain")

    prepared = await client.post(f"{DESK}/servicedesk/1/attachTemporaryFile", data=form)
    (waiting,) = (await prepared.json())["temporaryAttachments"]
    body = {"temporaryAttachmentIds": [waiting["temporaryAttachmentId"]], "public": True}
    attached = [(await client.post(f"{request}/attachment", json=body)).status for _ in range(2)]

    (issue,) = simulated.issues()
    assert (prepared.status, attached) == (201, [201, 400])
    assert [(each.filename, each.content) for each in issue.attachments] == [("a.log", b"log")]
