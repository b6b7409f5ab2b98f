"""Calls that were let through, with what was sent, for whoever tries other rules on them."""

from dataclasses import replace

from gateway.domain.problem import Code, Violation
from gateway.policy.policy import Record
from gateway.records.record import Position
from gateway.records.recorded import Kept

DAY = 24 * 3600


async def sent(records, make, call_id, **changes):
    call = make.call(call_id, **changes)
    forward = replace(make.forward(call), warnings=(Violation("urgency", Code.REQUIRED, "is missing"),))
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(call))


async def test_they_come_oldest_first_with_body_and_warnings_page_by_page(records, make, clock):
    for number in range(3):
        await sent(records, make, f"call-{number}", received_at=clock.now + number)

    first = await records.reports.recorded(0.0, None, 2)
    last = first[-1].stored.call
    rest = await records.reports.recorded(0.0, Position(last.received_at, last.id), 2)

    assert [each.stored.call.id for each in first + rest] == ["call-0", "call-1", "call-2"]
    assert {each.stored.body for each in first} == {make.call().body}
    assert first[0].broke == {("urgency", "required")}
    assert first[0].stored.carrier.value == "call-0"


async def test_what_was_not_sent_or_came_before_is_left_out(records, make, clock):
    await sent(records, make, "old", received_at=clock.now - DAY)
    await sent(records, make, "new", received_at=clock.now)
    records.journal.note(make.refused(make.call("refused")))
    records.journal.note(make.forwarded(make.read()))

    found = await records.reports.recorded(clock.now - 1, None, 10)

    assert [each.stored.call.id for each in found] == ["new"]
    assert await records.reports.count_recorded(clock.now - 1) == Kept(1, 1)


async def test_how_many_have_no_body_any_more_is_counted(records, make, clock):
    await sent(records, make, "dropped")
    kept = make.forward(make.call("kept"), record=Record.REQUEST)
    await records.journal.open(kept)
    await records.journal.close(kept, make.created(kept.call))

    clock.now += 2 * DAY
    await records.sweep(make.retention())

    assert await records.reports.count_recorded(0.0) == Kept(2, 1)
    assert [each.stored.call.id for each in await records.reports.recorded(0.0, None, 10)] == ["kept"]
