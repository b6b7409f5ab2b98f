"""A ticket whose create's answer named none gets its name later, once."""

import pytest

from gateway.domain.verdict import Ticket
from gateway.records.record import Window


@pytest.fixture
async def nameless(records, make):
    """A create on record whose answer named no ticket."""
    call = make.call()
    forward = make.forward(call)
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(call, ticket=Ticket()))
    return call.id


async def names(records, call_id):
    call = (await records.reports.call(call_id)).call
    (ticket,) = (await records.reports.tickets(Window(), 10)).items
    return (call.ticket_id, call.ticket_key), (ticket.ticket_id, ticket.ticket_key, ticket.url)


async def test_the_call_and_its_ticket_are_named(records, nameless):
    await records.journal.name(nameless, Ticket("7", "INC7", "https://sn.example/7"))

    assert await names(records, nameless) == (("7", "INC7"), ("7", "INC7", "https://sn.example/7"))


async def test_the_first_name_stays(records, nameless):
    await records.journal.name(nameless, Ticket("7", "INC7"))

    await records.journal.name(nameless, Ticket("8", "INC8", "https://sn.example/8"))

    assert await names(records, nameless) == (("7", "INC7"), ("7", "INC7", None))


async def test_nothing_is_named_by_nothing(records, nameless):
    await records.journal.name(nameless, Ticket())

    assert await names(records, nameless) == ((None, None), (None, None, None))
    assert "named" not in [event["event"] for event in (await records.reports.call(nameless)).events]
