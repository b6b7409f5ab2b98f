"""Where only so many calls may run at once, the most urgent go first."""

import asyncio
from collections.abc import Callable
from math import inf

from gateway.upstream.protection.ask import Rank
from gateway.upstream.protection.turnstile import NARROWEST, Turnstile

PATIENCE = 60.0


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def entering(turnstile: Turnstile, rank: Rank, passed: Callable[[Rank], None]) -> "asyncio.Task[None]":
    async def enter() -> None:
        assert await turnstile.enter(rank, PATIENCE)
        passed(rank)

    return asyncio.create_task(enter())


async def full(width: float = 1.0) -> Turnstile:
    turnstile = Turnstile(width=width)
    while turnstile.inside < width:
        await turnstile.enter(Rank.READ, 0)
    return turnstile


async def test_it_is_wide_open_while_nothing_was_refused():
    turnstile = Turnstile()

    entered = [await turnstile.enter(Rank.READ, 0) for _ in range(1000)]

    assert all(entered)


async def test_urgent_creates_go_before_reads_that_came_earlier():
    turnstile, passed = await full(), []
    tasks = [
        entering(turnstile, rank, passed.append)
        for rank in (Rank.READ, Rank.WRITE, Rank.CREATE, Rank.URGENT_CREATE, Rank.READ)
    ]
    await settled()

    for _ in tasks:
        turnstile.leave()
        await settled()

    assert passed == [Rank.URGENT_CREATE, Rank.CREATE, Rank.WRITE, Rank.READ, Rank.READ]


async def test_equals_go_in_the_order_they_came():
    turnstile, passed = await full(), []
    tasks = []
    for name in "abc":
        tasks.append(entering(turnstile, Rank.CREATE, lambda _, name=name: passed.append(name)))
        await settled()

    for _ in tasks:
        turnstile.leave()
        await settled()

    assert passed == ["a", "b", "c"]


async def test_who_is_out_of_patience_is_turned_away_and_leaves_no_trace():
    turnstile = await full()

    entered = await turnstile.enter(Rank.CREATE, 0)
    turnstile.leave()

    assert not entered
    assert turnstile.inside == 0
    assert await turnstile.enter(Rank.READ, 0)


async def test_a_caller_that_goes_away_while_waiting_takes_no_place():
    turnstile, passed = await full(), []
    gone = entering(turnstile, Rank.URGENT_CREATE, passed.append)
    read = entering(turnstile, Rank.READ, passed.append)
    create = entering(turnstile, Rank.CREATE, passed.append)
    await settled()

    gone.cancel()
    await settled()
    turnstile.leave()
    await create
    turnstile.leave()
    await read

    assert passed == [Rank.CREATE, Rank.READ]


async def test_a_caller_that_goes_away_at_its_turn_hands_it_on():
    turnstile, passed = await full(), []
    gone = entering(turnstile, Rank.URGENT_CREATE, passed.append)
    waiting = entering(turnstile, Rank.READ, passed.append)
    await settled()

    turnstile.leave()
    gone.cancel()
    await waiting

    assert passed == [Rank.READ]
    assert turnstile.inside == 1


async def test_too_many_at_once_halve_the_width_down_to_one_nodes_worth():
    turnstile = await full(40.0)
    widths = []

    for inside in (40, 20, 2):
        while turnstile.inside > inside:
            turnstile.leave()
        turnstile.narrow()
        widths.append(turnstile.width)

    assert widths == [20.0, 10.0, NARROWEST]


async def test_good_answers_widen_it_until_it_stands_open():
    turnstile = Turnstile(width=NARROWEST)

    for _ in range(5):
        turnstile.widen()
    a_round_later = turnstile.width
    for _ in range(2500):
        turnstile.widen()

    assert 5.0 <= a_round_later < 6.0
    assert turnstile.width == inf


async def test_a_wider_turnstile_lets_the_next_in_at_once():
    turnstile, passed = await full(4.0), []
    waiting = entering(turnstile, Rank.CREATE, passed.append)
    await settled()

    turnstile.widen()
    await waiting

    assert turnstile.inside == 5
