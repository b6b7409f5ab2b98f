"""Which ticket an alert belongs to is remembered for as long as it is told of."""

from records.conftest import START

from gateway.domain.verdict import Ticket
from gateway.records.alerts import TicketOfAlerts
from gateway.records.upkeep import Retention

FIRST = TicketOfAlerts("call-1", "sys-1", "INC0001", "https://sn.example/1")
SECOND = TicketOfAlerts("call-2", "sys-2", "INC0002")


async def test_alerts_that_are_told_of_together_belong_to_the_ticket_that_one_of_them_has(records):
    await records.alerts.belong(("a",), FIRST)

    found = [await records.alerts.known(names) for names in (("b",), ("a", "b"), ("b", "c"), ("c",))]

    assert found == [None, FIRST, FIRST, FIRST]


async def test_an_alert_stays_with_the_ticket_that_it_came_to_first(records):
    await records.alerts.belong(("a", "b"), FIRST)
    await records.alerts.belong(("b", "c"), SECOND)

    found = [await records.alerts.known((name,)) for name in "abc"]

    assert found == [FIRST, FIRST, SECOND]


async def test_a_ticket_that_is_made_after_its_call_was_answered_is_found_all_the_same(records, make):
    await records.alerts.belong(("a",), TicketOfAlerts("call-1"))
    before = await records.alerts.known(("a",))
    forward, ticket = make.forward(), Ticket("sys-1", "INC0001", "https://sn.example/1")
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call, ticket=ticket))

    after = await records.alerts.known(("a",))

    assert before == TicketOfAlerts("call-1")
    assert after == FIRST


async def test_more_alerts_than_a_question_may_hold_are_known(records):
    names = tuple(f"alert-{number}" for number in range(1200))
    await records.alerts.belong(names[-1:], FIRST)

    assert await records.alerts.known(names) == FIRST
    assert await records.alerts.known(names[:1]) == FIRST


async def test_an_alert_that_nobody_tells_of_any_more_is_forgotten(records, clock):
    await records.alerts.belong(("kept", "gone"), FIRST)
    clock.now = START + 20 * 86400
    await records.alerts.known(("kept",))
    clock.now = START + 31 * 86400

    await records.sweep(Retention(calls_days=30))

    assert await records.alerts.known(("gone",)) is None
    assert await records.alerts.known(("kept",)) == FIRST
