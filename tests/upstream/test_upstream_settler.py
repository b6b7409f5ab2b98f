"""After the deadline the gateway goes on asking, sends nothing again, and writes down what became of the call."""

import asyncio
import time

import pytest
from upstream.instances import PLATFORMS, SHORT, StartInstance, assert_unconfirmed, unsearchable
from upstream.lines import ListedJournal, a_create, line_to

from gateway.domain.delivery import Delivery, Failed
from gateway.domain.outcome import Outcome
from gateway.simulator import SEARCHES, Fault, SimulatedServiceNow, late_effect, refused, reset, stored_then
from gateway.upstream.courier import Courier
from gateway.upstream.settler import Settler

everywhere = pytest.mark.parametrize("platform", PLATFORMS)
LONG_WINDOWS = {"settle_seconds": 0.03, "late_effect_seconds": 0.9}


@everywhere
async def test_a_ticket_that_is_found_after_the_deadline_settles_its_call(start: StartInstance, platform: str):
    instance = await unsearchable(start, platform, stored_then(500))

    response = await instance.create()
    instance.simulated.faults.clear()
    record = await instance.settled(response)

    assert_unconfirmed(response)
    assert record["outcome"] == "reconciled"
    assert record["ticket"]["id"]
    assert instance.creates() == instance.tickets() == 1
    assert await instance.count(f'itsm_late_settlements_total{{outcome="reconciled",platform="{platform}"}}') == 1


@everywhere
@pytest.mark.parametrize(("fault", "outcome"), [(refused(500), "upstream_error"), (reset(), "upstream_error")])
async def test_a_ticket_that_is_absent_after_the_deadline_settles_its_call_and_is_not_sent_again(
    start: StartInstance, platform: str, fault: Fault, outcome: str
):
    instance = await unsearchable(start, platform, fault)

    response = await instance.create()
    instance.simulated.faults.clear()
    record = await instance.settled(response)

    assert_unconfirmed(response)
    assert record["outcome"] == outcome
    assert record["ticket"] is None
    assert (instance.creates(), instance.tickets()) == (1, 0)


@everywhere
async def test_an_effect_that_comes_after_the_deadline_but_inside_the_window_is_found(
    start: StartInstance, platform: str
):
    instance = await start(platform, late_effect(0.5), config=SHORT, windows=LONG_WINDOWS)

    response = await instance.create()
    record = await instance.settled(response)

    assert_unconfirmed(response)
    assert record["outcome"] == "reconciled"
    assert instance.creates() == instance.tickets() == 1


class Listener:
    """Hears what the settler tells."""

    def __init__(self, journal: ListedJournal) -> None:
        self.journal = journal
        self.failures = 0
        self.heard: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def settled(self, outcome: Outcome) -> None:
        self.heard.set_result(outcome)

    def store_failed(self, *_: object) -> None:
        self.failures += 1
        self.journal.failing = False


async def test_a_call_counts_as_settled_only_once_that_is_on_disk(aiohttp_server):
    servicenow = SimulatedServiceNow(faults=[stored_then(500), *[refused(403).on(SEARCHES)] * 99])
    server = await aiohttp_server(servicenow.app())
    journal = ListedJournal()
    forward = a_create(seconds=0.3)

    async with line_to(str(server.make_url("")).rstrip("/"), journal=journal) as line:
        delivery: Delivery = await Courier(line).deliver(forward)
        listener = Listener(journal)
        settler = Settler({"here": line}, journal, listener, time.time, store_pause=0.01)  # type: ignore[arg-type]
        servicenow.faults.clear()
        journal.failing = True
        settler.settle_later(forward, delivery)
        outcome = await asyncio.wait_for(listener.heard, 5)
        await settler.close()

    assert isinstance(delivery, Failed)
    assert listener.failures == 1
    assert outcome.ticket is not None
    assert journal.written == ["settle c1 reconciled"]
    assert len(servicenow.ledger.creates()) == 1


async def test_what_a_process_was_still_asking_stays_open_when_it_stops(aiohttp_server):
    servicenow = SimulatedServiceNow(faults=[stored_then(500)])
    servicenow.faults.every(1, refused(403).on(SEARCHES))
    server = await aiohttp_server(servicenow.app())
    journal = ListedJournal()
    forward = a_create(seconds=0.2)

    async with line_to(str(server.make_url("")).rstrip("/"), journal=journal) as line:
        delivery = await Courier(line).deliver(forward)
        settler = Settler({"here": line}, journal, Listener(journal), time.time)  # type: ignore[arg-type]
        settler.settle_later(forward, delivery)
        await asyncio.sleep(0.01)
        await settler.close()

    assert isinstance(delivery, Failed)
    assert settler.tasks == set()
    assert journal.written == []
