"""What the platforms say of their own SLAs is read by polling and shown beside the gateway's reckoning."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from gateway.simulator import SimulatedJira, SimulatedServiceNow, refused

LOGIN = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}
INCIDENTS = "/api/now/table/incident"
REQUESTS = "/rest/servicedeskapi/request"
ISSUES = "/rest/api/2/issue"
REQUEST = {"serviceDeskId": "1", "requestTypeId": "10", "requestFieldValues": {"summary": "VPN drops"}}
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}
POLICY = """
name: promised-{name}
platform: {platform}
match: {{path: {path}}}
sla: {{response: {{default: 4h}}, resolution: {{default: 8h}}}}
"""


@pytest.fixture
def polling(start_gateway, tmp_path: Path):
    """A gateway that promises and has a login, and polls when it is told to."""
    folder = tmp_path / "promises"
    folder.mkdir()
    for name, (platform, path) in enumerate((("servicenow", INCIDENTS), ("jira", REQUESTS), ("jira", ISSUES))):
        (folder / f"{name}.yaml").write_text(POLICY.format(name=name, platform=platform, path=path))

    async def start(**platform):
        return await start_gateway(**platform, policies=folder, upstream=LOGIN, environ={"TOKEN": "t0ken"})

    return start


def tracker_of(gateway):
    """One beside the gateway's own, which does not poll: this one does when it is told to."""
    own = gateway.running.gateway.unwatched.tracker
    return replace(own, polled=list(own.lookers.values()))


async def sla_of(gateway, ticket: str) -> dict:
    return (await (await gateway.get(f"{gateway.api}/api/v1/tickets/{ticket}")).json())["sla"]


async def make(gateway, address: str, body: dict) -> tuple[str, dict]:
    made = await gateway.post(address, body)
    return made.headers["ITSM-Call-Id"], await made.json()


def asked(platform, path: str) -> int:
    return sum(path in entry.target for entry in platform.ledger)


def behind(gateway, platform: str) -> str:
    return json.loads(gateway.config_file.read_text())["upstreams"][platform]["base_url"]


async def test_servicenow_s_sla_stands_beside_ours_with_the_difference(polling):
    gateway = await polling(servicenow=SimulatedServiceNow())
    ticket, _ = await make(
        gateway, gateway.servicenow + INCIDENTS, {"short_description": "Disk full", "impact": "1", "urgency": "1"}
    )

    await tracker_of(gateway).ask_around()

    sla = await sla_of(gateway, ticket)
    (theirs,) = sla["platform"]
    assert (theirs["name"], theirs["state"], theirs["breached"]) == ("Priority 1 resolution", "running", False)
    assert theirs["compared_with"] == "resolution"
    due = datetime.fromisoformat(theirs["due_at"]) - datetime.fromisoformat(sla["resolution"]["due_at"])
    assert theirs["seconds_after_ours"] == pytest.approx(due.total_seconds(), abs=0.01)
    assert theirs["seconds_after_ours"] == pytest.approx(-4 * 3600, abs=30)


async def test_many_incidents_are_read_in_one_question(polling):
    servicenow = SimulatedServiceNow()
    gateway = await polling(servicenow=servicenow)
    for number in range(5):
        await make(gateway, gateway.servicenow + INCIDENTS, {"short_description": f"Disk {number} full"})

    await tracker_of(gateway).ask_around()

    assert asked(servicenow, "table/task_sla") == 1


async def test_a_request_s_slas_are_each_held_against_the_promise_they_are_about(polling):
    gateway = await polling(jira=SimulatedJira())
    ticket, _ = await make(gateway, gateway.jira + REQUESTS, REQUEST)

    await tracker_of(gateway).ask_around()

    response, resolution = (await sla_of(gateway, ticket))["platform"]
    assert (response["name"], response["compared_with"]) == ("Time to first response", "response")
    assert response["seconds_after_ours"] == pytest.approx(0, abs=30)
    assert (resolution["name"], resolution["compared_with"]) == ("Time to resolution", "resolution")
    assert resolution["seconds_after_ours"] == pytest.approx(16 * 3600, abs=30)


async def test_a_ticket_that_was_solved_is_read_once_more(polling):
    gateway = await polling(jira=SimulatedJira())
    ticket, made = await make(gateway, gateway.jira + REQUESTS, REQUEST)
    transitions = f"{behind(gateway, 'jira')}{ISSUES}/{made['issueKey']}/transitions"
    await gateway.post(transitions, {"transition": {"id": "31"}}, Authorization="Bearer t0ken")

    await tracker_of(gateway).ask_around()

    sla = await sla_of(gateway, ticket)
    assert sla["phase"] == "resolved"
    assert [each["state"] for each in sla["platform"]] == ["completed", "completed"]


async def test_a_project_without_a_service_desk_is_asked_once_an_hour(polling):
    jira = SimulatedJira()
    gateway = await polling(jira=jira)
    for _ in range(3):
        await make(gateway, gateway.jira + ISSUES, ISSUE)
    tracker = tracker_of(gateway)

    await tracker.ask_around()
    await tracker.ask_around()
    within_the_hour = asked(jira, "/sla")
    now = tracker.clock()
    tracker.opinion.clock = lambda: now + 3_601
    await tracker.ask_around()

    assert (within_the_hour, asked(jira, "/sla")) == (1, 2)
    assert [event["resource"] for event in gateway.events("poll denied")] == ["SLAs of OPS"]


async def test_a_table_that_this_login_may_not_read_changes_nothing_and_is_told_once(polling):
    servicenow = SimulatedServiceNow(closed_tables=("task_sla",))
    gateway = await polling(servicenow=servicenow)
    ticket, _ = await make(gateway, gateway.servicenow + INCIDENTS, {"short_description": "Disk full"})
    tracker = tracker_of(gateway)

    await tracker.ask_around()
    await tracker.ask_around()

    assert asked(servicenow, "table/task_sla") == 1
    assert "platform" not in await sla_of(gateway, ticket)
    assert len(gateway.events("poll denied")) == 1


async def test_a_platform_that_fails_is_left_alone_for_this_round_only(polling):
    jira = SimulatedJira()
    gateway = await polling(jira=jira)
    for _ in range(3):
        await make(gateway, gateway.jira + REQUESTS, REQUEST)
    tracker = tracker_of(gateway)
    tickets = await gateway.running.gateway.records.reports.unresolved("jira", 10)
    (upstream,) = [each for each in tracker.polled if each.name == "jira"]
    jira.faults.add(refused(500))
    await tracker.opinion.read(upstream, tickets)
    failed = asked(jira, "/sla")

    await tracker.opinion.read(upstream, tickets)

    assert (failed, asked(jira, "/sla")) == (1, 4)
