"""Each way in which a create can end without its ticket being named, and what the gateway makes of it."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from aiohttp.test_utils import TestServer
from upstream.instances import LATE_SECONDS, PLATFORMS, StartInstance, waiting
from upstream.lines import ListedWatcher, a_create, line_to

from gateway.domain.delivery import Answered, Failed, FailureKind
from gateway.domain.retry import RetryPolicy
from gateway.simulator import (
    CREATES,
    Effect,
    Fault,
    SimulatedServiceNow,
    answered,
    cut_body,
    hangs,
    html_200,
    jira_login_failed_silently,
    late_effect,
    redirected_to_login,
    refused,
    reset,
    servicenow_semaphore,
    servicenow_session_full,
    stored_then,
)
from gateway.upstream.courier import Courier

everywhere = pytest.mark.parametrize("platform", PLATFORMS)

OVER = (500, 502, 503, 504)
SILENT = {
    "reset": reset(),
    "cut body": cut_body(stored=False),
    "html 200": html_200(),
    "redirect": redirected_to_login(),
    "unreadable": answered(201, {"Content-Type": "application/json"}, '{"result": {"sys_'),
}
silent = pytest.mark.parametrize("fault", SILENT.values(), ids=SILENT)


def stored(fault: Fault) -> Fault:
    return replace(fault, effect=Effect.EXECUTED)


def seconds_between(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()


@pytest.mark.parametrize(
    ("platform", "fault", "status"),
    [
        ("servicenow", refused(429), 429),
        ("servicenow", servicenow_semaphore(), 429),
        ("servicenow", servicenow_session_full(), 202),
        ("jira", refused(429), 429),
    ],
)
async def test_what_was_certainly_not_executed_is_sent_again_without_a_search(
    start: StartInstance, platform: str, fault: Fault, status: int
):
    instance = await start(platform, fault)

    response = await instance.create()

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "created"
    assert response.headers["ITSM-Retry-Attempts"] == "1"
    assert await instance.statuses(response) == [status, 201]
    assert instance.searches() == 0
    assert instance.tickets() == 1


async def test_where_no_connection_comes_about_the_create_is_sent_again_without_a_search(unused_tcp_port: int):
    servicenow = SimulatedServiceNow()
    patient = RetryPolicy(max_retries=100, retry_delay_seconds=0.05, exponential_backoff=False)

    async with line_to(f"http://127.0.0.1:{unused_tcp_port}") as line:
        delivering = asyncio.create_task(Courier(line).deliver(a_create(patient)))
        await asyncio.sleep(0.02)
        async with TestServer(servicenow.app(), port=unused_tcp_port):
            delivery = await delivering

    assert isinstance(delivery, Answered)
    assert {attempt.failure for attempt in delivery.attempts} == {"connect", None}
    assert len(servicenow.tickets()) == 1
    assert len(servicenow.ledger) == 1


async def test_where_tls_fails_nothing_was_sent_and_nothing_is_searched(aiohttp_server):
    server = await aiohttp_server(SimulatedServiceNow().app())

    async with line_to(f"https://127.0.0.1:{server.port}") as line:
        delivery = await Courier(line).deliver(a_create())
        watcher = line.watcher

    assert isinstance(delivery, Failed)
    assert delivery.kind is FailureKind.UNREACHABLE
    assert {attempt.failure for attempt in delivery.attempts} == {"connect"}
    assert isinstance(watcher, ListedWatcher)
    assert watcher.counted == []


@everywhere
@pytest.mark.parametrize("status", OVER)
async def test_an_answered_failure_without_effect_is_sent_again_once_a_search_finds_nothing(
    start: StartInstance, platform: str, status: int
):
    instance = await start(platform, refused(status))

    response = await instance.create()

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "created"
    assert await instance.statuses(response) == [status, 201]
    assert (await instance.attempts(response))[1]["wait_seconds"] >= 0.03
    assert instance.searches() >= 1
    assert instance.tickets() == 1
    assert "search: not there" in [event["event"] for event in (await instance.gateway.call(response))["events"]]


@everywhere
@pytest.mark.parametrize("status", OVER)
async def test_an_answered_failure_with_effect_is_found_and_adopted(start: StartInstance, platform: str, status: int):
    instance = await start(platform, stored_then(status))

    response = await instance.create()

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert response.headers["ITSM-Fenced"] == "true"
    assert await instance.statuses(response) == [status]
    assert instance.creates() == instance.tickets() == 1


@everywhere
async def test_the_correlation_value_is_the_same_in_every_attempt(start: StartInstance, platform: str):
    instance = await start(platform, *[fault.on(CREATES) for fault in (refused(429), refused(503), refused(500))])

    response = await instance.create()

    bodies = [create.body for create in instance.simulated.ledger.creates()]
    assert await instance.statuses(response) == [429, 503, 500, 201]
    assert b"itsmgw-" in bodies[0]
    assert len(set(bodies)) == 1


@everywhere
@silent
async def test_a_create_that_broke_off_without_effect_is_sent_again_after_the_late_effect_window(
    start: StartInstance, platform: str, fault: Fault
):
    instance = await start(platform, fault)

    response = await instance.create()

    first, second = await instance.attempts(response)
    assert response.headers["ITSM-Outcome"] == "created"
    assert seconds_between(first["started_at"], second["started_at"]) >= LATE_SECONDS - 0.001
    assert instance.searches() >= 2
    assert instance.tickets() == 1


@everywhere
@silent
async def test_a_create_that_broke_off_with_effect_is_found_and_adopted(
    start: StartInstance, platform: str, fault: Fault
):
    instance = await start(platform, stored(fault))

    response = await instance.create()

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert instance.creates() == instance.tickets() == 1


@everywhere
@pytest.mark.parametrize(("took_effect", "outcome"), [(False, "created"), (True, "reconciled")])
async def test_a_create_that_hangs_is_cut_off_and_searched_for(
    start: StartInstance, platform: str, took_effect: bool, outcome: str
):
    instance = await start(platform, hangs(stored=took_effect), config=waiting(read=0.3))

    response = await instance.create()

    assert response.headers["ITSM-Outcome"] == outcome
    assert (await instance.statuses(response))[0] == "timeout"
    assert instance.tickets() == 1


@everywhere
@pytest.mark.parametrize("hanging", [False, True])
async def test_an_effect_that_comes_late_but_inside_the_window_is_found(
    start: StartInstance, platform: str, hanging: bool
):
    windows = {"settle_seconds": 0.03, "late_effect_seconds": 0.6}
    instance = await start(
        platform, late_effect(0.25, hangs=hanging), windows=windows, config=waiting(read=0.2 if hanging else 5)
    )

    response = await instance.create()

    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert instance.creates() == instance.tickets() == 1


async def test_jiras_login_that_failed_unsaid_is_no_success(start: StartInstance):
    instance = await start("jira", jira_login_failed_silently())

    response = await instance.create()

    assert response.headers["ITSM-Outcome"] == "created"
    assert await instance.statuses(response) == [200, 201]
    assert instance.searches() >= 1
    assert instance.tickets() == 1
