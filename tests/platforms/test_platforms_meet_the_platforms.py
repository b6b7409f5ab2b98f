"""The platforms' languages spoken with the simulated platforms: carry, judge, search."""

from datetime import UTC, datetime, timedelta

import pytest
from platforms.meeting import CARRIER, OTHER, Instance

from gateway.domain.verdict import CarrierRefused, Done
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Found, SearchDenied
from gateway.platforms.servicenow import ServiceNow
from gateway.simulator import Deployment, SimulatedJira, SimulatedServiceNow

INCIDENT = {"short_description": "Disk full", "impact": "1", "urgency": "2"}
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Incident"}, "summary": "Disk full"}}


@pytest.mark.parametrize(
    "target",
    [
        "/api/now/table/incident",
        "/api/now/v2/table/incident?sysparm_fields=sys_id,number,caller_id&sysparm_display_value=all",
        "/api/now/table/incident?sysparm_display_value=true&sysparm_exclude_reference_link=true",
    ],
)
@pytest.mark.parametrize("own", [{}, {"correlation_id": "alert-7"}])
async def test_a_lost_servicenow_answer_is_found_again_word_for_word(aiohttp_client, target, own):
    instance = Instance(await aiohttp_client(SimulatedServiceNow().app()), ServiceNow())
    body = {**INCIDENT, **own}

    place, answer, verdict = await instance.file(target, body)
    finding = await instance.find(target, body, CARRIER, place)

    assert isinstance(verdict, Done)
    assert isinstance(finding, Found)
    assert finding.ticket.id == verdict.ticket.id
    assert finding.answer.body == answer.body
    assert finding.answer.header("location") == answer.header("location")
    assert finding.answer.status == answer.status


async def test_what_servicenow_never_got_is_absent(aiohttp_client):
    instance = Instance(await aiohttp_client(SimulatedServiceNow().app()), ServiceNow())
    place, _, verdict = await instance.file("/api/now/table/incident", INCIDENT)

    finding = await instance.find("/api/now/table/incident", INCIDENT, OTHER, place, witness=verdict.ticket)
    unaided = await instance.find("/api/now/table/incident", INCIDENT, OTHER, place)

    assert finding == Absent()
    assert unaided == Absent()


@pytest.mark.parametrize("strict", [True, False])
async def test_a_table_without_the_carriers_field_proves_nothing(aiohttp_client, strict):
    simulated = SimulatedServiceNow(invalid_query_returns_no_rows=strict)
    instance = Instance(await aiohttp_client(simulated.app()), ServiceNow())
    target = "/api/now/table/u_legacy_request"
    await instance.file(target, {"short_description": "x"})

    finding = await instance.find(target, {"short_description": "x"}, CARRIER, "correlation_id")

    assert isinstance(finding, SearchDenied)


async def test_a_servicenow_field_that_may_not_be_read_proves_nothing(aiohttp_client):
    simulated = SimulatedServiceNow(unreadable={"incident": ("correlation_id",)})
    instance = Instance(await aiohttp_client(simulated.app()), ServiceNow())
    place, _, _ = await instance.file("/api/now/table/incident", INCIDENT)

    finding = await instance.find("/api/now/table/incident", INCIDENT, OTHER, place)

    assert isinstance(finding, SearchDenied)


@pytest.mark.parametrize("deployment", Deployment)
@pytest.mark.parametrize("target", ["/rest/api/2/issue", "/rest/api/latest/issue", "/rest/api/3/issue"])
async def test_a_lost_jira_answer_is_found_again_with_the_same_names(aiohttp_client, deployment, target):
    if deployment is Deployment.DATA_CENTER:
        target = target.replace("/3/", "/2/")
    instance = Instance(await aiohttp_client(SimulatedJira(deployment=deployment).app()), Jira())

    place, answer, verdict = await instance.file(target, ISSUE)
    finding = await instance.find(target, ISSUE, CARRIER, place)

    assert isinstance(verdict, Done)
    assert isinstance(finding, Found)
    assert (finding.ticket.id, finding.ticket.key) == (verdict.ticket.id, verdict.ticket.key)
    assert finding.answer.body.replace(b" ", b"") == answer.body.replace(b" ", b"")


@pytest.mark.parametrize("deployment", Deployment)
async def test_what_jira_never_got_is_absent(aiohttp_client, deployment):
    instance = Instance(await aiohttp_client(SimulatedJira(deployment=deployment).app()), Jira())

    finding = await instance.find("/rest/api/2/issue", ISSUE, OTHER, "labels")

    assert finding == Absent()


async def test_an_issue_that_the_index_does_not_show_yet_is_found_by_its_key(aiohttp_client):
    now = datetime(2026, 9, 21, tzinfo=UTC)
    simulated = SimulatedJira(index_delay=3600.0, clock=lambda: now + timedelta(seconds=1))
    instance = Instance(await aiohttp_client(simulated.app()), Jira())
    earlier = await instance.create("/rest/api/2/issue", ISSUE)
    witness = Jira().judge(Jira().route("POST", "/rest/api/2/issue"), earlier, carried=None, clock=0.0).ticket
    place, _, verdict = await instance.file("/rest/api/2/issue", ISSUE)

    finding = await instance.find("/rest/api/2/issue", ISSUE, CARRIER, place, witness=witness)

    assert isinstance(finding, Found)
    assert finding.ticket.key == verdict.ticket.key


async def test_a_jira_login_that_fails_unsaid_proves_nothing(aiohttp_client):
    simulated = SimulatedJira(credentials=("gateway", "right"))
    instance = Instance(await aiohttp_client(simulated.app()), Jira())

    finding = await instance.find("/rest/api/2/issue", ISSUE, CARRIER, "labels")

    assert isinstance(finding, SearchDenied)


async def test_a_project_without_labels_refuses_only_our_label(aiohttp_client):
    instance = Instance(await aiohttp_client(SimulatedJira().app()), Jira())
    body = {"fields": {**ISSUE["fields"], "project": {"key": "NOLABEL"}}}

    _, _, verdict = await instance.file("/rest/api/2/issue", body)

    assert verdict == CarrierRefused()
