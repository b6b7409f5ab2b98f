"""New tickets are read back where their creates' answers show nothing of them, many in one question."""

from datetime import UTC, datetime, timedelta

import pytest
from platforms.meeting import Instance

from gateway.domain.verdict import Ticket
from gateway.platforms.jira import Jira
from gateway.platforms.platform import ReadBack, SearchDenied, Unread
from gateway.platforms.servicenow import ServiceNow
from gateway.simulator import Deployment, JiraProject, SimulatedJira, SimulatedServiceNow, refused

ISSUES = "/rest/api/2/issue"
INCIDENTS = "/api/now/table/incident"
OPS = JiraProject("OPS", "10000", "Operations", post_function={"summary": "as the workflow wants it"})
SENT = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full", "labels": ["db"]}


class Times:
    """A clock to set."""

    def __init__(self):
        self.now = datetime(2026, 11, 25, tzinfo=UTC)

    def __call__(self):
        return self.now


async def made(instance, sent=SENT, call_id="call-1"):
    """An issue, as whoever reads it back knows it."""
    answer = await instance.create(ISSUES, {"fields": sent})
    route = instance.platform.route("POST", ISSUES)
    ticket = instance.platform.judge(route, answer, carried=None, clock=0.0).ticket
    return Unread(call_id, route, ISSUES, ticket, sent)


@pytest.mark.parametrize("deployment", Deployment)
async def test_what_a_post_function_wrote_over_is_named(aiohttp_client, deployment):
    simulated = SimulatedJira(projects=[OPS], deployment=deployment)
    instance = Instance(await aiohttp_client(simulated.app()), Jira())
    sheet = [await made(instance, SENT, "call-1"), await made(instance, SENT | {"summary": OPS.name}, "call-2")]

    found = await instance.ask(instance.platform.read_back(sheet, instance.base_url))

    assert found == ReadBack({"call-1": ("summary",), "call-2": ("summary",)})


async def test_what_was_stored_as_it_was_sent_is_left_out(aiohttp_client):
    instance = Instance(await aiohttp_client(SimulatedJira().app()), Jira())
    sheet = [await made(instance)]

    assert await instance.ask(instance.platform.read_back(sheet, instance.base_url)) == ReadBack({})


async def test_an_issue_that_somebody_has_edited_since_tells_nothing(aiohttp_client):
    clock = Times()
    instance = Instance(await aiohttp_client(SimulatedJira(projects=[OPS], clock=clock).app()), Jira())
    sheet = [await made(instance)]
    clock.now += timedelta(seconds=5)
    await instance.send("PUT", f"{ISSUES}/OPS-1", {"fields": {"labels": ["other"]}})

    assert await instance.ask(instance.platform.read_back(sheet, instance.base_url)) == ReadBack({})


async def test_a_hundred_issues_of_the_cloud_are_one_question(aiohttp_client):
    simulated = SimulatedJira(projects=[OPS])
    instance = Instance(await aiohttp_client(simulated.app()), Jira())
    v3 = Jira().route("POST", "/rest/api/3/issue")
    sheet = [Unread(f"call-{n}", v3, "", (await made(instance)).ticket, SENT) for n in range(20)]
    before = len(list(simulated.ledger))

    found = await instance.ask(instance.platform.read_back(sheet, instance.base_url))

    assert len(found.changed) == 20
    assert len(list(simulated.ledger)) - before == 1


async def test_a_refused_read_says_so(aiohttp_client):
    simulated = SimulatedJira()
    instance = Instance(await aiohttp_client(simulated.app()), Jira())
    sheet = [await made(instance)]
    simulated.faults.add(refused(403))

    assert isinstance(await instance.ask(instance.platform.read_back(sheet, instance.base_url)), SearchDenied)


async def test_a_record_whose_create_was_answered_without_it_is_read_back(aiohttp_client):
    instance = Instance(await aiohttp_client(SimulatedServiceNow().app()), ServiceNow())
    sent = {"short_description": "x" * 200, "urgency": 2, "work_notes": "a note", "no_such_field": "x"}
    answer = await instance.create(INCIDENTS, sent)
    route = instance.platform.route("POST", INCIDENTS)
    ticket = instance.platform.judge(route, answer, carried=None, clock=0.0).ticket
    unknown = Unread("call-2", route, INCIDENTS, Ticket("no^such"), sent)

    sheet = [Unread("call-1", route, INCIDENTS, ticket, sent), unknown]
    found = await instance.ask(instance.platform.read_back(sheet, instance.base_url))

    assert found == ReadBack({"call-1": ("short_description", "no_such_field")})
