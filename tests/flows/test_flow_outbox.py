"""Accepted and delivered later: queued creates, and what a process leaves behind when it goes."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port
from flows.desks import Desk, on_both_platforms
from running import RunningGateway, StartGateway

from gateway.simulator import CREATES, SEARCHES, SimulatedServiceNow, refused, reset, stored_then

LOGIN = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}
ENVIRON = {"TOKEN": "s3cret"}
PATHS = {"servicenow": "/api/now/table/incident", "jira": "/rest/api/2/issue"}
CONFIG: dict[str, Any] = {
    "timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 1, "total_timeout_seconds": 1},
    "retry_policy": {"retry_delay_seconds": 0.01, "max_retries": 1},
    "outbox": {"retry_delays_seconds": [0.05]},
}


@pytest.fixture
def queueing(tmp_path: Path) -> Path:
    folder = tmp_path / "queueing"
    folder.mkdir()
    for platform, path in PATHS.items():
        text = f"name: {platform}\nplatform: {platform}\nmatch: {{path: {path}}}\non_unavailable: queue\n"
        (folder / f"{platform}.yaml").write_text(text)
    return folder


async def before(start: StartGateway, desk: Desk, simulated: Any, **rest: Any) -> RunningGateway:
    settings = {"config": CONFIG, "upstream": LOGIN, "environ": ENVIRON} | rest
    return await desk.before(start, simulated, **settings)


async def closed(gateway: RunningGateway, call_id: str) -> dict[str, Any]:
    """The call's record once it is final."""
    async with asyncio.timeout(20):
        while True:
            record = await (await gateway.get(f"{gateway.api}/api/v1/calls/{call_id}")).json()
            if record["state"] in {"closed", "dead"}:
                return record
            await asyncio.sleep(0.02)


@on_both_platforms
async def test_a_create_that_its_upstream_cannot_take_is_accepted_and_delivered_later(
    start_gateway: StartGateway, desk: Desk, queueing: Path
):
    simulated = desk.simulate()
    simulated.faults.every(1, refused(503))
    gateway = await before(start_gateway, desk, simulated, policies=queueing)

    answer = await desk.create(gateway)
    told = await answer.json()
    simulated.faults.clear()
    record = await closed(gateway, told["call_id"])

    assert answer.status == 202
    assert told == {"status": "queued", "call_id": answer.headers["ITSM-Call-Id"]}
    assert answer.headers["Location"].endswith(f"/api/v1/calls/{told['call_id']}")
    assert record["ticket"]["id"]
    assert len(simulated.tickets()) == 1


@on_both_platforms
async def test_while_the_circuit_is_open_a_create_is_accepted_at_once(
    start_gateway: StartGateway, desk: Desk, queueing: Path
):
    gone = {"base_url": f"http://127.0.0.1:{unused_port()}"}
    gateway = await before(start_gateway, desk, desk.simulate(), policies=queueing, upstream=LOGIN | gone)
    for _ in range(3):  # two connects each
        await desk.create(gateway)

    answer = await desk.create(gateway)
    record = await gateway.call(answer)

    assert (answer.status, answer.headers["ITSM-Outcome"]) == (202, "queued")
    assert (record["state"], record["attempt_count"]) == ("queued", 0)


@on_both_platforms
async def test_a_lost_answer_is_looked_for_before_a_queued_create_is_sent_again(
    start_gateway: StartGateway, desk: Desk, queueing: Path
):
    simulated = desk.simulate(faults=[stored_then(500)])
    simulated.faults.every(1, refused(503).on(SEARCHES))
    gateway = await before(start_gateway, desk, simulated, policies=queueing)

    answer = await desk.create(gateway)
    simulated.faults.clear()
    record = await closed(gateway, answer.headers["ITSM-Call-Id"])

    assert answer.status == 202
    assert record["outcome"] == "reconciled"
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


