"""API links lead back through the gateway; human links and users' texts do not change."""

import json

import pytest
from aiohttp.test_utils import TestServer
from flows.desks import JIRA
from running import StartGateway

from gateway.simulator import CREATES, SimulatedJira, answered, stored_then


@pytest.mark.parametrize("door", ["own", "shared"])
async def test_servicenows_api_links_lead_back_to_the_address_that_was_dialled(passage, door: str):
    _, gateway = passage
    base = gateway.servicenow if door == "own" else f"{gateway.proxy}/servicenow"

    listed = await gateway.get(f"{base}/api/now/table/sys_user?sysparm_limit=1")
    [user] = (await listed.json())["result"]
    change = {"short_description": "x", "assigned_to": user["sys_id"]}
    created = await gateway.post(f"{base}/api/now/table/sc_req_item", change)
    reference = (await created.json())["result"]["assigned_to"]["link"]

    location = created.headers["Location"]
    next_page = listed.links["next"]["url"]
    assert location.startswith(f"{base}/api/now/table/sc_req_item/")
    assert reference.startswith(f"{base}/api/now/table/sys_user/")
    assert str(next_page).startswith(f"{base}/api/now/table/sys_user?")
    assert {(await gateway.get(str(link))).status for link in (location, reference, next_page)} == {200}


@pytest.mark.parametrize("door", ["own", "shared"])
async def test_jiras_api_links_lead_back_and_human_links_and_texts_do_not_change(
    start_gateway: StartGateway, door: str
):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    base = gateway.jira if door == "own" else f"{gateway.proxy}/jira"
    upstream = json.loads(gateway.config_file.read_text())["upstreams"]["jira"]["base_url"]
    said = {
        "self": f"{upstream}/rest/api/2/issue/10001",
        "web": f"{upstream}/browse/OPS-1",
        "text": f"see {upstream}/rest/api/2/issue/10001",
    }

    created = await gateway.post(base + JIRA.create_path, dict(JIRA.ticket))
    followed = await gateway.get((await created.json())["self"])
    jira.faults.add(answered(200, {"Content-Type": "application/json"}, json.dumps(said)))
    shown = await gateway.get(f"{base}/rest/api/2/issue/OPS-1")

    assert followed.status == 200
    assert (await followed.json())["self"].startswith(f"{base}/rest/api/2/issue/")
    assert await shown.json() == said | {"self": f"{base}/rest/api/2/issue/10001"}


async def test_links_are_found_wherever_they_lie_in_a_large_answer(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    upstream = json.loads(gateway.config_file.read_text())["upstreams"]["jira"]["base_url"]
    issues = [{"self": f"{upstream}/rest/api/2/issue/{n}", "note": "n" * (n % 97)} for n in range(20_000)]
    said = json.dumps({"issues": issues})
    jira.faults.add(answered(200, {"Content-Type": "application/json"}, said))

    response = await gateway.get(f"{gateway.jira}/rest/api/2/search?jql=x")

    assert await response.text() == said.replace(upstream, gateway.jira)


@pytest.mark.parametrize("door", ["own", "shared"])
@pytest.mark.parametrize("path", ["/jira", "/ex/jira/11223344-a1b2"])
async def test_a_path_of_the_base_url_is_added_to_targets_and_taken_off_links(
    start_gateway: StartGateway, path: str, door: str
):
    jira = SimulatedJira(context_path=path, faults=[stored_then(500).on(CREATES)])
    async with TestServer(jira.app()) as site:
        gateway = await start_gateway(jira=jira, upstream={"base_url": str(site.make_url(path))})
        base = gateway.jira if door == "own" else f"{gateway.proxy}/jira"

        created = await gateway.post(base + JIRA.create_path, dict(JIRA.ticket))
        link = (await created.json())["self"]
        followed = await gateway.get(link)

    assert (created.status, created.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert link.startswith(f"{base}/rest/api/2/issue/")
    assert (followed.status, (await followed.json())["self"]) == (200, link)
    assert {exchange.target.startswith(f"{path}/rest/api/") for exchange in jira.ledger} == {True}
    assert len(jira.issues()) == 1
