"""The failure matrix, first part: what the upstream does, or what becomes of the way to it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fence.gateways import free_ports
from upstream.instances import LATE_SECONDS, PLATFORMS, StartInstance, assert_unconfirmed, waiting

from gateway.simulator import (
    CREATES,
    SEARCHES,
    Fault,
    answered,
    cut_body,
    hangs,
    html_200,
    late_effect,
    redirected_to_login,
    refused,
    reset,
    servicenow_asleep,
    stored_then,
)

on_both_platforms = pytest.mark.parametrize("platform", PLATFORMS)
IMPATIENT = waiting(read=0.3)
WINDOW = timedelta(seconds=LATE_SECONDS - 0.05)
"""It counts from when the create left, a moment before it arrived."""
LOGIN = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}
WITH_LOGIN = {"upstream": LOGIN, "environ": {"TOKEN": "s3cret"}}
A_PAGE = answered(200, {"Content-Type": "text/html"}, "<html>maintenance</html>")
GARBAGE = answered(201, {"Content-Type": "application/json"}, '{"result": {')


@pytest.fixture
async def not_tls() -> AsyncIterator[int]:
    """The port of a server that speaks no TLS."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@on_both_platforms
@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{closed}", "http://no-such-host.invalid", "https://127.0.0.1:{plain}"]
)
async def test_no_connection_no_name_or_no_tls_means_nothing_was_sent_and_that_is_said(
    start: StartInstance, not_tls: int, platform: str, to: str
):
    instance = await start(platform, upstream={"base_url": to.format(closed=free_ports(1)[0], plain=not_tls)})

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (502, "unreachable")
    assert response.headers["ITSM-Retry-Attempts"] == "3"
    assert len(instance.simulated.ledger) == 0


@on_both_platforms
async def test_connections_that_fail_again_and_again_open_the_circuit(start: StartInstance, platform: str):
    instance = await start(platform, upstream={"base_url": f"http://127.0.0.1:{free_ports(1)[0]}"})

    answers = [await instance.create() for _ in range(3)]

    assert (answers[-1].status, answers[-1].headers["ITSM-Outcome"]) == (503, "circuit_open")
    assert int(answers[-1].headers["Retry-After"]) >= 1


def in_a_second() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)


@on_both_platforms
@pytest.mark.parametrize("named", [None, "0", "1", in_a_second, "nonsense", "-5"])
async def test_a_429_is_waited_out_whatever_it_says_as_long_as_there_is_time(
    start: StartInstance, platform: str, named
):
    headers = {} if named is None else {"Retry-After": named() if callable(named) else named}
    instance = await start(platform, answered(429, headers, "{}").on(CREATES))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "created")
    assert (instance.creates(), instance.searches(), instance.tickets()) == (2, 0, 1)


@on_both_platforms
async def test_a_429_that_asks_for_more_time_than_there_is_is_handed_on(start: StartInstance, platform: str):
    instance = await start(platform, answered(429, {"Retry-After": "86400"}, "{}").on(CREATES))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (429, "rate_limited")
    assert int(response.headers["Retry-After"]) > 60
    assert (instance.creates(), instance.tickets()) == (1, 0)


@on_both_platforms
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_whole_5xx_without_effect_is_looked_for_and_sent_again(
    start: StartInstance, platform: str, status: int
):
    instance = await start(platform, refused(status).on(CREATES))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "created")
    assert instance.searches() >= 1
    assert (instance.creates(), instance.tickets()) == (2, 1)


@on_both_platforms
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_whole_5xx_with_effect_is_found_and_adopted(start: StartInstance, platform: str, status: int):
    instance = await start(platform, stored_then(status).on(CREATES))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert (instance.creates(), instance.tickets()) == (1, 1)


BROKEN_OFF = [reset(), cut_body(stored=False), hangs(), GARBAGE, html_200(), redirected_to_login(), A_PAGE]
BROKEN_OFF_STORED = [reset(stored=True), cut_body(), hangs(stored=True), html_200(stored=True)]


def kinds(faults: Sequence[Fault]) -> list[str]:
    return [f"{number}-{fault.kind}" for number, fault in enumerate(faults)]