@on_both_platforms
async def test_who_prefers_not_to_wait_is_answered_at_once(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate()
    gateway = await before(start_gateway, desk, simulated)

    answer = await desk.create(gateway, Prefer="respond-async")
    record = await closed(gateway, answer.headers["ITSM-Call-Id"])

    assert answer.status == 202
    assert record["outcome"] == "created"
    assert len(simulated.tickets()) == 1


@on_both_platforms
async def test_a_queued_create_that_is_refused_becomes_a_dead_letter(
    start_gateway: StartGateway, desk: Desk, queueing: Path
):
    simulated = desk.simulate()
    simulated.faults.every(1, refused(503).on(CREATES))
    gateway = await before(start_gateway, desk, simulated, policies=queueing)

    answer = await desk.create(gateway)
    simulated.faults.clear()
    simulated.faults.every(1, refused(400).on(CREATES))
    record = await closed(gateway, answer.headers["ITSM-Call-Id"])

    assert answer.status == 202
    assert record["state"] == "dead"
    assert "400" in str(record["events"])
    assert simulated.tickets() == []


@on_both_platforms
async def test_what_waits_when_the_process_stops_is_delivered_by_the_next(
    start_gateway: StartGateway, desk: Desk, queueing: Path
):
    simulated = desk.simulate()
    simulated.faults.every(1, reset())
    gateway = await before(start_gateway, desk, simulated, policies=queueing)
    answers = [await desk.create(gateway) for _ in range(3)]
    await gateway.stop()
    simulated.faults.clear()
    again = await before(start_gateway, desk, simulated, policies=queueing)

    records = [await closed(again, answer.headers["ITSM-Call-Id"]) for answer in answers]

    assert {answer.status for answer in answers} == {202}
    assert all(record["ticket"] for record in records)
    assert len(simulated.tickets()) == 3


@on_both_platforms
async def test_what_waits_is_no_dead_letter_because_the_gateway_s_own_login_is_refused(
    start_gateway: StartGateway, desk: Desk, queueing: Path
):
    simulated = desk.simulate()
    simulated.faults.every(1, refused(401))
    gateway = await before(start_gateway, desk, simulated, policies=queueing)

    answer = await desk.create(gateway)
    async with asyncio.timeout(10):
        while len(simulated.ledger.creates()) < 3:  # noqa: ASYNC110  # nobody tells when
            await asyncio.sleep(0.02)
    simulated.faults.clear()
    record = await closed(gateway, answer.headers["ITSM-Call-Id"])

    assert answer.status == 202
    assert record["ticket"]["id"]
    assert len(simulated.tickets()) == 1


@on_both_platforms
async def test_a_lost_answer_that_finds_no_room_is_unconfirmed_and_never_delivered_later(
    start_gateway: StartGateway, desk: Desk, queueing: Path
):
    simulated = desk.simulate()
    simulated.faults.every(1, refused(500))
    config = CONFIG | {"outbox": {"retry_delays_seconds": [30], "max_calls": 1}}
    gateway = await before(start_gateway, desk, simulated, policies=queueing, config=config)

    first, second = await desk.create(gateway), await desk.create(gateway)
    simulated.faults.clear()
    record = await closed(gateway, second.headers["ITSM-Call-Id"])

    assert (first.status, second.status) == (202, 504)
    assert second.headers["ITSM-Outcome"] == "unconfirmed"
    assert record["outcome"] == "upstream_error"
    assert record["ticket"] is None


@on_both_platforms
async def test_what_was_unconfirmed_when_the_process_stopped_is_settled_by_the_next(
    start_gateway: StartGateway, desk: Desk
):
    simulated = desk.simulate(faults=[stored_then(500)])
    simulated.faults.every(1, refused(503).on(SEARCHES))
    gateway = await before(start_gateway, desk, simulated)
    answer = await desk.create(gateway)
    await gateway.stop()
    simulated.faults.clear()
    again = await before(start_gateway, desk, simulated)

    record = await closed(again, answer.headers["ITSM-Call-Id"])

    assert answer.headers["ITSM-Outcome"] == "unconfirmed"
    assert record["outcome"] == "reconciled"
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


async def test_what_was_accepted_is_delivered_as_it_was_accepted_whatever_its_policy_says_by_then(
    start_gateway: StartGateway, queueing: Path
):
    policy = queueing / "servicenow.yaml"
    policy.write_text(policy.read_text() + "defaults: {category: hardware}\n")
    servicenow = SimulatedServiceNow()
    servicenow.faults.every(1, refused(503).on(CREATES))
    settings = {"config": CONFIG, "upstream": LOGIN, "environ": ENVIRON, "policies": queueing}
    gateway = await start_gateway(servicenow=servicenow, **settings)
    answer = await gateway.post(f"{gateway.servicenow}{PATHS['servicenow']}", {"short_description": "Disk full"})

    policy.write_text(policy.read_text().replace("hardware", "software"))
    await gateway.stop()
    servicenow.faults.clear()
    again = await start_gateway(servicenow=servicenow, **settings)
    await closed(again, answer.headers["ITSM-Call-Id"])

    assert answer.status == 202
    assert [ticket["category"] for ticket in servicenow.tickets()] == ["hardware"]
