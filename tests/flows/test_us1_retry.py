"""US-1: what fails for a moment is tried again, and what was done is told."""

from itertools import pairwise
from pathlib import Path

import pytest
from flows.desks import JIRA, SERVICENOW, SHIPPED_TEMPLATES, Desk, from_template, on_both_platforms
from running import StartGateway

from gateway.domain.retry import RetryPolicy
from gateway.simulator import CREATES, refused, stored_then

LONGEST_JITTER = 0.2
TRANSIENT = [429, 500, 502, 503, 504]
OTHER_4XX = [400, 401, 403, 404, 409, 422]


@on_both_platforms
@pytest.mark.parametrize("status", TRANSIENT)
async def test_creates_retry_on_transient_statuses(start_gateway: StartGateway, desk: Desk, status: int):
    simulated = desk.simulate(faults=[refused(status).on(CREATES)])
    gateway = await desk.before(start_gateway, simulated)

    response = await desk.create(gateway)

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "created")
    assert [exchange.status for exchange in simulated.ledger.creates()] == [status, 201]
    assert len(simulated.tickets()) == 1


@on_both_platforms
@pytest.mark.parametrize("status", TRANSIENT)
async def test_reads_retry_on_transient_statuses(start_gateway: StartGateway, desk: Desk, status: int):
    simulated = desk.simulate(faults=[refused(status)])
    gateway = await desk.before(start_gateway, simulated)

    response = await desk.read(gateway)

    assert response.status == 200
    assert [exchange.status for exchange in desk.reads(simulated)] == [status, 200]


@on_both_platforms
async def test_a_create_that_took_effect_behind_its_500_is_not_sent_again(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[stored_then(500).on(CREATES)])
    gateway = await desk.before(start_gateway, simulated)

    response = await desk.create(gateway)

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert len(simulated.ledger.creates()) == len(simulated.tickets()) == 1


@on_both_platforms
@pytest.mark.parametrize("multiplier", [1, 2.5])
async def test_backoff_is_exponential_with_a_configurable_multiplier(
    start_gateway: StartGateway, desk: Desk, multiplier: float
):
    retry = {"retry_delay_seconds": 0.02, "backoff_multiplier": multiplier, "max_retry_delay_seconds": 10}
    simulated = desk.simulate(faults=[refused(429)] * 3)
    gateway = await desk.before(start_gateway, simulated, config={"retry_policy": retry})

    call = await gateway.call(await desk.create(gateway))

    waits = [attempt["wait_seconds"] for attempt in call["attempts"]]
    full = [0.02 * multiplier ** (number - 1) for number in (1, 2, 3)]
    assert waits[0] == 0
    assert all(longest * (1 - LONGEST_JITTER) <= wait <= longest for wait, longest in zip(waits[1:], full, strict=True))


async def test_the_recorded_waits_were_waited(start_gateway: StartGateway):
    servicenow = SERVICENOW.simulate(faults=[refused(429)] * 3)
    gateway = await start_gateway(servicenow=servicenow)

    await SERVICENOW.create(gateway)

    sent = [exchange.at.timestamp() for exchange in servicenow.ledger.creates()]
    apart = [later - earlier for earlier, later in pairwise(sent)]
    told = gateway.events("call closed")[0]["waits_seconds"]
    assert len(told) == 3
    assert all(between >= wait - 0.001 for between, wait in zip(apart, told, strict=True))


async def test_backoff_stops_growing_at_its_ceiling(start_gateway: StartGateway):
    retry = {"retry_delay_seconds": 0.01, "backoff_multiplier": 100, "max_retry_delay_seconds": 0.03}
    servicenow = SERVICENOW.simulate(faults=[refused(429)] * 3)
    gateway = await start_gateway(servicenow=servicenow, config={"retry_policy": retry})

    call = await gateway.call(await SERVICENOW.create(gateway))

    assert all(0.024 <= attempt["wait_seconds"] <= 0.03 for attempt in call["attempts"][2:])


async def test_without_exponential_backoff_every_wait_is_the_first(start_gateway: StartGateway):
    retry = {"retry_delay_seconds": 0.01, "exponential_backoff": False}
    servicenow = SERVICENOW.simulate(faults=[refused(429)] * 3)
    gateway = await start_gateway(servicenow=servicenow, config={"retry_policy": retry})

    call = await gateway.call(await SERVICENOW.create(gateway))

    assert all(0.008 <= attempt["wait_seconds"] <= 0.01 for attempt in call["attempts"][1:])


