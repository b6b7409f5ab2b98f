"""US-1: no retry comes before the platform wants it, and none after the call's deadline."""

import math
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from flows.desks import JIRA, SERVICENOW, SHIPPED_TEMPLATES, Desk, from_template, on_both_platforms
from running import StartGateway

from gateway.simulator import CREATES, answered, hangs


def _date(instant: int) -> str:
    return format_datetime(datetime.fromtimestamp(instant, UTC), usegmt=True)


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("desk", "header", "spelt"),
    [
        (SERVICENOW, "Retry-After", _date),
        (SERVICENOW, "X-RateLimit-Reset", str),
        (JIRA, "Retry-After", _date),
        (JIRA, "X-RateLimit-Reset", _iso),
    ],
    ids=["servicenow-date", "servicenow-unix", "jira-date", "jira-iso"],
)
async def test_no_retry_comes_before_the_instant_that_the_platform_names(
    start_gateway: StartGateway, desk: Desk, header: str, spelt
):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated)
    instant = math.ceil(time.time() + 0.3)
    simulated.faults.add(answered(429, {header: spelt(instant)}).on(CREATES))

    response = await desk.create(gateway)

    retried_at = simulated.ledger.creates()[1].at.timestamp()
    assert response.status == 201
    assert retried_at >= instant - 0.001


@on_both_platforms
async def test_retry_after_in_seconds_is_the_floor_of_a_wait(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[answered(429, {"Retry-After": "1"}).on(CREATES)])
    gateway = await desk.before(start_gateway, simulated)

    response = await desk.create(gateway)

    first, second = (exchange.at.timestamp() for exchange in simulated.ledger.creates())
    assert response.status == 201
    assert second - first >= 1


@on_both_platforms
async def test_a_retry_after_beyond_the_deadline_hands_the_answer_on(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[answered(429, {"Retry-After": "3600"}, body='{"why": "quota"}')])
    gateway = await desk.before(start_gateway, simulated)

    response = await desk.create(gateway)

    assert (response.status, response.headers["ITSM-Outcome"]) == (429, "rate_limited")
    assert response.headers["Retry-After"] == "3600"
    assert await response.json(content_type=None) == {"why": "quota"}
    assert len(simulated.ledger) == 1


async def test_a_date_handed_on_as_retry_after_becomes_whole_seconds(start_gateway: StartGateway):
    in_an_hour = _date(int(time.time()) + 3600)
    jira = JIRA.simulate(faults=[answered(429, {"Retry-After": in_an_hour})] * 2)
    gateway = await start_gateway(jira=jira)

    created, read = await JIRA.create(gateway), await JIRA.read(gateway)

    assert all(3500 < int(each.headers["Retry-After"]) <= 3600 for each in (created, read))


@pytest.mark.parametrize("nonsense", ["soon", "1.5", "", "10, 20"])
async def test_a_retry_after_that_names_no_time_is_not_handed_on(start_gateway: StartGateway, nonsense: str):
    jira = JIRA.simulate(faults=[answered(503, {"Retry-After": nonsense})] * 4)
    gateway = await start_gateway(jira=jira)

    response = await JIRA.read(gateway)

    assert response.status == 503
    assert "Retry-After" not in response.headers


async def test_the_tickets_door_hands_a_retry_after_on_as_well(start_gateway: StartGateway):
    servicenow = SERVICENOW.simulate(faults=[answered(429, {"Retry-After": _date(int(time.time()) + 3600)})])
    gateway = await start_gateway(servicenow=servicenow, config=SHIPPED_TEMPLATES)

    response = await from_template(gateway, SERVICENOW)

    assert (response.status, (await response.json())["upstream_status"]) == (502, 429)
    assert 3500 < int(response.headers["Retry-After"]) <= 3600


@on_both_platforms
async def test_a_creates_503_that_cannot_be_waited_for_is_handed_on_after_a_search(
    start_gateway: StartGateway, desk: Desk
):
    simulated = desk.simulate(faults=[answered(503, {"Retry-After": "3600"}).on(CREATES)])
    gateway = await desk.before(start_gateway, simulated)

    response = await desk.create(gateway)

    assert (response.status, response.headers["Retry-After"]) == (503, "3600")
    assert len(simulated.ledger.creates()) == 1
    assert simulated.ledger.searches()


@on_both_platforms
@pytest.mark.parametrize("operation", ["create", "read"])
async def test_the_deadline_of_the_whole_call_holds(start_gateway: StartGateway, desk: Desk, operation: str):
    timeout = {"connection_timeout_seconds": 0.2, "read_timeout_seconds": 0.2, "total_timeout_seconds": 0.7}
    simulated = desk.simulate(faults=[hangs()] * 40)
    config = {"timeout": timeout, "retry_policy": {"retry_delay_seconds": 0.01, "max_retries": 20}}
    gateway = await desk.before(start_gateway, simulated, config=config)

    began = time.monotonic()
    response = await getattr(desk, operation)(gateway)
    took = time.monotonic() - began

    assert response.status == 504
    assert response.headers["ITSM-Error"] in {"timeout", "unconfirmed"}
    assert took <= 0.7 + 2.0  # twenty retries of a fifth of a second each would take four


async def test_a_deadline_can_differ_per_upstream(start_gateway: StartGateway):
    jira = JIRA.simulate(faults=[hangs()] * 5)
    gateway = await start_gateway(jira=jira, upstream={"timeout": {"total_timeout_seconds": 0.2}})

    began = time.monotonic()
    response = await JIRA.read(gateway)

    assert response.status == 504
    assert time.monotonic() - began <= 0.2 + 0.5
