"""Promises move on by what is seen and by time, each change is told once, and the sums agree with the tickets."""

from gateway.domain.outcome import SlaDue
from gateway.domain.sighting import Sighting, Stage
from gateway.records.promises import Terms
from gateway.records.record import Window
from gateway.sla.calendar import Elapsed

START = 1_800_000_000.0
DUE = SlaDue(START + 900, START + 14_400, 900.0, 14_400.0)


def terms(_ticket) -> Terms:
    return Terms(Elapsed(), frozenset({"3"}))


async def create(records, make, call_id="one", sla=DUE):
    call = make.call(call_id, received_at=START)
    forward = make.forward(call)
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(call, sla=sla))
    return forward


async def see(records, after, state, stage, ticket="sys-one"):
    changes = await records.promises.see("servicenow", [Sighting(ticket, START + after, state, stage)], terms)
    return [(change.promise, change.before, change.now) for change in changes]


async def pass_time(records, after):
    changes = await records.promises.pass_time(START + after)
    return [(change.promise, change.before, change.now) for change in changes]


async def test_time_alone_makes_a_promise_due_soon_and_then_broken_each_told_once(records, make):
    await create(records, make)

    told = [await pass_time(records, after) for after in (600, 675, 676, 900, 901, 11_000, 14_400, 20_000)]

    assert told == [
        [],
        [("response", "running", "soon")],
        [],
        [("response", "soon", "breached")],
        [],
        [("resolution", "running", "soon")],
        [("resolution", "soon", "breached")],
        [],
    ]


async def test_an_answer_and_a_resolution_in_time_keep_both_promises(records, make):
    await create(records, make)

    told = [await see(records, 100, "2", Stage.STARTED), await see(records, 5_000, "6", Stage.RESOLVED)]

    assert told == [[("response", "running", "kept")], [("resolution", "running", "kept")]]
    assert await pass_time(records, 99_999) == []


async def test_a_hold_stops_the_clock_and_its_end_moves_the_due_time(records, make):
    await create(records, make)

    await see(records, 100, "3", Stage.STARTED)
    on_hold = await pass_time(records, 20_000)
    await see(records, 20_100, "2", Stage.STARTED)

    ticket = await records.reports.ticket("one")
    assert on_hold == []
    assert (ticket.resolution_due_at, ticket.resolution_state) == (START + 34_400, "running")
    assert ticket.stops == [[START + 100, START + 20_100]]


async def test_a_ticket_opened_again_is_promised_again_and_the_sums_follow(records, make):
    await create(records, make)
    await see(records, 100, "6", Stage.RESOLVED)
    kept = (await records.reports.sla(Window())).resolution.kept

    await see(records, 200, "2", Stage.STARTED)

    figures = await records.reports.sla(Window())
    assert (kept, figures.resolution.kept, figures.resolution.breached) == (1, 0, 0)
    assert (await records.reports.ticket("one")).reopened == 1


async def test_what_is_seen_by_key_and_of_strangers_is_told_apart(records, make):
    await create(records, make)

    assert await see(records, 100, "2", Stage.STARTED, ticket="INC-one") == [("response", "running", "kept")]
    assert await see(records, 100, "2", Stage.STARTED, ticket="INC-stranger") == []


async def test_several_sightings_of_one_ticket_count_in_the_order_of_their_times(records, make):
    await create(records, make)
    resolved, started = Sighting("INC-one", START + 5_000, "6", Stage.RESOLVED), Sighting("sys-one", START + 100, "2")

    changes = await records.promises.see("servicenow", [resolved, started], terms)

    ticket = await records.reports.ticket("one")
    assert {(change.promise, change.now) for change in changes} >= {("resolution", "kept")}
    assert (ticket.phase, ticket.resolved_at) == ("resolved", START + 5_000)


async def test_promised_tickets_are_known_by_id_and_key_among_any_number_of_strangers(records, make):
    await create(records, make)
    await create(records, make, "two", sla=None)
    strangers = [f"stranger-{number}" for number in range(1_200)]

    known = await records.promises.promised("servicenow", ["sys-one", "INC-one", "sys-two", *strangers])

    assert known == {"sys-one", "INC-one"}


async def test_a_call_that_is_closed_twice_counts_once(records, make):
    forward = await create(records, make)
    await records.journal.close(forward, make.created(forward.call, sla=DUE))

    figures = await records.reports.sla(Window())

    assert figures.response.promised == 1
    assert [creation.tickets for creation in figures.creations] == [1]


async def test_the_sums_agree_with_the_tickets_whatever_becomes_of_them(records, make):
    for number in range(12):
        await create(records, make, f"call-{number}", sla=DUE if number % 3 else None)
    for number in range(0, 12, 2):
        await see(records, 400 * number, "6", Stage.RESOLVED, ticket=f"sys-call-{number}")
    await pass_time(records, 1_000)

    figures = await records.reports.sla(Window())

    tickets = (await records.reports.tickets(Window(), 100)).items
    for promise in ("response", "resolution"):
        states = [getattr(ticket, f"{promise}_state") for ticket in tickets]
        summed = getattr(figures, promise)
        assert (summed.kept, summed.breached) == (states.count("kept"), states.count("breached"))
        assert summed.promised == sum(state is not None for state in states)


async def test_unresolved_tickets_are_asked_for_in_turn(records, make):
    for name in ("one", "two", "three"):
        await create(records, make, name)
    await create(records, make, "unpromised", sla=None)
    await see(records, 100, "6", Stage.RESOLVED)

    await records.promises.polled(["two"], START)

    assert [ticket.id for ticket in await records.reports.unresolved("servicenow", 10)] == ["three", "two"]


async def test_sums_are_dropped_with_the_tickets_they_are_of(records, make, clock):
    await create(records, make)
    clock.now = START + 401 * 86_400

    await records.sweep(make.retention())

    assert (await records.reports.sla(Window())).creations == ()
