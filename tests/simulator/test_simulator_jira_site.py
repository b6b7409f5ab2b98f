"""What a Jira says about itself, where it lives, and how one logs in."""

import pytest

from gateway.simulator import Deployment, SimulatedJira

META = "/rest/api/2/issue/createmeta"


async def get(client, path, **options):
    return await (await client.get(path, **options)).json()


@pytest.mark.parametrize(("deployment", "kind"), [(Deployment.CLOUD, "Cloud"), (Deployment.DATA_CENTER, "Server")])
async def test_the_server_tells_its_deployment(client_of, deployment, kind):
    client = await client_of(SimulatedJira(deployment=deployment))

    assert (await get(client, "/rest/api/2/serverInfo"))["deploymentType"] == kind


@pytest.mark.parametrize("prefix", ["/jira", "/ex/jira/11223344-a1b2"])
async def test_a_context_path_is_part_of_every_address_and_link(client_of, prefix):
    client = await client_of(SimulatedJira(context_path=prefix))

    outside = await client.get("/rest/api/2/myself")
    inside = await get(client, f"{prefix}/rest/api/2/project/OPS")

    assert outside.status == 404
    assert inside["self"] == str(client.make_url(f"{prefix}/rest/api/2/project/10000"))


async def test_links_may_be_built_from_a_public_url(client_of):
    client = await client_of(SimulatedJira(public_url="https://acme.atlassian.net"))

    assert (await get(client, "/rest/api/3/project/OPS"))["self"].startswith("https://acme.atlassian.net/rest/api/3/")


@pytest.mark.parametrize(
    ("deployment", "types", "fields"),
    [(Deployment.CLOUD, "issueTypes", "fields"), (Deployment.DATA_CENTER, "values", "values")],
)
async def test_the_create_screen_is_described_by_page(client_of, deployment, types, fields):
    client = await client_of(SimulatedJira(deployment=deployment))

    known_types = await get(client, f"{META}/OPS/issuetypes", params={"maxResults": "2"})
    labelled = await get(client, f"{META}/OPS/issuetypes/10002")
    bare = await get(client, f"{META}/NOLABEL/issuetypes/10002")

    assert (len(known_types[types]), known_types["total"]) == (2, 5)
    assert [f["fieldId"] for f in labelled[fields] if f["required"]] == ["project", "issuetype", "summary"]
    assert {f["fieldId"] for f in labelled[fields]} - {f["fieldId"] for f in bare[fields]} == {"labels"}


async def test_the_old_create_metadata_come_all_at_once_and_only_on_cloud(client_of):
    cloud = await client_of(SimulatedJira())
    data_center = await client_of(SimulatedJira(deployment=Deployment.DATA_CENTER))
    asked = {"projectKeys": "OPS", "expand": "projects.issuetypes.fields"}

    document = await get(cloud, META, params=asked)

    assert [project["key"] for project in document["projects"]] == ["OPS"]
    assert document["projects"][0]["issuetypes"][0]["fields"]["summary"]["required"] is True
    assert (await data_center.get(META)).status == 404


@pytest.mark.parametrize("resource", ["project", "field", "priority", "status", "issuetype", "user/search?query=bob"])
async def test_lists_are_not_empty(client_of, resource):
    client = await client_of(SimulatedJira())

    assert len(await get(client, f"/rest/api/2/{resource}")) > 0


@pytest.mark.parametrize(
    "path", ["project/NOPE", "issue/createmeta/NOPE/issuetypes", "issue/createmeta/OPS/issuetypes/1"]
)
async def test_what_is_not_there_is_a_404(client_of, path):
    client = await client_of(SimulatedJira())

    assert (await client.get(f"/rest/api/2/{path}")).status == 404


async def test_a_cookie_client_logs_in_acts_and_logs_out(client_of):
    client = await client_of(SimulatedJira(credentials=("me", "secret"), deployment=Deployment.DATA_CENTER))
    session = "/rest/auth/1/session"

    refused = await client.post(session, json={"username": "me", "password": "wrong"})
    opened = await client.post(session, json={"username": "me", "password": "secret"})
    cookie = {"Cookie": f"JSESSIONID={(await opened.json())['session']['value']}"}
    inside = await get(client, "/rest/api/2/myself", headers=cookie)
    told = await get(client, session, headers=cookie)
    await client.delete(session, headers=cookie)
    client.session.cookie_jar.clear()
    outside = await client.get(session)

    assert [refused.status, opened.status, outside.status] == [401, 200, 401]
    assert (inside["name"], told["name"]) == ("me", "me")


async def test_a_token_is_a_user_and_garbled_cookies_are_nobody(client_of):
    client = await client_of(SimulatedJira(tokens={"pat"}))

    known = await client.get("/rest/api/2/myself", headers={"Authorization": "Bearer pat"})
    unknown = await client.get("/rest/api/2/myself", headers={"Cookie": "a,b=c;;="})

    assert [known.status, unknown.status] == [200, 401]


async def test_data_center_shows_its_token_bucket_on_every_answer(client_of):
    client = await client_of(SimulatedJira(deployment=Deployment.DATA_CENTER, rate_limit_headers=True))

    answer = await client.get("/rest/api/2/myself")

    assert (answer.status, answer.headers["Retry-After"], answer.headers["X-AUSERNAME"]) == (200, "0", "admin")


async def test_cloud_shows_what_is_left(client_of):
    answer = await (await client_of(SimulatedJira(rate_limit_headers=True))).get("/rest/api/2/myself")

    assert answer.headers["X-RateLimit-Remaining"] == "99"
    assert "Retry-After" not in answer.headers
