"""Whoever looks on hears what happens, in order; who is too slow is let go, and who missed something is told."""

import json

import pytest

from gateway.domain.outcome import OutcomeKind
from gateway.domain.verdict import Ticket
from gateway.telemetry.broadcast import MOST_KEPT, MOST_LISTENERS, MOST_WAITING, Broadcast, TooManyListeners


@pytest.fixture
def broadcast() -> Broadcast:
    return Broadcast("p1")


async def heard(listener, count: int) -> list[str]:
    return [happening.id for happening in [await listener.next() for _ in range(count)] if happening]


async def test_a_call_is_told_to_all_who_look_on(broadcast, an_outcome):
    first, second = broadcast.listen(), broadcast.listen()

    broadcast.concluded(an_outcome(attempts=2, ticket=Ticket("1", "INC1")))

    told = await first.next()
    assert (told.id, told.name, await second.next()) == ("p1-1", "call", told)
    assert json.loads(told.data).items() >= {
        "call_id": "c" * 32, "outcome": "created", "ticket": "INC1", "retries": 1,
    }.items()  # fmt: skip


async def test_nothing_of_a_body_or_header_is_told(broadcast, an_outcome):
    listener = broadcast.listen()

    broadcast.settled(an_outcome(OutcomeKind.RECONCILED))

    told = await listener.next()
    assert told.name == "settled"
    assert "private" not in told.data
    assert "Basic" not in told.data


async def test_a_reload_is_told_with_its_faults(broadcast, rules):
    listener = broadcast.listen()

    broadcast.reloaded(rules, ())

    told = await listener.next()
    assert (told.name, json.loads(told.data)) == ("rules", {"version": "v1", "policies": 0, "faults": 0})


async def test_who_comes_back_goes_on_after_what_it_heard_last(broadcast, an_outcome):
    stays, leaves = broadcast.listen(), broadcast.listen()
    broadcast.concluded(an_outcome())
    broadcast.leave(leaves)
    broadcast.concluded(an_outcome())
    broadcast.concluded(an_outcome())

    back = broadcast.listen("p1-1")

    assert (await heard(back, 2), back.missed) == (["p1-2", "p1-3"], False)
    assert await heard(stays, 3) == ["p1-1", "p1-2", "p1-3"]


@pytest.mark.parametrize("last_id", ["p0-1", "p1-1", "nonsense"])
async def test_who_comes_back_too_late_is_told_that_it_missed_something(broadcast, an_outcome, last_id):
    broadcast.listen()
    for _ in range(MOST_KEPT + 2):
        broadcast.concluded(an_outcome())

    assert broadcast.listen(last_id).missed


async def test_what_happened_while_nobody_looked_on_counts_as_missed(broadcast, an_outcome):
    listener = broadcast.listen()
    broadcast.concluded(an_outcome())
    broadcast.leave(listener)
    broadcast.concluded(an_outcome())

    assert (broadcast.listen("p1-1").missed, broadcast.listen("p1-2").missed) == (True, False)


async def test_who_is_too_slow_hears_what_waited_for_it_and_is_let_go(broadcast, an_outcome):
    slow = broadcast.listen()
    for _ in range(MOST_WAITING + 5):
        broadcast.concluded(an_outcome())

    ids = await heard(slow, MOST_WAITING)

    assert (ids[-1], await slow.next(), slow.dropped) == (f"p1-{MOST_WAITING}", None, True)


async def test_no_more_may_look_on_than_can_be_borne(broadcast):
    listeners = [broadcast.listen() for _ in range(MOST_LISTENERS)]

    with pytest.raises(TooManyListeners):
        broadcast.listen()

    broadcast.leave(listeners[0])
    assert not broadcast.listen().missed


async def test_at_the_end_everybody_is_told(broadcast):
    listener = broadcast.listen()

    broadcast.close()

    assert (await listener.next(), listener.dropped) == (None, False)