@on_both_platforms
@pytest.mark.parametrize("fault", BROKEN_OFF, ids=kinds(BROKEN_OFF))
async def test_reset_cut_garbage_hang_page_or_login_without_effect_is_sent_again_after_the_window_only(
    start: StartInstance, platform: str, fault: Fault
):
    instance = await start(platform, fault.on(CREATES), config=IMPATIENT)

    response = await instance.create()

    first, second = instance.simulated.ledger.creates()
    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "created")
    assert any(first.at + WINDOW <= search.at <= second.at for search in instance.simulated.ledger.searches())
    assert instance.tickets() == 1


@on_both_platforms
@pytest.mark.parametrize("fault", BROKEN_OFF_STORED, ids=kinds(BROKEN_OFF_STORED))
async def test_reset_cut_hang_or_page_with_effect_is_found_and_adopted(
    start: StartInstance, platform: str, fault: Fault
):
    instance = await start(platform, fault.on(CREATES), config=IMPATIENT)

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert (instance.creates(), instance.tickets()) == (1, 1)


@on_both_platforms
async def test_a_late_effect_inside_the_window_is_found_by_a_search_in_the_window(start: StartInstance, platform: str):
    windows = {"settle_seconds": 0.02, "late_effect_seconds": 0.6}
    instance = await start(platform, late_effect(0.3).on(CREATES), windows=windows)

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert (instance.creates(), instance.tickets()) == (1, 1)


@on_both_platforms
@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 501])
async def test_a_refusal_is_final_after_one_attempt(start: StartInstance, platform: str, status: int):
    instance = await start(platform, refused(status).on(CREATES))

    response = await instance.create()

    assert response.status == status
    assert (instance.creates(), instance.searches(), instance.tickets()) == (1, 0, 0)


@on_both_platforms
async def test_a_401_of_the_gateways_own_login_is_final_and_told_to_the_operator(start: StartInstance, platform: str):
    instance = await start(platform, refused(401).on(CREATES), **WITH_LOGIN)

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Error"]) == (502, "upstream-credentials")
    assert (instance.creates(), instance.tickets()) == (1, 0)


@on_both_platforms
async def test_a_401_of_a_clients_own_login_is_handed_on(start: StartInstance, platform: str):
    instance = await start(platform, refused(401).on(CREATES))

    response = await instance.create(Authorization="Basic am9iOm9sZA==")

    assert (response.status, response.headers["ITSM-Outcome"]) == (401, "rejected")
    assert "ITSM-Error" not in response.headers
    assert (instance.creates(), instance.tickets()) == (1, 0)


@on_both_platforms
@pytest.mark.parametrize(
    "fault",
    [html_200(), A_PAGE, redirected_to_login(), servicenow_asleep()],
    ids=["asleep", "page", "sso", "hibernating"],
)
async def test_a_page_or_a_login_is_never_success(start: StartInstance, platform: str, fault: Fault):
    instance = await start(platform, config=waiting() | {"retry_policy": {"max_retries": 0}})
    instance.simulated.faults.every(1, fault.on(CREATES))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (502, "upstream_error")
    assert response.headers["ITSM-Error"]
    assert (instance.creates(), instance.tickets()) == (1, 0)


async def test_an_index_that_lags_within_the_settle_window_hides_no_issue(start: StartInstance):
    windows = {"settle_seconds": 0.4, "late_effect_seconds": 0.6}
    instance = await start("jira", stored_then(503).on(CREATES), windows=windows, options={"index_delay": 0.2})

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert (instance.creates(), instance.tickets()) == (1, 1)


@on_both_platforms
@pytest.mark.parametrize("status", [401, 403])
async def test_a_search_that_is_denied_proves_nothing_and_is_told_to_the_operator(
    start: StartInstance, platform: str, status: int
):
    instance = await start(platform, refused(503).on(CREATES), config=waiting(total=0.6), **WITH_LOGIN)
    instance.simulated.faults.every(1, refused(status).on(SEARCHES))

    response = await instance.create()

    assert_unconfirmed(response)
    assert instance.creates() == 1
    assert await instance.count(f'itsm_reconcile_searches_total{{result="denied",upstream="{platform}"}}') >= 1


async def test_a_search_by_a_broken_login_that_answers_with_nothing_proves_nothing(start: StartInstance):
    nothing = answered(200, {"Content-Type": "application/json"}, '{"result": []}')
    instance = await start("servicenow", refused(503).on(CREATES), config=waiting(total=0.6), **WITH_LOGIN)
    instance.simulated.faults.every(1, nothing.on(SEARCHES))

    response = await instance.create()

    assert_unconfirmed(response)
    assert (instance.creates(), instance.tickets()) == (1, 0)
