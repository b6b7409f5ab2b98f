"""The sweep before simulated platforms: what it finds, when it looks, and that it finds each thing once."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outbox.sweep_scene import CARRIER, ISSUES, Scene, Watched
from platforms.meeting import Instance
from records.conftest import SetClock
from running import Terminal

from gateway.domain.verdict import Ticket
from gateway.outbox.sweeper import SweepPlan
from gateway.platforms.jira import Jira
from gateway.platforms.servicenow import ServiceNow
from gateway.records.record import Window
from gateway.records.records import Records
from gateway.simulator import SEARCHES, SimulatedJira, SimulatedServiceNow, refused
from gateway.telemetry.log import Log

INCIDENTS = "/api/now/table/incident"
INCIDENT = {"short_description": "Job failed"}
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Job failed"}}
FIRST_LOOK = 301
"""Seconds after which a create has been looked at for the first time."""


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def records(tmp_path: Path, clock: SetClock) -> AsyncIterator[Records]:
    opened = await Records.open(f"sqlite+aiosqlite:///{tmp_path / 'gateway.db'}", clock)
    yield opened
    await opened.close()


@pytest.fixture
def servicenow(clock: SetClock) -> SimulatedServiceNow:
    return SimulatedServiceNow(clock=lambda: datetime.fromtimestamp(clock.now, UTC))


@pytest.fixture
def between(records: Records, clock: SetClock) -> Iterator[Callable[[Watched], Scene]]:
    """A scene with this upstream in it."""
    plan = SweepPlan(looks_after=(300, 3600), reach_seconds=86_400, pause_seconds=0)
    stream = Terminal()
    log = Log("info", stream, readable=False)
    yield lambda watched: Scene(records, watched, clock, plan, stream, log)
    log.close()


@pytest.fixture
async def scene(aiohttp_client, servicenow, between) -> Scene:
    return between(Watched("servicenow", Instance(await aiohttp_client(servicenow.app()), ServiceNow())))


@pytest.fixture
async def at_jira(aiohttp_client, between) -> Scene:
    return between(Watched("jira", Instance(await aiohttp_client(SimulatedJira().app()), Jira())))


async def incident(scene: Scene) -> Ticket:
    _, _, made = await scene.watched.instance.file(INCIDENTS, INCIDENT, CARRIER)
    return made.ticket


async def issue(scene: Scene) -> Ticket:
    _, _, made = await scene.watched.instance.file(ISSUES, ISSUE, CARRIER)
    return made.ticket


async def test_a_ticket_too_many_is_found_counted_and_told_once(scene):
    told, twin = await incident(scene), await incident(scene)
    await scene.wrote(told)

    await scene.sweep(later=FIRST_LOOK)
    await scene.sweep(later=3600)

    assert await scene.found() == [("duplicate", {told.id, twin.id})]
    assert scene.counted("duplicate") == 1
    (event,) = scene.told("finding")
    assert (event["kind"], event["call_id"], set(event["tickets"])) == ("duplicate", "call-1", {told.id, twin.id})


async def test_a_ticket_whose_create_was_answered_without_its_name_gets_it_and_is_no_orphan(scene):
    ticket = await incident(scene)
    await scene.wrote(Ticket())

    await scene.sweep(later=FIRST_LOOK)

    story = await scene.records.reports.call("call-1")
    (kept,) = (await scene.records.reports.tickets(Window(), 10)).items
    assert (story.call.ticket_id, story.call.ticket_key) == (ticket.id, ticket.key)
    assert (kept.ticket_id, kept.ticket_key) == (ticket.id, ticket.key)
    assert story.events[-1]["event"] == "named"
    assert await scene.found() == []


async def test_two_tickets_of_a_create_without_a_name_are_a_duplicate_all_the_same(scene):
    one, other = await incident(scene), await incident(scene)
    await scene.wrote(Ticket())

    await scene.sweep(later=FIRST_LOOK)

    assert await scene.found() == [("duplicate", {one.id, other.id})]


async def test_a_restart_finds_nothing_twice(scene):
    await incident(scene)
    await scene.wrote(await incident(scene))
    await scene.sweep(later=FIRST_LOOK)

    scene.restart()
    await scene.sweep()

    assert scene.watched.talks == 4
    assert len(await scene.found()) == scene.counted("duplicate") == len(scene.told("finding")) == 1


async def test_a_ticket_of_a_failed_create_is_an_orphan(scene):
    ticket = await incident(scene)
    await scene.wrote(None)

    await scene.sweep(later=FIRST_LOOK)

    assert await scene.found() == [("orphan", {ticket.id})]
    assert scene.counted("orphan") == 1


async def test_a_ticket_that_was_deleted_on_the_platform_is_a_ghost(scene):
    ticket = await incident(scene)
    await scene.wrote(ticket)
    await scene.watched.instance.send("DELETE", f"{INCIDENTS}/{ticket.id}", None)

    await scene.sweep(later=FIRST_LOOK)

    assert await scene.found() == [("ghost", {ticket.id})]


async def test_a_jira_issue_too_many_is_found_in_whatever_project_it_lies(at_jira):
    told, twin = await issue(at_jira), await issue(at_jira)
    await at_jira.wrote(told, "labels")

    await at_jira.sweep(later=FIRST_LOOK)

    assert await at_jira.found() == [("duplicate", {told.id, twin.id})]


async def test_an_issue_whose_label_a_client_replaced_is_no_ghost(at_jira):
    ticket = await issue(at_jira)
    await at_jira.wrote(ticket, "labels")
    await at_jira.watched.instance.send("PUT", f"{ISSUES}/{ticket.key}", {"fields": {"labels": ["mine"]}})

    await at_jira.sweep(later=FIRST_LOOK)

    assert at_jira.watched.talks == 2
    assert await at_jira.found() == []


async def test_an_issue_that_was_deleted_is_a_ghost(at_jira):
    await issue(at_jira)
    gone = await issue(at_jira)
    await at_jira.wrote(gone, "labels+")
    await at_jira.watched.instance.send("DELETE", f"{ISSUES}/{gone.key}", None)

    await at_jira.sweep(later=FIRST_LOOK)

    assert [kind for kind, _ in await at_jira.found()] == ["ghost"]


async def test_a_denied_search_finds_nothing_says_so_and_is_made_again(scene, servicenow):
    await scene.wrote(await incident(scene))
    await incident(scene)
    servicenow.faults.every(1, refused(403).on(SEARCHES))

    await scene.sweep(later=FIRST_LOOK)
    await scene.sweep(later=FIRST_LOOK)

    assert await scene.found() == []
    (denied,) = scene.told("sweep denied")
    assert (denied["upstream"], denied["table"]) == ("servicenow", "incident")
    servicenow.faults.clear()
    await scene.sweep(later=FIRST_LOOK)
    assert [kind for kind, _ in await scene.found()] == ["duplicate"]


async def test_an_upstream_that_is_in_trouble_is_left_alone_and_looked_at_later(scene):
    await scene.wrote(None)
    await incident(scene)
    scene.watched.welcome = False

    await scene.sweep(later=FIRST_LOOK)
    asked_in_trouble = scene.watched.talks
    scene.watched.welcome = True
    await scene.sweep(later=60)

    assert asked_in_trouble == 0
    assert scene.counted("orphan") == 1


async def test_a_create_is_looked_at_after_five_minutes_after_an_hour_and_at_the_end_of_reach(scene):
    await scene.sweep()
    await scene.wrote(None)
    looked_at = []

    for seconds in (299, 2, 300, 3000, 300, 82_500, 300):
        before = scene.watched.talks
        await scene.sweep(later=seconds)
        looked_at.append(scene.watched.talks - before)

    assert looked_at == [0, 1, 0, 1, 0, 1, 0]


async def test_what_came_before_the_start_is_looked_at_once_page_by_page(scene):
    for number in range(120):
        await scene.wrote(None, call_id=f"call-{number:03}")

    await scene.sweep(later=7200)
    first = scene.watched.talks
    await scene.sweep(later=1)

    assert (first, scene.watched.talks) == (2, 2)


async def test_what_is_out_of_reach_at_the_start_is_not_looked_at(scene):
    await scene.wrote(None)

    await scene.sweep(later=90_000)

    assert scene.watched.talks == 0
