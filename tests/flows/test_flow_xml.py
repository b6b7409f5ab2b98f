"""A ServiceNow client that accepts XML and no JSON gets XML, from the instance and after a lost answer alike."""

from pathlib import Path

import pytest
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedServiceNow, stored_then

INCIDENTS = "/api/now/table/incident"
CHANGES = "/api/sn_chg_rest/change"
TICKET = {"short_description": "Disk <full> & hot"}


async def created(gateway: RunningGateway, path: str):
    return await gateway.post(gateway.servicenow + path, TICKET, Accept="application/xml")


@pytest.mark.parametrize("path", [INCIDENTS, CHANGES])
async def test_an_answer_in_xml_is_a_success_that_names_its_ticket(start_gateway: StartGateway, path: str):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await created(gateway, path)

    (ticket,) = servicenow.tickets()
    assert response.headers["ITSM-Outcome"] == "created"
    assert "ITSM-Changed-Fields" not in response.headers
    assert (await gateway.call(response))["ticket"]["id"] == ticket["sys_id"]


async def test_a_change_that_no_policy_covers_passes_in_xml(start_gateway: StartGateway, tmp_path: Path):
    empty = tmp_path / "no-policies"
    empty.mkdir()
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=empty)

    response = await created(gateway, CHANGES)

    assert (response.status, response.headers["ITSM-Outcome"]) == (200, "created")


@pytest.mark.parametrize("path", [INCIDENTS, CHANGES])
async def test_a_ticket_that_was_found_is_answered_as_the_create_would_have_been(
    start_gateway: StartGateway, path: str
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    plain = await created(gateway, path)
    servicenow.faults.add(stored_then(500))

    found = await created(gateway, path)

    assert found.headers["ITSM-Outcome"] == "reconciled"
    assert found.status == plain.status
    assert found.headers["Content-Type"] == plain.headers["Content-Type"]
    assert "<short_description>" in await found.text()
    assert "Disk &lt;full&gt; &amp; hot" in await found.text()
    assert len(servicenow.tickets()) == 2


@pytest.mark.parametrize("body", [{"urgency": "9"}, [1]], ids=["breaks its policy", "cannot be read"])
async def test_a_refusal_of_the_gateway_is_told_in_the_platform_s_xml(start_gateway: StartGateway, body: object):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    response = await gateway.post(gateway.servicenow + INCIDENTS, body, Accept="application/xml")

    assert response.status == 400
    assert response.headers["Content-Type"].startswith("application/xml")
    assert "<response><error><message>" in await response.text()


async def test_a_target_that_can_be_read_in_two_ways_is_refused_in_xml_too(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    response = await gateway.post(f"{gateway.servicenow}/api/now/table/;x/incident", TICKET, Accept="text/xml")

    assert response.status == 400
    assert "<status>failure</status>" in await response.text()
