"""A failing operation is left alone for 30 s, then asked with three probes."""

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from gateway.upstream.protection.breaker import OPEN_SECONDS, PROBES, Breaker, BreakerState

T = 1000.0


def exchanges(breaker: Breaker, count: int, *, failed: bool, at: float = T, connect: bool = False) -> None:
    for _ in range(count):
        breaker.ended(at, probe=0, failed=failed, connect=connect)


def opened(at: float = T) -> Breaker:
    breaker = Breaker()
    exchanges(breaker, 5, failed=True, connect=True, at=at)
    return breaker


def test_every_change_of_state_is_told_once():
    heard: list[BreakerState] = []
    breaker = Breaker(heard.append)

    exchanges(breaker, 5, failed=True, connect=True)
    for _ in range(2 * PROBES):  # a second round, as the first is lost
        breaker.enter(T + OPEN_SECONDS)
    for _ in range(PROBES):
        breaker.ended(T + OPEN_SECONDS, probe=2, failed=False)

    assert heard == [BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED]


@pytest.mark.parametrize(
    ("good", "bad", "state"),
    [
        (10, 10, BreakerState.OPEN),
        (0, 20, BreakerState.OPEN),
        (9, 10, BreakerState.CLOSED),
        (0, 19, BreakerState.CLOSED),
        (11, 10, BreakerState.CLOSED),
        (100, 99, BreakerState.CLOSED),
        (99, 99, BreakerState.OPEN),
    ],
)
def test_it_opens_when_half_of_at_least_twenty_exchanges_failed(good, bad, state):
    breaker = Breaker()

    exchanges(breaker, good, failed=False)
    exchanges(breaker, bad, failed=True)

    assert breaker.state is state


def test_a_good_answer_that_makes_up_the_twenty_does_not_hide_the_failures_before_it():
    breaker = Breaker()
    exchanges(breaker, 19, failed=True)

    exchanges(breaker, 1, failed=False)

    assert breaker.state is BreakerState.OPEN


@pytest.mark.parametrize("later", [30, 34, 45, 3600])
def test_failures_older_than_thirty_seconds_do_not_count(later):
    breaker = Breaker()
    exchanges(breaker, 19, failed=True, at=T)

    exchanges(breaker, 19, failed=True, at=T + later)

    assert breaker.state is BreakerState.CLOSED


def test_failures_within_thirty_seconds_add_up():
    breaker = Breaker()

    for second in range(20):
        exchanges(breaker, 1, failed=True, at=T + second)

    assert breaker.state is BreakerState.OPEN


def test_five_connect_failures_in_a_row_open_it_at_once():
    breaker = Breaker()

    exchanges(breaker, 4, failed=True, connect=True)
    before = breaker.state
    exchanges(breaker, 1, failed=True, connect=True)

    assert (before, breaker.state) == (BreakerState.CLOSED, BreakerState.OPEN)


def test_an_answer_between_them_ends_the_row_of_connect_failures():
    breaker = Breaker()
    exchanges(breaker, 4, failed=True, connect=True)
    exchanges(breaker, 1, failed=False)

    exchanges(breaker, 4, failed=True, connect=True)

    assert breaker.state is BreakerState.CLOSED


@pytest.mark.parametrize(("after", "seconds"), [(0.0, 30.0), (12.0, 18.0), (30.0, 0.0), (300.0, 0.0)])
def test_while_open_it_tells_when_to_ask_again(after, seconds):
    breaker = opened()

    assert breaker.held(T + after) == seconds


def test_three_good_probes_close_it():
    breaker = opened()
    probes = [breaker.enter(T + 30) for _ in range(3)]
    held_with_all_out = breaker.held(T + 30)

    for probe in probes:
        breaker.ended(T + 31, probe=probe, failed=False)

    assert held_with_all_out > 0
    assert breaker.state is BreakerState.CLOSED
    assert breaker.enter(T + 31) == 0


def test_one_bad_probe_opens_it_for_another_thirty_seconds():
    breaker = opened()
    probe = breaker.enter(T + 30)

    breaker.ended(T + 31, probe=probe, failed=True)

    assert breaker.held(T + 31) == OPEN_SECONDS


@pytest.mark.parametrize("failed", [True, False])
def test_an_exchange_that_left_before_it_opened_says_nothing_while_it_is_half_open(failed):
    breaker = opened()
    breaker.enter(T + 30)

    for _ in range(3):
        breaker.ended(T + 31, probe=0, failed=failed)

    assert breaker.state is BreakerState.HALF_OPEN


def test_a_withdrawn_probe_gives_its_place_to_the_next():
    breaker = opened()
    probes = [breaker.enter(T + 30) for _ in range(3)]

    breaker.withdrawn(probe=probes[0])

    assert breaker.held(T + 30) == 0
    assert breaker.enter(T + 30) == probes[0]


def test_probes_that_never_tell_their_end_are_replaced_after_a_minute():
    breaker = opened()
    lost = [breaker.enter(T + 30) for _ in range(3)]

    held = breaker.held(T + 90), breaker.held(T + 91)
    fresh = breaker.enter(T + 91)

    assert held == (1.0, 0.0)
    assert fresh == lost[0] + 1


def test_a_quiet_hour_between_two_probes_holds_nobody():
    breaker = opened()
    breaker.ended(T + 31, probe=breaker.enter(T + 30), failed=False)

    assert breaker.held(T + 3600) == 0


class AnyTraffic(RuleBasedStateMachine):
    """Calls enter, end, withdraw and get lost in any order while time passes."""

    under_way = Bundle("under_way")

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker()
        self.now = T
        self.opened_at = 0.0
        self.entered: Counter[int] = Counter()

    @rule(seconds=st.sampled_from([0.0, 0.1, 1.0, 7.0, 29.9, 30.0, 61.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(target=under_way)
    def enter(self) -> int:
        if self.breaker.held(self.now) > 0:
            return -1
        was_open = self.breaker.state is BreakerState.OPEN
        probe = self.breaker.enter(self.now)
        self.entered[probe] += 1
        assert not was_open or self.now >= self.opened_at + OPEN_SECONDS
        return probe

    @rule(probe=consumes(under_way), failed=st.booleans(), connect=st.booleans())
    def end(self, probe: int, failed: bool, connect: bool) -> None:
        before = self.breaker.state
        if probe >= 0:
            self.breaker.ended(self.now, probe=probe, failed=failed, connect=failed and connect)
        if before is not BreakerState.OPEN and self.breaker.state is BreakerState.OPEN:
            self.opened_at = self.now

    @rule(count=st.integers(1, 30), connect=st.booleans())
    def fail_in_a_row(self, count: int, connect: bool) -> None:
        for _ in range(count):
            self.end(0, failed=True, connect=connect)

    @rule(probe=consumes(under_way))
    def withdraw(self, probe: int) -> None:
        if probe > 0 and self.breaker.state is BreakerState.HALF_OPEN and probe == self.breaker._round:
            self.entered[probe] -= 1
        self.breaker.withdrawn(probe=probe)

    @invariant()
    def no_round_has_more_than_three_probes(self) -> None:
        assert all(count <= PROBES for probe, count in self.entered.items() if probe > 0)

    @invariant()
    def half_open_lets_through_what_is_left_of_three(self) -> None:
        if self.breaker.state is BreakerState.HALF_OPEN and self.entered[self.breaker._round] == PROBES:
            assert self.breaker.held(self.now) > 0 or self.now - self.breaker._last_probe_at > 60


TestAnyTraffic = AnyTraffic.TestCase
TestAnyTraffic.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
