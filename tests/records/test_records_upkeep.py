"""Records grow old and go; what is open stays; nothing deleted lingers in a file."""

import asyncio

import pytest
from records.databases import ONLY_SQLITE

from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import SlaDue
from gateway.pipeline.claim import Claim
from gateway.pipeline.stored import Wait
from gateway.policy.policy import Record
from gateway.records import upkeep
from gateway.records.availability import UpstreamHours
from gateway.records.record import Window
from gateway.records.records import keep_sweeping

DAY = 24 * 3600


async def closed_create(records, make, call_id="call-1", **changes):
    forward = make.forward(make.call(call_id))
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call, **changes))


async def test_calls_go_after_thirty_days_and_their_tickets_after_four_hundred(records, clock, make, database):
    await closed_create(records, make)

    clock.now += 29 * DAY
    young = await records.sweep(make.retention())
    clock.now += 2 * DAY
    month = await records.sweep(make.retention())
    clock.now += 370 * DAY
    year = await records.sweep(make.retention())

    assert [(swept.calls, swept.tickets) for swept in (young, month, year)] == [(0, 0), (1, 0), (0, 1)]
    assert database("SELECT count(*) FROM itsm_gateway_call_details") == [(0,)]


async def test_a_call_that_is_not_settled_stays_with_its_body_until_it_is_given_up(records, clock, make, database):
    forward = make.forward()
    await records.journal.open(forward, Claim("servicenow", "key-1", "print"))
    await records.journal.close(forward, make.unconfirmed(forward.call))

    clock.now += 2 * DAY
    await records.sweep(make.retention())
    asked = database("SELECT state, count(claim) FROM itsm_gateway_calls GROUP BY state")
    clock.now += 2 * DAY
    await records.sweep(make.retention())
    given_up = database("SELECT state, kind, count(claim) FROM itsm_gateway_calls GROUP BY state, kind")
    bodies = database("SELECT count(body) FROM itsm_gateway_call_details")

    assert asked == [("ambiguous", 1)]
    assert given_up == [("closed", "unconfirmed", 0)]
    assert bodies == [(1,)]


@pytest.mark.parametrize(("record", "bodies"), [(Record.NOTHING, 0), (Record.REQUEST, 1)])
async def test_a_first_answer_goes_after_a_day_whether_or_not_the_body_stays(
    records, clock, make, database, record, bodies
):
    forward = make.forward(record=record)
    await records.journal.open(forward, Claim("servicenow", "key-1", "print"))
    await records.journal.close(forward, make.created(forward.call))

    clock.now += 23 * 3600
    await records.sweep(make.retention())
    young = database("SELECT count(replay), count(body) FROM itsm_gateway_call_details")
    clock.now += 2 * 3600
    await records.sweep(make.retention())

    assert young == [(1, 1)]
    assert database("SELECT count(replay), count(body) FROM itsm_gateway_call_details") == [(0, bodies)]
    assert database("SELECT count(claim) FROM itsm_gateway_calls") == [(0,)]


async def test_an_accepted_call_that_nobody_could_settle_becomes_a_dead_letter(records, clock, make, database):
    forward = make.forward()
    await records.journal.open(forward)
    await records.outbox.park(forward.call.id, 1)

    clock.now += 4 * DAY
    await records.sweep(make.retention())

    assert database("SELECT state FROM itsm_gateway_calls") == [("dead",)]
    assert await records.desk.replay(forward.call.id, "tester")


async def test_an_accepted_call_becomes_one_even_where_its_process_died_in_the_middle_of_a_send(
    records, another, clock, make, database
):
    forward = make.forward()
    await records.journal.open(forward)
    await records.outbox.queue(forward, Wait(clock.now))
    (pending,) = await records.outbox.due()
    await records.journal.sending(forward.call.id, clock.now, pending.epoch)
    await records.close()

    async with another() as next_one:
        clock.now += 4 * DAY
        await next_one.sweep(make.retention())

    assert database("SELECT state, kind FROM itsm_gateway_calls") == [("dead", "unconfirmed")]


async def test_a_ticket_whose_promise_is_not_yet_due_never_goes(records, clock, make):
    await closed_create(records, make, sla=SlaDue(None, clock.now + 900 * DAY))
    clock.now += 500 * DAY

    swept = await records.sweep(make.retention())

    assert swept.tickets == 0


async def test_sums_go_with_the_tickets_they_are_of(records, clock, make):
    await closed_create(records, make, sla=SlaDue(clock.now + 900, None, 900.0))
    await records.promises.pass_time(clock.now + 1_000)
    asked = {(int(clock.now // 3600), "servicenow", "servicenow"): {"exchanges": 1, "answered": 1}}
    await UpstreamHours(records.writer).add(asked)

    clock.now += 399 * DAY
    await records.sweep(make.retention())
    before = await records.reports.sla(Window()), await records.reports.priorities(Window())
    clock.now += 2 * DAY
    await records.sweep(make.retention())
    after = await records.reports.sla(Window()), await records.reports.priorities(Window())

    assert (before[0].response.breached, len(before[0].availability), len(before[1])) == (1, 1, 1)
    assert (after[0].response.breached, after[0].availability, after[1]) == (0, (), ())


async def test_a_body_goes_a_day_after_its_call_is_settled(records, clock, make, database):
    await closed_create(records, make)

    clock.now += DAY - 60
    before = await records.sweep(make.retention())
    clock.now += 120
    after = await records.sweep(make.retention())

    assert (before.bodies, after.bodies) == (0, 1)
    assert database("SELECT body FROM itsm_gateway_call_details") == [(None,)]


@ONLY_SQLITE
async def test_a_dropped_body_is_in_no_file_any_more(records, clock, make, file):
    forward = make.forward(body=b'{"comments": "planted-in-the-body"}')
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call))
    assert b"planted-in-the-body" in b"".join(path.read_bytes() for path in file.parent.iterdir())
    clock.now += 2 * DAY

    await records.sweep(make.retention())

    assert b"planted-in-the-body" not in b"".join(path.read_bytes() for path in file.parent.iterdir())


async def test_a_large_sweep_goes_in_portions_between_which_calls_are_written(records, clock, make, monkeypatch):
    monkeypatch.setattr(upkeep, "ROWS_PER_COMMIT", 10)
    for number in range(35):
        await closed_create(records, make, f"call-{number}")
    clock.now += 31 * DAY

    swept, _ = await asyncio.gather(
        records.sweep(make.retention()), records.journal.open(make.forward(make.call("new", received_at=clock.now)))
    )

    assert swept.calls == 35
    assert (await records.reports.call("new")).call.state == "sending"


async def test_sweeping_goes_on_after_a_sweep_that_failed(records, make):
    heard = []
    told = asyncio.Event()

    def hear(swept):
        heard.append(swept)
        if len(heard) == 2:
            told.set()

    await records.writer.close()
    sweeping = asyncio.create_task(keep_sweeping(records, make.retention(), hear, every_seconds=0.001))
    await told.wait()
    sweeping.cancel()

    assert [type(each) for each in heard[:2]] == [StoreUnavailable, StoreUnavailable]
