"""Things that go wrong at a gateway, each as a script."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

from monitoring.fleet import Desk

from gateway.simulator import CREATES, SEARCHES, FaultPlan, When, delayed, late_effect, refused, reset, stored_then

Script = Callable[[Desk], Awaitable[None]]


async def unreachable(desk: Desk) -> None:
    """Nobody listens where the upstream should be."""
    await _on_and_on(desk, every=0.5)


async def exhausted(desk: Desk) -> None:
    """The platform answers every create with 503."""
    _always(desk.servicenow.faults, refused(503).on(CREATES))
    await _on_and_on(desk, every=0.5)


async def searches_denied(desk: Desk) -> None:
    """A committed 500 whose ticket cannot be looked up, because the search is forbidden."""
    _always(desk.servicenow.faults, refused(403).on(SEARCHES))
    await _many(6, desk.incident)
    desk.servicenow.faults.add(stored_then(500).on(CREATES))
    await desk.incident()


async def store_broken(desk: Desk) -> None:
    """The calls table is gone, and stays away."""
    with closing(sqlite3.connect(desk.database)) as connection:
        connection.execute("ALTER TABLE itsm_gateway_calls RENAME TO gone")
    await desk.incident()


async def label_refused(desk: Desk) -> None:
    """A Jira project whose create screen has no labels."""
    await desk.issue(project="NOLABEL")


async def bad_edit(desk: Desk) -> None:
    """A policy file that cannot be read."""
    await _many(2, desk.incident)
    (desk.gateway.policies_dir / "servicenow" / "incident.yaml").write_text("name: [")


async def never_settled(desk: Desk) -> None:
    """An answer is lost on a table that no policy covers: nothing was in the ticket to search for."""
    await _many(8, desk.incident)
    desk.servicenow.faults.add(reset(stored=True).on(CREATES))
    await desk.incident(table="sc_req_item")


async def half_rejected(desk: Desk) -> None:
    """The platform says no to every third create, and nobody mends it."""
    desk.servicenow.faults.every(3, refused(403).on(CREATES))
    await _on_and_on(desk, every=0.2)


async def one_in_seven_rejected(desk: Desk) -> None:
    """More than one in ten fails, for long."""
    desk.servicenow.faults.every(7, refused(403).on(CREATES))
    await _on_and_on(desk, every=0.1)


async def a_slow_leak(desk: Desk) -> None:
    """One in twelve fails: never one in ten, and yet too many."""
    desk.servicenow.faults.every(12, refused(403).on(CREATES))
    for _ in range(71):  # one after the other, so that each failure stands between eleven successes
        await desk.incident()


async def slow(desk: Desk) -> None:
    """The platform takes more than two seconds, and some creates retry."""
    desk.jira.faults.add(*[delayed(2.3).on(CREATES)] * 20, *[refused(503).on(CREATES)] * 2)
    await _many(22, desk.issue)


async def promise_due_soon(desk: Desk) -> None:
    """Nobody answers a ticket, and its time is nearly over."""
    await _after(desk, 7.5)


async def promise_broken(desk: Desk) -> None:
    """Nobody answers a ticket in time."""
    await _after(desk, 8.5)


async def clients_wrong(desk: Desk) -> None:
    """A client leaves out what its policy requires."""
    await _many(6, desk.incident)
    await _many(6, desk.refused_incident)


async def circuit_open(desk: Desk) -> None:
    """The platform answers every read with 503, and nobody stops asking."""
    _always(desk.servicenow.faults, refused(503).on(When(methods=frozenset({"GET"}))))
    while True:
        await desk.read()
        await asyncio.sleep(desk.pace.seconds(0.05))


async def no_outcome(desk: Desk) -> None:
    """The gateway itself is at fault: it loses the way to an upstream."""
    couriers = desk.gateway.running.gateway.shared_door.ports.couriers
    assert isinstance(couriers, dict)
    del couriers["servicenow"]
    await desk.incident()


async def carried_out_late(desk: Desk) -> None:
    """A create that broke off takes effect after the gateway has sent it again."""
    desk.servicenow.faults.add(late_effect(desk.pace.seconds(3.0)).on(CREATES))
    await desk.incident()


async def deleted(desk: Desk) -> None:
    """Somebody deletes a ticket on the platform."""
    made = await (await desk.incident()).json()
    address = f"{desk.gateway.servicenow}/api/now/table/incident/{made['result']['sys_id']}"
    await desk.gateway.request("DELETE", address, headers={})


async def waiting_long(desk: Desk) -> None:
    """A create may wait, and has done so for an hour."""
    _always(desk.servicenow.faults, refused(503).on(CREATES))
    await desk.queued_incident()
    with closing(sqlite3.connect(desk.database)) as connection:
        connection.execute("UPDATE itsm_gateway_calls SET received_at = received_at - 3600")
        connection.commit()


async def given_up(desk: Desk) -> None:
    """A create may wait, and the platform refuses it for good."""
    _always(desk.servicenow.faults, refused(403).on(CREATES))
    await desk.queued_incident()


async def an_ordinary_day(desk: Desk) -> None:
    """A little of everything, survived: nobody is called. The figures are counted from this one."""
    servicenow, one_after_another = desk.servicenow.faults, range(4)
    servicenow.add(reset().on(CREATES))
    parked = asyncio.create_task(desk.incident())
    await until(lambda: not servicenow.pending())
    for _ in one_after_another:
        servicenow.add(refused(503).on(CREATES))
        await desk.incident()
    servicenow.add(stored_then(500).on(CREATES))
    await desk.incident()
    for _ in range(2):
        servicenow.add(*[refused(503).on(CREATES)] * 4)
        await desk.incident()
    await _many(18, desk.incident)
    await _many(12, desk.issue)
    await _many(6, lambda: desk.from_template(job_name="nightly-etl"))
    await _many(3, desk.refused_incident)
    await desk.from_template(nothing="given")
    await _many(5, desk.read)
    await desk.lost()
    with desk.gateway.policies_dir.joinpath("servicenow", "problem.yaml").open("a") as policy:
        policy.write("# an edit without a fault\n")
    await parked


async def _after(desk: Desk, hours: float) -> None:
    """A ticket that nobody answers, and a clock that is set on; 8 h are promised at the least."""
    await desk.incident(impact="2", urgency="3")
    tracker = desk.gateway.running.gateway.unwatched.tracker
    tracker.clock = lambda: time.time() + hours * 3600


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what another task does."""
    while not happened():  # noqa: ASYNC110  # the simulator tells nobody when a fault was used up
        await asyncio.sleep(0.02)


async def _many(count: int, act: Callable[[], Awaitable[Any]]) -> None:
    """At once, as clients do."""
    await asyncio.gather(*(act() for _ in range(count)))


async def _on_and_on(desk: Desk, every: float) -> None:
    while True:
        await desk.incident()
        await asyncio.sleep(desk.pace.seconds(every))


def _always(faults: FaultPlan, fault: Any) -> None:
    faults.every(1, fault)
