"""The unmodified `pysnow` library works through the gateway."""

from typing import Any

import pytest
from running import RunningGateway, StartGateway

from gateway.simulator import CREATES, SimulatedServiceNow, stored_then


@pytest.fixture
def servicenow() -> SimulatedServiceNow:
    return SimulatedServiceNow(credentials=("abel", "right"))


async def _used(use_client, gateway: RunningGateway) -> dict[str, Any]:
    facts: dict[str, Any] = await use_client("use_pysnow.py", gateway.servicenow.removeprefix("http://"), "right")
    return facts


async def test_pysnow_creates_reads_updates_and_pages(
    start_gateway: StartGateway, servicenow: SimulatedServiceNow, use_client
):
    gateway = await start_gateway(servicenow=servicenow)

    facts = await _used(use_client, gateway)

    first = servicenow.tickets()[0]
    assert facts["number"] == first["number"]
    assert facts["summary"] == first["short_description"] == "Disk full on db-7"
    assert [len(page) for page in facts["pages"]] == [2, 2, 1]
    assert [number for page in facts["pages"] for number in page] == facts["filed"]
    assert facts["streamed"] == facts["followed"] == facts["filed"]
    assert len(servicenow.tickets()) == len(servicenow.ledger.creates()) == 6


async def test_pysnows_exceptions_name_the_refused_field(
    start_gateway: StartGateway, servicenow: SimulatedServiceNow, use_client
):
    gateway = await start_gateway(servicenow=servicenow)

    facts = await _used(use_client, gateway)

    refusal, older = facts["refused"], facts["refused_older"]
    assert (refusal["exception"], refusal["status"]) == ("HTTPError", 400)
    assert "short_description" in refusal["text"]
    assert "short_description: " in refusal["carries"]["error"]["detail"]
    assert (older["exception"], older["status"]) == ("UnexpectedResponse", 400)
    assert "short_description: " in older["carries"]
    assert all(ticket["short_description"] for ticket in servicenow.tickets())


async def test_servicenows_own_errors_reach_pysnow_unchanged(
    start_gateway: StartGateway, servicenow: SimulatedServiceNow, use_client
):
    gateway = await start_gateway(servicenow=servicenow)

    facts = await _used(use_client, gateway)

    assert (facts["missing"]["exception"], facts["missing"]["status"]) == ("HTTPError", 404)
    assert facts["missing"]["carries"]["error"]["message"] == "No Record found"
    assert facts["missing_older"]["exception"] == "NoResults"
    assert (facts["stranger"]["exception"], facts["stranger"]["status"]) == ("HTTPError", 401)


async def test_pysnow_does_not_notice_an_answer_that_was_lost(
    start_gateway: StartGateway, servicenow: SimulatedServiceNow, use_client
):
    servicenow.faults.add(stored_then(500).on(CREATES))
    gateway = await start_gateway(servicenow=servicenow)

    facts = await _used(use_client, gateway)

    assert facts["number"] == servicenow.tickets()[0]["number"]
    assert len(servicenow.tickets()) == 6
