"""What Jira stored otherwise is told a moment after the create, where the gateway has a login of its own."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from flows.desks import JIRA
from running import RunningGateway, StartGateway

from gateway.outbox.proofreader import AT_ONCE
from gateway.simulator import JiraProject, SimulatedJira, When, refused, stored_then

OPS = JiraProject("OPS", "10000", "Operations", post_function={"summary": "as the workflow wants it"})
LOGIN: Mapping[str, Any] = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}
OURS: Mapping[str, Any] = {"upstream": LOGIN, "environ": {"TOKEN": "s3cret"}}
READS = When(methods=frozenset({"GET"}))
TOLD = "stored otherwise than sent: summary"


async def told(gateway: RunningGateway, response: Any) -> list[str]:
    """The events of the call, once one tells of a change."""
    proofreader = gateway.running.gateway.unwatched.proofreader
    await proofreader.read(proofreader.upstreams["jira"])
    async with asyncio.timeout(10):
        while True:
            events = [event["event"] for event in (await gateway.call(response))["events"]]
            if TOLD in events:
                return events
            await asyncio.sleep(0.05)


async def test_it_is_an_event_of_the_call_a_metric_and_a_line_in_the_log(start_gateway: StartGateway):
    gateway = await JIRA.before(start_gateway, SimulatedJira(projects=[OPS]), **OURS)

    response = await JIRA.create(gateway)
    events = await told(gateway, response)

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "created")
    assert events == ["received", "sent", "answered", TOLD]
    assert 'itsm_changed_fields_total{field="summary",platform="jira"} 1.0' in await gateway.metrics()
    assert gateway.events("stored otherwise")[-1]["changed"] == "summary"


async def test_a_ticket_that_was_found_after_a_lost_answer_is_read_back_too(start_gateway: StartGateway):
    gateway = await JIRA.before(start_gateway, SimulatedJira(projects=[OPS], faults=[stored_then(500)]), **OURS)

    response = await JIRA.create(gateway)

    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert TOLD in await told(gateway, response)


@pytest.mark.parametrize(
    "settings", [{}, {"upstream": {**LOGIN, "read_back": False}, "environ": OURS["environ"]}], ids=["no login", "off"]
)
async def test_without_a_login_or_where_it_is_switched_off_nothing_is_asked(
    start_gateway: StartGateway, settings: Mapping[str, Any]
):
    jira = SimulatedJira(projects=[OPS])
    gateway = await JIRA.before(start_gateway, jira, **settings)
    proofreader = gateway.running.gateway.unwatched.proofreader

    await JIRA.create(gateway)

    assert proofreader.upstreams == {}
    assert proofreader.waiting == {}


async def test_a_platform_that_does_not_show_its_tickets_is_told_of_once(start_gateway: StartGateway):
    jira = SimulatedJira(projects=[OPS])
    gateway = await JIRA.before(start_gateway, jira, **OURS)
    proofreader = gateway.running.gateway.unwatched.proofreader
    jira.faults.every(1, refused(403).on(READS))

    for _ in range(2):
        await JIRA.create(gateway)
        await proofreader.read(proofreader.upstreams["jira"])

    assert len(gateway.events("tickets not read back")) == 1


async def test_no_more_are_asked_for_at_once_than_fit_into_a_question(start_gateway: StartGateway):
    jira = SimulatedJira(projects=[OPS])
    gateway = await JIRA.before(start_gateway, jira, **OURS)
    proofreader = gateway.running.gateway.unwatched.proofreader
    await JIRA.create(gateway)
    shelf = proofreader.waiting["jira"]
    shelf.extend([shelf[0]] * (AT_ONCE + 5))

    await proofreader.read(proofreader.upstreams["jira"])

    assert len(shelf) == 6


async def test_a_large_body_is_not_kept_for_it(start_gateway: StartGateway):
    gateway = await JIRA.before(start_gateway, SimulatedJira(projects=[OPS]), **OURS)
    fields = {
        **JIRA.ticket["fields"],
        "description": "x" * 30_000,
        "environment": "y" * 32_000,
        "labels": ["z" * 99] * 99,
    }

    response = await gateway.post(gateway.jira + JIRA.create_path, {"fields": fields})

    assert response.status == 201
    assert gateway.running.gateway.unwatched.proofreader.waiting == {}
