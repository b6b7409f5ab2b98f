"""After the deadline the gateway goes on asking, sends nothing again, and writes down what became of the call."""

import asyncio
import time
from dataclasses import dataclass, field, replace

import pytest
from upstream.instances import PLATFORMS, SHORT, StartInstance, assert_unconfirmed, unsearchable
from upstream.lines import ListedJournal, a_create, line_to

from gateway.domain.delivery import Failed
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.retry import RetryPolicy
from gateway.outbox.settler import Settler
from gateway.pipeline.carry import end, in_doubt
from gateway.pipeline.decision import Forward
from gateway.pipeline.earlier import Pending
from gateway.pipeline.ports import Ports
from gateway.platforms.registry import PLATFORMS as REGISTRY
from gateway.simulator import SEARCHES, Fault, SimulatedServiceNow, late_effect, refused, reset, stored_then
from gateway.upstream.courier import Courier
from gateway.upstream.errand import Line

everywhere = pytest.mark.parametrize("platform", PLATFORMS)
NO_RETRY = RetryPolicy(max_retries=0)
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


@dataclass
class Listener:
    """Hears what the settler tells."""

    journal: ListedJournal
    failures: int = 0
    heard: "asyncio.Future[Outcome]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settled(self, outcome: Outcome) -> None:
        self.heard.set_result(outcome)

    def store_failed(self, *_: object) -> None:
        self.failures += 1
        self.journal.failing = False


def tied(line: Line, journal: ListedJournal, listener: Listener) -> Settler:
    settler = Settler(store_pause=0.01)
    settler.tie(Ports(time.time, None, journal, {"here": Courier(line)}, None, None, settler, listener, REGISTRY))
    return settler


async def left_open(line: Line, forward: Forward) -> Pending:
    """A create that nobody could confirm by its deadline."""
    delivery = await Courier(line).deliver(forward)
    assert isinstance(delivery, Failed)
    return in_doubt(Pending(forward, 1, None, None), delivery, time.time())


async def test_a_call_counts_as_settled_only_once_that_is_on_disk(aiohttp_server):
    servicenow = SimulatedServiceNow(faults=[stored_then(500), *[refused(403).on(SEARCHES)] * 99])
    server = await aiohttp_server(servicenow.app())
    journal = ListedJournal()

    async with line_to(str(server.make_url("")).rstrip("/"), journal=journal) as line:
        pending = await left_open(line, a_create(seconds=0.3))
        listener = Listener(journal)
        settler = tied(line, journal, listener)
        servicenow.faults.clear()
        journal.failing = True
        settler.settle_later(pending)
        outcome = await asyncio.wait_for(listener.heard, 5)
        await settler.close()

    assert listener.failures == 1
    assert outcome.ticket is not None
    assert journal.written == ["settle c1 reconciled"]
    assert len(servicenow.ledger.creates()) == 1


async def test_what_a_process_was_still_asking_stays_open_when_it_stops(aiohttp_server):
    servicenow = SimulatedServiceNow(faults=[stored_then(500)])
    servicenow.faults.every(1, refused(403).on(SEARCHES))
    server = await aiohttp_server(servicenow.app())
    journal = ListedJournal()

    async with line_to(str(server.make_url("")).rstrip("/"), journal=journal) as line:
        pending = await left_open(line, a_create(seconds=0.2))
        settler = tied(line, journal, Listener(journal))
        settler.settle_later(pending)
        await asyncio.sleep(0.01)
        await settler.close()

    assert settler.tasks == set()
    assert journal.written == []


@dataclass
class FailingOutbox:
    """Takes nothing: the store is down; what it is asked for is kept."""

    asked: list[str] = field(default_factory=list)

    async def queue(self, forward: Forward, *_: object) -> None:
        self.asked.append(f"queue {forward.call.id}")
        raise StoreUnavailable("disk full")

    async def park(self, call_id: str, *_: object) -> None:
        self.asked.append(f"park {call_id}")
        raise StoreUnavailable("disk full")


@pytest.mark.parametrize(("fault", "asked"), [(refused(429), "queue c1"), (refused(500), "park c1")])
async def test_a_call_whose_caller_was_told_of_a_failure_as_the_store_was_down_is_not_delivered_later(
    aiohttp_server, fault: Fault, asked: str
):
    servicenow = SimulatedServiceNow(faults=[fault, *[refused(403).on(SEARCHES)] * 99])
    server = await aiohttp_server(servicenow.app())
    journal, outbox = ListedJournal(), FailingOutbox()

    async with line_to(str(server.make_url("")).rstrip("/"), journal=journal) as line:
        listener = Listener(journal)
        ports = replace(tied(line, journal, listener).ports, outbox=outbox)
        ports.settler.tie(ports)
        forward = replace(a_create(NO_RETRY, seconds=0.1), later=True)
        told = await end(Pending(forward, 1, None, None), await Courier(line).deliver(forward), ports)
        servicenow.faults.clear()
        settled = await asyncio.wait_for(listener.heard, 5)
        await ports.settler.close()

    assert told.kind is not OutcomeKind.QUEUED
    assert outbox.asked == [asked]
    assert settled.ticket is None
    assert journal.written[-1] == f"settle c1 {settled.kind}"
    assert len(servicenow.ledger.creates()) == 1


async def test_what_its_caller_was_told_is_written_before_anything_else_where_the_store_was_down(aiohttp_server):
    servicenow = SimulatedServiceNow(faults=[stored_then(500), *[refused(403).on(SEARCHES)] * 99])
    server = await aiohttp_server(servicenow.app())
    journal = ListedJournal()

    async with line_to(str(server.make_url("")).rstrip("/"), journal=journal) as line:
        listener = Listener(journal)
        settler = tied(line, journal, listener)
        forward = a_create(NO_RETRY, seconds=0.1)
        delivery = await Courier(line).deliver(forward)
        journal.failing = True
        told = await end(Pending(forward, 1, None, None), delivery, settler.ports)
        servicenow.faults.clear()
        settled = await asyncio.wait_for(listener.heard, 5)
        await settler.close()

    assert told.kind is OutcomeKind.UNCONFIRMED
    assert settled.ticket is not None
    assert journal.written == ["close c1 unconfirmed", "settle c1 reconciled"]
