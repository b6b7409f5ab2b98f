"""The unmodified `jira` library works through the gateway, on Cloud and on Data Center."""

from typing import Any

import pytest
from running import RunningGateway, StartGateway

from gateway.simulator import CREATES, Deployment, SimulatedJira, refused


@pytest.fixture(params=[Deployment.CLOUD, Deployment.DATA_CENTER], ids=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> SimulatedJira:
    return SimulatedJira(deployment=request.param, credentials=("abel", "right"))


async def _used(use_client, gateway: RunningGateway, address: str) -> dict[str, Any]:
    facts: dict[str, Any] = await use_client("use_jira.py", address, "right")
    return facts


@pytest.mark.parametrize("door", ["own", "shared"])
async def test_the_jira_library_creates_reads_updates_pages_and_fails(
    start_gateway: StartGateway, jira: SimulatedJira, use_client, door: str
):
    gateway = await start_gateway(jira=jira)
    address = gateway.jira if door == "own" else f"{gateway.proxy}/jira"

    facts = await _used(use_client, gateway, address)

    issue = jira.issues()[0]
    assert facts["key"] == issue.key
    assert facts["self"].startswith(f"{address}/rest/api/2/issue/")
    assert facts["summary"] == issue.fields["summary"] == "Disk full on db-7"
    assert facts["status"] == "In Progress"
    assert facts["comments"] == [facts["comment"]] == ["Looking into it"]
    assert [key for page in facts["pages"] for key in page] == facts["filed"]
    assert len(jira.ledger.searches()) == 3
    assert len(jira.issues()) == len(jira.ledger.creates()) == 6


async def test_the_librarys_own_exception_names_the_refused_field(
    start_gateway: StartGateway, jira: SimulatedJira, use_client
):
    gateway = await start_gateway(jira=jira)

    facts = await _used(use_client, gateway, gateway.jira)

    refusal = facts["refused"]
    assert (refusal["exception"], refusal["status"]) == ("JIRAError", 400)
    assert "summary: " in refusal["text"]
    assert all(len(issue.fields["summary"]) < 300 for issue in jira.issues())


async def test_jiras_own_errors_reach_the_library_unchanged(
    start_gateway: StartGateway, jira: SimulatedJira, use_client
):
    gateway = await start_gateway(jira=jira)

    facts = await _used(use_client, gateway, gateway.jira)

    assert (facts["missing"]["exception"], facts["missing"]["status"]) == ("JIRAError", 404)
    assert (facts["stranger"]["exception"], facts["stranger"]["status"]) == ("JIRAError", 401)


async def test_the_jira_library_does_not_notice_a_busy_platform(
    start_gateway: StartGateway, jira: SimulatedJira, use_client
):
    jira.faults.add(refused(503).on(CREATES), refused(429).on(CREATES))
    gateway = await start_gateway(jira=jira)

    facts = await _used(use_client, gateway, gateway.jira)

    assert facts["summary"] == "Disk full on db-7"
    assert len(jira.issues()) == 6
    assert len(jira.ledger.creates()) == 8
