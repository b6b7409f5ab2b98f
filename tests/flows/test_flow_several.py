"""One call that makes several tickets and goes as it is: each has a row, and what failed beside them is told."""

import shutil
from pathlib import Path

import pytest
from running import SHIPPED_POLICIES, StartGateway

from gateway.simulator import SimulatedJira

BULK = "/rest/api/2/issue/bulk"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}
WRONG = {"fields": {**ISSUE["fields"], "summary": "two\nlines"}}


@pytest.fixture
def only_bulk(tmp_path: Path) -> Path:
    """Policies of which none covers single issues, so that a bulk is not taken apart."""
    policies = tmp_path / "only-bulk"
    (policies / "jira").mkdir(parents=True)
    shutil.copy(SHIPPED_POLICIES / "jira" / "bulk.yaml", policies / "jira")
    return policies


async def test_every_issue_of_a_bulk_is_a_ticket_on_record(start_gateway: StartGateway, only_bulk: Path):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira, policies=only_bulk)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE, ISSUE, ISSUE]})

    call_id = response.headers["ITSM-Call-Id"]
    page = await (await gateway.get(f"{gateway.api}/api/v1/tickets?sort=oldest")).json()
    third = await (await gateway.get(f"{gateway.api}/api/v1/tickets/{call_id}-3")).json()
    metrics = await gateway.metrics()
    assert [ticket["ticket"]["key"] for ticket in page["items"]] == ["OPS-1", "OPS-2", "OPS-3"]
    assert {ticket["call_id"] for ticket in page["items"]} == {call_id}
    assert third["ticket"]["key"] == "OPS-3"
    assert 'itsm_tickets_by_source_total{platform="jira",source="proxy"} 3.0' in metrics
    assert 'itsm_ticket_creation_total{outcome="created",platform="jira"} 1.0' in metrics


async def test_an_issue_of_a_bulk_that_was_refused_is_told_although_the_bulk_succeeded(
    start_gateway: StartGateway, only_bulk: Path
):
    gateway = await start_gateway(jira=SimulatedJira(), policies=only_bulk)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE, WRONG]})

    record = await gateway.call(response)
    told = [event["event"] for event in record["events"] if event["event"].startswith("failed inside the success")]
    assert response.status == 201
    assert len(told) == 1
    assert "element 1 was answered 400" in told[0]
    assert 'itsm_inner_failures_total{platform="jira"} 1.0' in await gateway.metrics()
    assert gateway.events("call closed")[-1]["inner_failures"] == 1
