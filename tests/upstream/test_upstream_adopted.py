"""A ticket that was found again is answered as its create would have been: clients cannot tell the difference."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import ClientResponse
from upstream.instances import PLATFORMS, Instance, StartInstance

from gateway.simulator import CREATES, Deployment, stored_then

INCIDENTS = "/api/now/table/incident"
READ_BY_CLIENTS = ("Content-Type", "Location")
"""What client libraries look at; the rest only traces one exchange."""

TARGETS = [
    ("servicenow", INCIDENTS),
    ("servicenow", "/api/now/v2/table/incident"),
    ("servicenow", f"{INCIDENTS}?sysparm_fields=number,short_description,caller_id"),
    ("servicenow", f"{INCIDENTS}?sysparm_display_value=all&sysparm_exclude_reference_link=true"),
    ("servicenow", f"{INCIDENTS}?sysparm_display_value=true&sysparm_input_display_value=true"),
    ("jira", "/rest/api/2/issue"),
    ("jira", "/rest/api/3/issue"),
    ("jira", "/rest/api/latest/issue"),
]


def shape(value: Any) -> Any:
    """Keys and kinds of a document: what remains of it when every ticket's own values are taken away."""
    if isinstance(value, Mapping):
        return {name: shape(each) for name, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else type(value).__name__


def headers_of(response: ClientResponse) -> dict[str, str]:
    """Headers as a client reads them, without the ticket's own id."""
    kept = {name: response.headers[name] for name in READ_BY_CLIENTS if name in response.headers}
    if "Location" in kept:
        kept["Location"] = kept["Location"].rpartition("/")[0]
    return kept


async def both(instance: Instance, target: str, **fields: Any) -> tuple[ClientResponse, ClientResponse]:
    """A create that was answered, and one whose answer was lost."""
    plain = await instance.create(fields, target=target)
    instance.simulated.faults.add(stored_then(500).on(CREATES))
    adopted = await instance.create(fields, target=target)
    assert (plain.headers["ITSM-Outcome"], adopted.headers["ITSM-Outcome"]) == ("created", "reconciled")
    return plain, adopted


@pytest.mark.parametrize(("platform", "target"), TARGETS)
async def test_an_adopted_ticket_is_answered_like_a_created_one(start: StartInstance, platform: str, target: str):
    instance = await start(platform)

    plain, adopted = await both(instance, target)

    assert adopted.status == plain.status == 201
    assert shape(await adopted.json()) == shape(await plain.json())
    assert headers_of(adopted) == headers_of(plain)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("listener", ["its own", "the shared"])
async def test_the_links_of_an_adopted_ticket_lead_back_to_the_address_that_was_dialled(
    start: StartInstance, platform: str, listener: str
):
    instance = await start(platform, stored_then(502).on(CREATES))
    base = instance.address if listener == "its own" else f"{instance.gateway.proxy}/{platform}"
    url, body = {
        "servicenow": (f"{base}{INCIDENTS}", {"short_description": "Disk full", "caller_id": "admin"}),
        "jira": (
            f"{base}/rest/api/2/issue",
            {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}},
        ),
    }[platform]

    response = await instance.gateway.post(url, body)

    document = await response.json()
    link = response.headers["Location"] if platform == "servicenow" else document["self"]
    read = await instance.gateway.get(link)
    upstream = instance.simulated.ledger[0].header("host")
    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert link.startswith(f"{base}/")
    assert read.status == 200
    assert f"http://{upstream}/" not in json.dumps(document)


async def test_an_adopted_incident_is_the_very_record_that_was_made(start: StartInstance):
    instance = await start("servicenow", stored_then(504).on(CREATES))

    response = await instance.create({"urgency": "1", "impact": "1"})

    result = (await response.json())["result"]
    [ticket] = instance.simulated.tickets()
    assert result["sys_id"] == ticket["sys_id"]
    assert result["priority"] == "1"
    assert response.headers["Location"] == f"{instance.address}{INCIDENTS}/{ticket['sys_id']}"


@pytest.mark.parametrize("deployment", Deployment)
async def test_an_adopted_issue_is_the_very_issue_that_was_made(start: StartInstance, deployment: Deployment):
    instance = await start("jira", stored_then(504).on(CREATES), options={"deployment": deployment})

    response = await instance.create()

    [issue] = instance.simulated.issues()
    assert await response.json() == {
        "id": issue.id,
        "key": issue.key,
        "self": f"{instance.address}/rest/api/2/issue/{issue.id}",
    }


async def test_an_issue_that_the_index_does_not_know_yet_is_found_by_its_key(start: StartInstance):
    instance = await start("jira", options={"index_delay": 60})
    await instance.create()
    instance.simulated.faults.add(stored_then(500).on(CREATES))

    response = await instance.create()

    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert instance.tickets() == 2


async def test_a_success_that_names_no_ticket_is_passed_on_and_never_sent_again(start: StartInstance):
    instance = await start("servicenow")

    response = await instance.create(target=f"{INCIDENTS}?sysparm_fields=short_description")

    assert response.status == 201
    assert await response.json() == {"result": {"short_description": "Disk full"}}
    assert response.headers["ITSM-Outcome"] == "created"
    assert instance.creates() == instance.tickets() == 1
