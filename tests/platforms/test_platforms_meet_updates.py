"""Lost updates, sweeps and comparisons, spoken with the simulated platforms."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from platforms.meeting import CARRIER, OTHER, Instance

from gateway.platforms.jira import Jira
from gateway.platforms.platform import Absent, Found, Shown, Swath
from gateway.platforms.servicenow import ServiceNow
from gateway.simulator import Deployment, SimulatedJira, SimulatedServiceNow

INCIDENTS = "/api/now/table/incident"
ISSUES = "/rest/api/2/issue"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Incident"}, "summary": "Disk full"}}
START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


class SetClock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += timedelta(seconds=seconds)
        return self.now.timestamp()


@pytest.fixture
def clock():
    return SetClock()


@pytest.mark.parametrize("closed", [(), ("sys_journal_field",)])
@pytest.mark.parametrize("field", ["work_notes", "comments"])
async def test_a_lost_journal_entry_is_found_and_one_that_never_came_is_absent(aiohttp_client, clock, closed, field):
    simulated = SimulatedServiceNow(clock=clock, closed_tables=closed)
    instance = Instance(await aiohttp_client(simulated.app()), ServiceNow())
    _, _, verdict = await instance.file(INCIDENTS, {"short_description": "x", field: "opened"})
    target, note = f"{INCIDENTS}/{verdict.ticket.id}", {field: "Disk replaced", "state": "2"}
    began = clock.pass_by(60)

    before = await instance.find_update("PATCH", target, note, began)
    answer = await instance.send("PATCH", target, note)
    after = await instance.find_update("PATCH", target, note, began)
    other = await instance.find_update("PATCH", target, {field: "Disk ordered"}, began)

    assert before == Absent()
    assert isinstance(after, Found)
    assert after.answer.body == answer.body
    assert other == Absent()


async def test_a_lost_note_on_a_change_is_found_word_for_word(aiohttp_client, clock):
    instance = Instance(await aiohttp_client(SimulatedServiceNow(clock=clock).app()), ServiceNow())
    _, _, verdict = await instance.file("/api/sn_chg_rest/change", {"short_description": "Patch"})
    target, note = f"/api/sn_chg_rest/change/normal/{verdict.ticket.id}", {"work_notes": "Rebooted"}
    began = clock.pass_by(60)

    answer = await instance.send("PATCH", target, note)
    finding = await instance.find_update("PATCH", target, note, began)

    assert isinstance(finding, Found)
    assert finding.answer.body == answer.body


@pytest.mark.parametrize("deployment", Deployment)
@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("comment", {"body": "Disk replaced"}),
        ("worklog", {"timeSpent": "1h 30m", "comment": "Disk replaced"}),
        ("worklog", {"timeSpentSeconds": 600, "started": "2026-03-01T09:00:00.000+0000"}),
    ],
)
async def test_what_was_added_to_an_issue_is_found_and_not_taken_for_an_older_one(
    aiohttp_client, clock, deployment, what, body
):
    simulated = SimulatedJira(clock=clock, deployment=deployment)
    instance = Instance(await aiohttp_client(simulated.app()), Jira())
    await instance.create(ISSUES, ISSUE)
    target = f"{ISSUES}/OPS-1/{what}"
    await instance.create(target, body)
    began = clock.pass_by(60)

    before = await instance.find_update("POST", target, body, began)
    await instance.create(target, body)
    after = await instance.find_update("POST", target, body, began)

    assert before == Absent()
    assert isinstance(after, Found)
    assert after.answer.status == 201


@pytest.mark.parametrize("deployment", Deployment)
async def test_a_step_of_the_workflow_is_found_and_one_that_was_not_taken_is_absent(aiohttp_client, clock, deployment):
    simulated = SimulatedJira(clock=clock, deployment=deployment)
    instance = Instance(await aiohttp_client(simulated.app()), Jira())
    await instance.create(ISSUES, ISSUE)
    target, step = f"{ISSUES}/OPS-1/transitions", {"transition": {"id": "21"}}
    began = clock.pass_by(60)

    before = await instance.find_update("POST", target, step, began)
    await instance.create(target, step)
    after = await instance.find_update("POST", target, step, began)

    assert before == Absent()
    assert isinstance(after, Found)
    assert after.answer.status == 204


async def test_servicenow_names_what_it_stored_otherwise(aiohttp_client):
    instance = Instance(await aiohttp_client(SimulatedServiceNow().app()), ServiceNow())
    route = instance.platform.route("POST", INCIDENTS)
    sent = {
        "short_description": "x" * 200,
        "priority": "1",
        "urgency": 2,
        "active": True,
        "no_such_field": "x",
        "work_notes": "a note",
        "caller_id": f"{0xA0:032x}",
    }

    answer = await instance.create(INCIDENTS, sent)

    changed = instance.platform.changed_fields(route, INCIDENTS, sent, answer)
    assert changed == ("short_description", "priority", "no_such_field")


async def test_a_read_of_the_issue_tells_what_jira_stored_otherwise(aiohttp_client):
    instance = Instance(await aiohttp_client(SimulatedJira().app()), Jira())
    fields = {**ISSUE["fields"], "labels": ["b", "a"], "priority": {"name": "High"}}
    created = await instance.create(ISSUES, {"fields": fields})
    await instance.send("PUT", f"{ISSUES}/OPS-1", {"fields": {"summary": "Disk empty"}})
    route = instance.platform.route("GET", f"{ISSUES}/OPS-1")

    shown = await instance.send("GET", f"{ISSUES}/OPS-1", None)

    assert instance.platform.changed_fields(route, ISSUES, fields, created) is None
    assert instance.platform.changed_fields(route, f"{ISSUES}/OPS-1", fields, shown) == ("summary",)


async def test_a_sweep_of_servicenow_finds_every_ticket_of_ours_and_the_roll_call_misses_the_deleted(
    aiohttp_client, clock
):
    instance = Instance(await aiohttp_client(SimulatedServiceNow(clock=clock).app()), ServiceNow())
    since = clock.now.timestamp()
    _, _, first = await instance.file(INCIDENTS, {"short_description": "a"})
    _, _, twin = await instance.file(INCIDENTS, {"short_description": "a"})
    _, _, other = await instance.file(INCIDENTS, {"correlation_id": "alert-7"}, OTHER)
    await instance.create(INCIDENTS, {"short_description": "another's", "correlation_id": "alert-8"})
    await instance.send("DELETE", f"{INCIDENTS}/{twin.ticket.id}", None)
    ids = [first.ticket.id, twin.ticket.id, other.ticket.id]

    values = (CARRIER.value, OTHER.value)
    beside = Swath("incident", since, "correlation_display", values, instance.base_url)

    swept = await instance.ask(instance.platform.sweep(Swath("incident", since, "correlation_id", values)))
    displayed = await instance.ask(instance.platform.sweep(beside))
    later = await instance.ask(instance.platform.sweep(Swath("incident", clock.pass_by(60), values=values)))
    present = await instance.ask(instance.platform.roll_call("incident", ids, instance.base_url))

    assert [(marked.ticket.id, marked.value) for marked in swept.marked] == [(first.ticket.id, CARRIER.value)]
    assert [(marked.ticket.id, marked.value) for marked in displayed.marked] == [(other.ticket.id, OTHER.value)]
    assert swept.marked[0].created_at == since
    assert later.marked == ()
    assert present == Shown(frozenset({first.ticket.id, other.ticket.id}))


@pytest.mark.parametrize("deployment", Deployment)
async def test_a_sweep_of_jira_finds_every_issue_of_ours_and_the_roll_call_misses_the_deleted(
    aiohttp_client, deployment
):
    instance = Instance(await aiohttp_client(SimulatedJira(deployment=deployment).app()), Jira())
    _, _, first = await instance.file(ISSUES, ISSUE)
    _, _, twin = await instance.file(ISSUES, ISSUE)
    _, _, gone = await instance.file(ISSUES, ISSUE, OTHER)
    await instance.send("DELETE", f"{ISSUES}/{gone.ticket.key}", None)
    ids = [first.ticket.id, twin.ticket.id, gone.ticket.id]
    swath = Swath("OPS", 0.0, values=(CARRIER.value, OTHER.value), base_url=instance.base_url)

    swept = await instance.ask(instance.platform.sweep(swath))
    everywhere = await instance.ask(instance.platform.sweep(replace(swath, resource="")))
    present = await instance.ask(instance.platform.roll_call("OPS", ids, instance.base_url))

    assert [(marked.ticket.key, marked.value) for marked in swept.marked] == [
        ("OPS-1", CARRIER.value),
        ("OPS-2", CARRIER.value),
    ]
    assert everywhere == swept
    assert present == Shown(frozenset({first.ticket.id, twin.ticket.id}))
