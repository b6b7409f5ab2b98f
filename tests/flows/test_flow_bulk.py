"""Jira's bulk create: every issue is judged, fenced, recorded and answered by itself, as Jira tells them apart."""

import shutil
from pathlib import Path

import pytest
from running import SHIPPED_POLICIES, StartGateway

from gateway.simulator import CREATES, SimulatedJira, hangs, jira_rate_limited, refused, reset, stored_then

BULK = "/rest/api/2/issue/bulk"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}
WRONG = {"fields": {**ISSUE["fields"], "summary": "two\nlines"}}


async def test_an_issue_that_breaks_its_policy_is_named_by_its_place_and_the_others_are_made(
    start_gateway: StartGateway,
):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE, WRONG, ISSUE]})

    body = await response.json()
    (error,) = body["errors"]
    assert response.status == 201
    assert [issue["key"] for issue in body["issues"]] == ["OPS-1", "OPS-2"]
    assert (error["failedElementNumber"], error["status"]) == (1, 400)
    assert list(error["elementErrors"]["errors"]) == ["summary"]
    assert all(issue["self"].startswith(f"{gateway.jira}/rest/api/2/issue/") for issue in body["issues"])


async def test_a_bulk_of_which_nothing_is_right_is_refused_with_every_issue_named(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [WRONG, "no issue", {"fields": {}}]})

    body = await response.json()
    assert (response.status, body["issues"]) == (400, [])
    assert [error["failedElementNumber"] for error in body["errors"]] == [0, 1, 2]
    assert len(jira.ledger) == 0


async def test_every_issue_of_a_bulk_carries_its_own_value_and_is_a_call_of_its_own(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)

    await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE, ISSUE, ISSUE]})

    page = await (await gateway.get(f"{gateway.api}/api/v1/tickets?sort=oldest")).json()
    labels = {label for issue in jira.issues() for label in issue.labels}
    assert [ticket["ticket"]["key"] for ticket in page["items"]] == ["OPS-1", "OPS-2", "OPS-3"]
    assert len({ticket["call_id"] for ticket in page["items"]}) == 3
    assert len(labels) == 3
    assert 'itsm_ticket_creation_total{outcome="created",platform="jira"} 3.0' in await gateway.metrics()


@pytest.mark.parametrize("fault", [stored_then(502), reset(stored=True)], ids=["answered 502", "reset"])
async def test_an_issue_of_a_bulk_whose_answer_was_lost_is_found_and_not_doubled(start_gateway: StartGateway, fault):
    jira = SimulatedJira(faults=[fault.on(CREATES)])
    gateway = await start_gateway(jira=jira)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE, ISSUE]})

    body = await response.json()
    assert (response.status, [issue["key"] for issue in body["issues"]]) == (201, ["OPS-1", "OPS-2"])
    assert len(jira.issues()) == 2


async def test_a_bulk_that_comes_again_with_its_key_brings_the_same_issues(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    bulk = {"issueUpdates": [ISSUE, ISSUE]}

    first = await (await gateway.post(f"{gateway.jira}{BULK}", bulk, Idempotency_Key="nightly")).json()
    again = await (await gateway.post(f"{gateway.jira}{BULK}", bulk, Idempotency_Key="nightly")).json()

    assert again == first
    assert len(jira.issues()) == 2


async def test_what_the_deadline_leaves_no_time_for_is_an_error_that_may_be_sent_again(start_gateway: StartGateway):
    jira = SimulatedJira(faults=[hangs().on(CREATES)])
    short = {"connection_timeout_seconds": 1, "read_timeout_seconds": 1, "total_timeout_seconds": 1}
    gateway = await start_gateway(jira=jira, config={"timeout": short})

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE, ISSUE]})

    body = await response.json()
    assert [error["status"] for error in body["errors"]] == [504, 503]
    assert "not sent" in body["errors"][1]["elementErrors"]["errorMessages"][0]
    assert response.status == 504


async def test_a_limit_that_all_issues_met_is_told_with_its_time(start_gateway: StartGateway):
    jira = SimulatedJira(faults=[jira_rate_limited(retry_after=1800).on(CREATES)] * 2)
    gateway = await start_gateway(jira=jira)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE]})

    assert response.status == 429
    assert int(response.headers["Retry-After"]) > 1000
    assert jira.issues() == []


async def test_more_than_fifty_are_refused_as_a_whole(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE] * 51})

    assert response.status == 400
    assert "at most 50" in (await response.json())["errorMessages"][0]
    assert len(jira.ledger) == 0


async def test_where_no_policy_covers_single_issues_a_bulk_goes_as_it_is(start_gateway: StartGateway, tmp_path: Path):
    jira = SimulatedJira(faults=[refused(503).on(CREATES)])
    policies = tmp_path / "only-bulk"
    (policies / "jira").mkdir(parents=True)
    shutil.copy(SHIPPED_POLICIES / "jira" / "bulk.yaml", policies / "jira")
    gateway = await start_gateway(jira=jira, policies=policies)

    response = await gateway.post(f"{gateway.jira}{BULK}", {"issueUpdates": [ISSUE]})

    (exchange,) = jira.ledger
    assert (response.status, response.headers["ITSM-Fenced"]) == (503, "false")
    assert exchange.request.target == BULK
