"""Whoever asks again gets the same ticket: by a key, by the first call's id, or after an unconfirmed end."""

import asyncio
from pathlib import Path

from flows.desks import Desk, on_both_platforms
from running import StartGateway

from gateway.simulator import SEARCHES, SimulatedServiceNow, delayed, hangs, refused, stored_then

KEY = {"Idempotency_Key": "order-7"}
SHORT = {
    "timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.2, "total_timeout_seconds": 0.4},
    "retry_policy": {"retry_delay_seconds": 0.01},
}


@on_both_platforms
async def test_the_same_key_gets_the_first_answer_byte_for_byte(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated)

    first = await desk.create(gateway, **KEY)
    second = await desk.create(gateway, **KEY)

    assert (first.status, second.status) == (201, 201)
    assert await second.read() == await first.read()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["ITSM-Outcome"] == "replayed"
    assert "Idempotency-Replayed" not in first.headers
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


@on_both_platforms
async def test_the_same_key_joins_the_create_that_is_under_way(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[delayed(0.2)])
    gateway = await desk.before(start_gateway, simulated)

    answers = await asyncio.gather(*(desk.create(gateway, **KEY) for _ in range(5)))

    assert {answer.status for answer in answers} == {201}
    assert len({await answer.read() for answer in answers}) == 1
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


@on_both_platforms
async def test_a_key_is_free_again_where_no_ticket_was_made(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[refused(400)])
    gateway = await desk.before(start_gateway, simulated)

    first = await desk.create(gateway, **KEY)
    second = await desk.create(gateway, **KEY)

    assert (first.status, second.status) == (400, 201)
    assert second.headers["ITSM-Outcome"] == "created"


@on_both_platforms
async def test_the_id_of_the_first_call_names_it_too(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated)
    first = await desk.create(gateway)

    second = await desk.create(gateway, ITSM_Call_Id=first.headers["ITSM-Call-Id"])

    assert await second.read() == await first.read()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(simulated.tickets()) == 1


@on_both_platforms
async def test_the_first_answer_of_a_create_that_no_policy_covers_is_repeated_by_its_id_as_well(
    start_gateway: StartGateway, desk: Desk, tmp_path: Path
):
    simulated = desk.simulate()
    empty = tmp_path / "no-policies"
    empty.mkdir()
    gateway = await desk.before(start_gateway, simulated, policies=empty)
    first = await desk.create(gateway)
    url = gateway.address(desk.platform) + desk.create_path

    second = await desk.create(gateway, ITSM_Call_Id=first.headers["ITSM-Call-Id"])
    other = await gateway.post(url, {"other": "body"}, ITSM_Call_Id=first.headers["ITSM-Call-Id"])

    assert await second.read() == await first.read()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert other.status == 422
    assert len(simulated.tickets()) == 1


@on_both_platforms
async def test_the_retry_after_unconfirmed_gets_the_ticket_that_was_made(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[stored_then(500)])
    simulated.faults.every(1, refused(403).on(SEARCHES))
    gateway = await desk.before(start_gateway, simulated, config=SHORT)
    first = await desk.create(gateway)
    simulated.faults.clear()

    retry = await desk.create(gateway)

    assert first.headers["ITSM-Outcome"] == "unconfirmed"
    assert retry.status == 201
    assert retry.headers["Idempotency-Replayed"] == "true"
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1
    assert (await gateway.call(first))["ticket"]["id"]


@on_both_platforms
async def test_the_retry_after_unconfirmed_is_sent_once_there_certainly_is_no_ticket(
    start_gateway: StartGateway, desk: Desk
):
    simulated = desk.simulate(faults=[hangs()])
    gateway = await desk.before(
        start_gateway,
        simulated,
        config=SHORT,
        upstream={"reconcile": {"settle_seconds": 0.02, "late_effect_seconds": 0.5}},
    )
    first = await desk.create(gateway)

    retry = await desk.create(gateway)

    assert first.headers["ITSM-Outcome"] == "unconfirmed"
    assert retry.status == 201
    assert len(simulated.tickets()) == 1
    bodies = {exchange.body for exchange in simulated.ledger.creates()}
    assert len(bodies) == 1, "both attempts carried the same correlation value"


@on_both_platforms
async def test_a_key_still_counts_after_a_restart(start_gateway: StartGateway, desk: Desk, tmp_path: Path):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated)
    first = await desk.create(gateway, **KEY)
    await gateway.stop()
    again = await desk.before(start_gateway, simulated)

    second = await desk.create(again, **KEY)

    assert second.headers["Idempotency-Replayed"] == "true"
    assert (await second.json()).keys() == (await first.json()).keys()
    assert len(simulated.tickets()) == 1


async def test_a_policy_makes_a_key_of_fields(start_gateway: StartGateway, tmp_path: Path):
    servicenow = SimulatedServiceNow()
    policies = tmp_path / "own"
    policies.mkdir()
    (policies / "alerts.yaml").write_text(
        "name: alerts\nplatform: servicenow\nmatch: {path: /api/now/table/incident}\n"
        "idempotency: {fields: [u_alert], within: 1h}\n"
    )
    gateway = await start_gateway(servicenow=servicenow, policies=policies)
    url = f"{gateway.servicenow}/api/now/table/incident"

    first = await gateway.post(url, {"short_description": "Disk full", "u_alert": "disk-1"})
    same = await gateway.post(url, {"short_description": "Disk fuller", "u_alert": "disk-1"})
    other = await gateway.post(url, {"short_description": "Disk full", "u_alert": "disk-2"})
    nameless = [await gateway.post(url, {"short_description": "Disk full"}) for _ in range(2)]

    assert await same.read() == await first.read()
    assert same.headers["Idempotency-Replayed"] == "true"
    assert {answer.headers["ITSM-Outcome"] for answer in (first, other, *nameless)} == {"created"}
    assert len(servicenow.tickets()) == 4


async def test_without_credentials_of_its_own_the_gateway_repeats_an_answer_only_to_who_may_read_it(
    start_gateway: StartGateway,
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    url = f"{gateway.servicenow}/api/now/table/incident"
    ticket = {"short_description": "Disk full"}
    await gateway.post(url, ticket, **KEY)
    servicenow.faults.every(1, refused(401).on(SEARCHES))

    stranger = await gateway.post(url, ticket, **KEY)

    assert stranger.status == 401
    assert len(servicenow.tickets()) == 1