@on_both_platforms
@pytest.mark.parametrize("status", [429, 503])
async def test_three_retries_by_default_then_the_last_answer(start_gateway: StartGateway, desk: Desk, status: int):
    simulated = desk.simulate(faults=[refused(status).on(CREATES)] * 5)
    gateway = await desk.before(start_gateway, simulated)

    response = await desk.create(gateway)

    assert response.status == status
    assert "ITSM-Error" not in response.headers
    assert response.headers["ITSM-Retry-Attempts"] == "3"
    assert len(simulated.ledger.creates()) == 4
    assert simulated.tickets() == []


async def test_a_read_gets_three_retries_by_default_too(start_gateway: StartGateway):
    jira = JIRA.simulate(faults=[refused(503)] * 5)
    gateway = await start_gateway(jira=jira)

    response = await JIRA.read(gateway)

    assert response.status == 503
    assert len(JIRA.reads(jira)) == 4


async def test_a_config_without_retry_policy_has_the_specifications_figures(start_gateway: StartGateway):
    gateway = await start_gateway(jira=JIRA.simulate(), config={"retry_policy": {}})

    retry = gateway.running.watch.current.upstreams["jira"].retry

    assert retry == RetryPolicy(
        max_retries=3,
        retry_delay_seconds=5,
        exponential_backoff=True,
        backoff_multiplier=2,
        max_retry_delay_seconds=60,
        retryable_status_codes=frozenset({429, 500, 502, 503, 504}),
    )


@on_both_platforms
async def test_attempts_and_delays_are_in_the_tickets_metadata(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[refused(429).on(CREATES)] * 2)
    gateway = await desk.before(start_gateway, simulated, config=SHIPPED_TEMPLATES)

    response = await from_template(gateway, desk)

    told, call = (await response.json())["retry"], await gateway.call(response)
    assert response.status == 201
    assert response.headers["ITSM-Retry-Attempts"] == "2"
    assert told["attempts"] == len(told["delays_seconds"]) == 2
    assert [(each["number"], each["status"]) for each in call["attempts"]] == [(1, 429), (2, 429), (3, 201)]
    assert [round(each["wait_seconds"], 3) for each in call["attempts"][1:]] == told["delays_seconds"]
    assert all(delay > 0 for delay in told["delays_seconds"])


async def test_retries_are_counted(start_gateway: StartGateway):
    servicenow = SERVICENOW.simulate(faults=[refused(429)] * 2)
    gateway = await start_gateway(servicenow=servicenow)

    await SERVICENOW.create(gateway)

    metrics = await gateway.metrics()
    counted = 'itsm_ticket_creation_retries_total{outcome="created",platform="servicenow",retry_attempts="2"} 1.0'
    assert 'itsm_ticket_retry_attempts_total{platform="servicenow"} 2.0' in metrics
    assert counted in metrics


@on_both_platforms
@pytest.mark.parametrize("status", OTHER_4XX)
async def test_other_4xx_fail_at_once(start_gateway: StartGateway, desk: Desk, status: int):
    simulated = desk.simulate(faults=[refused(status)] * 2)
    gateway = await desk.before(start_gateway, simulated)

    created, read = await desk.create(gateway), await desk.read(gateway)

    assert (created.status, read.status) == (status, status)
    assert (created.headers["ITSM-Outcome"], created.headers["ITSM-Retry-Attempts"]) == ("rejected", "0")
    assert len(simulated.ledger) == 2
    assert simulated.tickets() == []


async def test_a_retry_policy_can_differ_per_upstream(start_gateway: StartGateway):
    servicenow = SERVICENOW.simulate(faults=[refused(429)] * 5)
    gateway = await start_gateway(servicenow=servicenow, upstream={"retry_policy": {"max_retries": 1}})

    response = await SERVICENOW.create(gateway)

    assert response.status == 429
    assert len(servicenow.ledger) == 2


async def test_a_retry_policy_can_differ_per_policy(start_gateway: StartGateway, tmp_path: Path):
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "patient.yaml").write_text(
        "name: patient\n"
        "platform: servicenow\n"
        "match: {path: /api/now/table/incident}\n"
        "retry_policy: {max_retries: 5, retryable_status_codes: [429]}\n"
    )
    servicenow = SERVICENOW.simulate(faults=[refused(429)] * 5)
    gateway = await start_gateway(servicenow=servicenow, policies=policies)

    patient = await SERVICENOW.create(gateway)
    servicenow.faults.add(refused(503).on(CREATES))
    impatient = await SERVICENOW.create(gateway)

    assert (patient.status, patient.headers["ITSM-Retry-Attempts"]) == (201, "5")
    assert (impatient.status, impatient.headers["ITSM-Retry-Attempts"]) == (503, "0")
