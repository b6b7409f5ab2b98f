"""Retries are at most a fifth of the calls, but three at once always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.upstream.protection.budget import RetryBudget

T = 1000.0


def grants(budget: RetryBudget, count: int, at: float = T) -> list[bool]:
    return [budget.take(at) for _ in range(count)]


def test_three_retries_may_be_under_way_before_any_was_earned():
    budget = RetryBudget()

    assert grants(budget, 4) == [True, True, True, False]


def test_a_retry_that_ended_makes_room_for_the_next():
    budget = RetryBudget()
    grants(budget, 3)

    budget.end()

    assert grants(budget, 2) == [True, False]


@pytest.mark.parametrize(("calls", "retries"), [(0, 3), (5, 3), (15, 3), (19, 3), (20, 4), (50, 10), (100, 20)])
def test_every_fifth_call_pays_for_one_retry(calls, retries):
    budget = RetryBudget()

    for _ in range(calls):
        budget.earn()

    assert budget.left == retries
    assert sum(grants(budget, 200)) == retries


def test_what_was_earned_is_kept_up_to_a_hundred_retries():
    budget = RetryBudget()

    for _ in range(10_000):
        budget.earn()

    assert sum(grants(budget, 200)) == 100


def test_a_retry_that_never_tells_its_end_is_forgotten_in_time():
    budget = RetryBudget()
    grants(budget, 3)

    later = grants(budget, 1, at=T + 89), grants(budget, 1, at=T + 90)

    assert later == ([False], [True])


def test_a_budget_can_be_set_aside():
    budget = RetryBudget(calls_per_retry=0)

    assert all(grants(budget, 1000))


@given(st.lists(st.sampled_from(["call", "retry", "end"]), max_size=400))
def test_no_sequence_gets_more_than_a_fifth_of_its_calls_and_three_at_once(steps):
    budget = RetryBudget()
    calls = granted = ended = 0

    for step in steps:
        if step == "call":
            budget.earn()
            calls += 1
        elif step == "retry":
            granted += budget.take(T)
        elif granted > ended:
            budget.end()
            ended += 1

        assert granted <= calls // 5 + 3 + ended


@given(st.integers(0, 600), st.integers(0, 200))
def test_retries_that_do_not_end_are_a_fifth_of_the_calls_or_three(calls, wanted):
    budget = RetryBudget()
    for _ in range(calls):
        budget.earn()

    granted = sum(grants(budget, wanted))

    assert granted == min(wanted, max(min(calls, 500) // 5, 3))
