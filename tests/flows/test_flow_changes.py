"""What a recorded call says was changed, by whom, and the request that can be sent again."""

from pathlib import Path

import pytest
from flows.desks import SHIPPED_TEMPLATES
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedServiceNow

POLICY = """
name: filling
platform: servicenow
match: {path: /api/now/table/incident}
defaults:
  contact_type: monitoring
  category: network
"""
GIVEN = {"short_description": "Disk full", "category": "hardware"}


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "filling"
    folder.mkdir()
    (folder / "filling.yaml").write_text(f"{POLICY}record: request\n")
    return folder


async def create(gateway: RunningGateway) -> dict[str, str]:
    answer = await gateway.post(f"{gateway.servicenow}/api/now/table/incident", GIVEN)
    return dict(answer.headers)


async def story(gateway: RunningGateway, call_id: str) -> dict:
    return await (await gateway.get(f"{gateway.api}/api/v1/calls/{call_id}")).json()


async def test_each_field_that_was_added_names_who_added_it(start_gateway: StartGateway, policies: Path):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=policies)

    told = await story(gateway, (await create(gateway))["ITSM-Call-Id"])

    filled, carried, beside = told["changes"]
    assert filled == {"field": "contact_type", "by": "policy", "sent": "monitoring"}
    assert (carried["field"], carried["by"]) == ("correlation_id", "gateway")
    assert carried["sent"].startswith("itsmgw-")
    assert beside == {"field": "correlation_display", "by": "gateway", "sent": "itsm-gateway"}


async def test_the_request_on_record_is_the_callers_own_and_sent_again_gets_the_same_ticket(
    start_gateway: StartGateway, policies: Path
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=policies)
    call_id = (await create(gateway))["ITSM-Call-Id"]
    request = (await story(gateway, call_id))["request"]

    again = await gateway.request(
        "POST",
        f"{gateway.servicenow}/api/now/table/incident",
        headers={"Content-Type": "application/json", "ITSM-Call-Id": call_id},
        data=request["body"].encode(),
    )

    assert again.headers["ITSM-Outcome"] == "replayed"
    assert len(servicenow.tickets()) == 1
    assert "authorization" not in {name.lower() for name, _ in request["headers"]}


async def test_a_policy_that_records_nothing_shows_names_and_no_values(start_gateway: StartGateway, policies: Path):
    (policies / "filling.yaml").write_text(POLICY)
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=policies)

    told = await story(gateway, (await create(gateway))["ITSM-Call-Id"])

    assert told["request"] is None
    assert told["changes"] == [
        {"field": "contact_type", "by": "policy"},
        {"field": "correlation_id", "by": "gateway"},
    ]


async def test_what_the_platform_stored_otherwise_is_named(start_gateway: StartGateway, policies: Path):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=policies)
    sent = {"short_description": "Disk full", "priority": "1"}
    answer = await gateway.post(f"{gateway.servicenow}/api/now/table/incident", sent)

    told = await story(gateway, answer.headers["ITSM-Call-Id"])

    assert {"field": "priority", "by": "platform", "sent": "1"} in told["changes"]


async def test_a_template_is_named_for_every_field_it_made(start_gateway: StartGateway, policies: Path):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=policies, config=SHIPPED_TEMPLATES)
    variables = {"job_name": "etl"}
    answer = await gateway.post(f"{gateway.servicenow}/api/now/table/incident", variables, ITSM_Template="rca_incident")

    told = await story(gateway, answer.headers["ITSM-Call-Id"])

    by = {change["field"]: change["by"] for change in told["changes"]}
    assert (by["short_description"], by["contact_type"], by["correlation_id"]) == ("template", "policy", "gateway")
    assert told["request"] is None
