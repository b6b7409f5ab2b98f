"""An equal create without a key: the retry of a client that has left takes its first one over."""

import asyncio

import pytest
from aiohttp import ClientSession, ClientTimeout
from flows.desks import SERVICENOW, Desk, on_both_platforms
from running import RunningGateway, StartGateway

from gateway.records.journal import Journal
from gateway.simulator import SEARCHES, SimulatedServiceNow, When, delayed, hangs, refused

READS = When(methods=frozenset({"GET"}))
SHORT = {
    "timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.2, "total_timeout_seconds": 0.4},
    "retry_policy": {"retry_delay_seconds": 0.01},
}


async def hang_up(desk: Desk, gateway: RunningGateway, seconds: float = 0.1) -> None:
    """The same create by a client that does not wait for its answer."""
    url = gateway.address(desk.platform) + desk.create_path
    async with ClientSession(timeout=ClientTimeout(total=seconds)) as session:
        with pytest.raises(TimeoutError):
            await session.post(url, json=dict(desk.ticket), headers={"Accept": "application/json"})


@on_both_platforms
async def test_two_equal_creates_whose_callers_wait_are_two_tickets(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[delayed(0.1), delayed(0.1)])
    gateway = await desk.before(start_gateway, simulated)

    await asyncio.gather(desk.create(gateway), desk.create(gateway))

    assert len(simulated.tickets()) == 2


@on_both_platforms
async def test_the_retry_of_a_client_that_hung_up_joins_its_first_create(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[delayed(0.4)])
    gateway = await desk.before(start_gateway, simulated)
    await hang_up(desk, gateway)

    retry = await desk.create(gateway)

    assert retry.status == 201
    assert retry.headers["Idempotency-Replayed"] == "true"
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


@on_both_platforms
async def test_an_answer_that_nobody_waited_for_is_given_to_the_retry_once(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[delayed(0.3)])
    gateway = await desk.before(start_gateway, simulated)
    await hang_up(desk, gateway)
    await asyncio.sleep(0.5)

    retry, another = await desk.create(gateway), await desk.create(gateway)

    assert retry.headers["Idempotency-Replayed"] == "true"
    assert another.headers["ITSM-Outcome"] == "created"
    assert len(simulated.tickets()) == 2


@on_both_platforms
async def test_a_retry_that_hangs_up_as_well_leaves_its_place_to_the_next(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[delayed(0.8)])
    gateway = await desk.before(start_gateway, simulated)
    await hang_up(desk, gateway, 0.25)
    await hang_up(desk, gateway, 0.25)

    third = await desk.create(gateway)

    assert (third.status, third.headers["ITSM-Outcome"]) == (201, "replayed")
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


@pytest.mark.parametrize("pause", [0.0, 0.6], ids=["under-way", "settled"])
async def test_a_row_that_was_taken_over_by_a_client_that_hung_up_is_the_next_ones(
    start_gateway: StartGateway, pause: float
):
    timeouts = {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.5, "total_timeout_seconds": 0.6}
    simulated = SimulatedServiceNow(faults=[hangs(stored=True)])
    simulated.faults.every(1, delayed(0.3).on(SEARCHES))
    gateway = await SERVICENOW.before(start_gateway, simulated, config={**SHORT, "timeout": timeouts})
    unconfirmed = await SERVICENOW.create(gateway)
    await hang_up(SERVICENOW, gateway, 0.2)
    await asyncio.sleep(pause)

    third = await SERVICENOW.create(gateway)

    assert (unconfirmed.status, third.status) == (504, 201)
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


@on_both_platforms
async def test_who_is_put_off_as_the_upstream_cannot_say_whom_it_shows_the_ticket_gets_it_later(
    start_gateway: StartGateway, desk: Desk
):
    simulated = desk.simulate(faults=[delayed(0.6)])
    gateway = await desk.before(start_gateway, simulated)
    await hang_up(desk, gateway, 0.25)
    simulated.faults.add(refused(503).on(READS))

    put_off = await desk.create(gateway)
    after = await desk.create(gateway)

    assert (put_off.status, put_off.headers["ITSM-Outcome"]) == (503, "refused")
    assert put_off.headers["Retry-After"]
    assert (after.status, after.headers["ITSM-Outcome"]) == (201, "replayed")
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


@on_both_platforms
async def test_who_takes_a_place_in_the_moment_of_its_unconfirmed_end_goes_on_with_the_row(
    start_gateway: StartGateway, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    offered, goes_on, abandon = asyncio.Event(), asyncio.Event(), Journal.abandon

    async def slowly(journal: Journal, call_id: str) -> None:
        await abandon(journal, call_id)
        offered.set()
        await goes_on.wait()

    monkeypatch.setattr(Journal, "abandon", slowly)
    simulated = desk.simulate(faults=[hangs(stored=True)])
    simulated.faults.every(1, refused(503).on(SEARCHES))
    gateway = await desk.before(start_gateway, simulated, config=SHORT)
    await hang_up(desk, gateway)

    await offered.wait()
    simulated.faults.clear()
    retry = asyncio.create_task(desk.create(gateway))
    await until_taken(gateway)
    goes_on.set()
    answer = await retry

    assert (answer.status, answer.headers["Idempotency-Replayed"]) == (201, "true")
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


async def until_taken(gateway: RunningGateway) -> None:
    flights = gateway.running.gateway.unwatched.flights.by_fingerprint
    async with asyncio.timeout(10):
        while not any(flight.taken for equals in flights.values() for flight in equals):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
