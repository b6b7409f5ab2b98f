"""Files on both simulated platforms, and events."""

import base64

import pytest
from aiohttp import FormData

from gateway.simulator import Deployment, SimulatedJira, SimulatedServiceNow

CONTENT = b"\x00--x\r\n\r\nnot a part\r\n\xff"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}
INCIDENT = f"{0xC0:032x}"
API = "/api/now/v1/attachment"


def a_form(**fields: str) -> FormData:
    form = FormData(fields)
    form.add_field("file", CONTENT, filename="core.dump", content_type="application/octet-stream")
    return form


@pytest.mark.parametrize("way", ["raw", "form"])
async def test_servicenow_gives_a_file_back_byte_for_byte(aiohttp_client, way):
    client = await aiohttp_client(SimulatedServiceNow().app())
    at = {"table_name": "incident", "table_sys_id": INCIDENT}

    if way == "raw":
        stored = await client.post(f"{API}/file", params={**at, "file_name": "core.dump"}, data=CONTENT)
    else:
        stored = await client.post(f"{API}/upload", data=a_form(**at))
    told = (await stored.json())["result"]
    content = await client.get(f"{API}/{told['sys_id']}/file")

    assert (stored.status, told["size_bytes"], told["file_name"]) == (201, str(len(CONTENT)), "core.dump")
    assert stored.headers["Location"].endswith(f"{API}/{told['sys_id']}")
    assert await content.read() == CONTENT
    assert told["sys_id"] in content.headers["X-Attachment-Metadata"]


async def test_servicenow_lists_and_removes_the_files_of_a_record(aiohttp_client):
    client = await aiohttp_client(SimulatedServiceNow().app())
    asked = {"table_name": "incident", "table_sys_id": INCIDENT, "file_name": "core.dump"}
    stored = (await (await client.post(f"{API}/file", params=asked, data=CONTENT)).json())["result"]

    listed = await client.get(API, params={"sysparm_query": f"table_sys_id={INCIDENT}"})
    removed = await client.delete(f"{API}/{stored['sys_id']}")
    gone = await client.get(f"{API}/{stored['sys_id']}")

    assert (await listed.json())["result"] == [stored]
    assert listed.headers["X-Total-Count"] == "1"
    assert (removed.status, gone.status) == (204, 404)


async def test_servicenow_refuses_a_file_for_no_record(aiohttp_client):
    client = await aiohttp_client(SimulatedServiceNow().app())
    asked = {"table_name": "incident", "table_sys_id": "f" * 32, "file_name": "core.dump"}

    assert (await client.post(f"{API}/file", params=asked, data=CONTENT)).status == 404
    assert (await client.post(f"{API}/file", params={"table_name": "incident"}, data=CONTENT)).status == 400


@pytest.mark.parametrize("deployment", list(Deployment))
async def test_jira_gives_a_file_back_byte_for_byte_by_its_link(aiohttp_client, deployment):
    jira = SimulatedJira(deployment=deployment, credentials=("abel", "right"))
    login = {"Authorization": f"Basic {base64.b64encode(b'abel:right').decode()}"}
    client = await aiohttp_client(jira.app(), headers=login)
    key = (await (await client.post("/rest/api/2/issue", json=ISSUE)).json())["key"]

    waived = {"X-Atlassian-Token": "no-check"}
    stored = await client.post(f"/rest/api/2/issue/{key}/attachments", data=a_form(), headers=waived)
    told = (await stored.json())[0]
    content = await client.session.get(told["content"], headers=login)
    issue = await (await client.get(f"/rest/api/2/issue/{key}")).json()
    removed = await client.delete(f"/rest/api/2/attachment/{told['id']}")

    assert (stored.status, told["size"], told["filename"]) == (200, len(CONTENT), "core.dump")
    assert await content.read() == CONTENT
    assert issue["fields"]["attachment"] == [told]
    assert removed.status == 204


async def test_jira_blocks_an_upload_that_does_not_waive_the_browser_check(aiohttp_client):
    client = await aiohttp_client(SimulatedJira().app())
    key = (await (await client.post("/rest/api/2/issue", json=ISSUE)).json())["key"]

    assert (await client.post(f"/rest/api/2/issue/{key}/attachments", data=a_form())).status == 403


async def test_servicenow_takes_events_and_makes_no_ticket_of_them(aiohttp_client):
    simulated = SimulatedServiceNow()
    client = await aiohttp_client(simulated.app())
    event = {"source": "monitor", "node": "db-7", "severity": "1", "description": "Disk full"}

    taken = await client.post("/api/global/em/jsonv2", json={"records": [event]})
    refused = await client.post("/api/global/em/jsonv2", json={"source": "monitor"})

    assert (taken.status, refused.status) == (200, 400)
    assert simulated.tickets() == []
