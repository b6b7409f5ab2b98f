"""A 429 holds back what its limit covers, no more and no longer; what is left is spread before one comes."""

import pytest

from gateway.domain.call import Operation
from gateway.upstream.protection.ask import Ask, Held, HeldReason, Rank
from gateway.upstream.protection.gates import MOST_GATES, ClosedGate, Gates
from gateway.upstream.protection.rate_headers import PLENTY, Allowance, Overrun

T = 1000.0
QUOTA, BURST, ISSUE, SEMAPHORE = HeldReason.QUOTA, HeldReason.BURST, HeldReason.ISSUE, HeldReason.SEMAPHORE

CREATE = Ask("POST issue.create", Operation.CREATE_TICKET, Rank.CREATE)
URGENT = Ask("POST issue.create", Operation.CREATE_TICKET, Rank.URGENT_CREATE)
EDIT = Ask("PUT issue.edit", Operation.UPDATE_TICKET, Rank.WRITE, issue="OPS-1")
EDIT_OTHER_ISSUE = Ask("PUT issue.edit", Operation.UPDATE_TICKET, Rank.WRITE, issue="OPS-2")
COMMENT = Ask("POST comment.create", Operation.OTHER, issue="OPS-1")
READ = Ask("GET issue.read", Operation.READ)
READ_BY_ANOTHER = Ask("GET issue.read", Operation.READ, login=7)
EVERY = (CREATE, URGENT, EDIT, EDIT_OTHER_ISSUE, COMMENT, READ, READ_BY_ANOTHER)


def held_by(gates: Gates, now: float) -> list[Ask]:
    return [ask for ask in EVERY if gates.held(ask, now)]


@pytest.mark.parametrize(
    ("limit", "asked", "held"),
    [
        (QUOTA, READ, [CREATE, URGENT, EDIT, EDIT_OTHER_ISSUE, COMMENT, READ]),
        (QUOTA, READ_BY_ANOTHER, [READ_BY_ANOTHER]),
        (BURST, EDIT, [EDIT, EDIT_OTHER_ISSUE]),
        (BURST, READ, [READ, READ_BY_ANOTHER]),
        (ISSUE, EDIT, [EDIT, COMMENT]),
        (ISSUE, CREATE, [CREATE, URGENT]),
        (SEMAPHORE, READ, list(EVERY)),
    ],
)
def test_a_limit_holds_back_what_it_covers(limit, asked, held):
    gates = Gates()

    gates.close(asked, Overrun(limit, 10.0), T)

    assert held_by(gates, T + 9.9) == held
    assert held_by(gates, T + 10.0) == []


def test_a_held_call_is_told_the_longest_wait_of_its_gates():
    gates = Gates()
    gates.close(EDIT, Overrun(ISSUE, 4.0), T)
    gates.close(EDIT, Overrun(BURST, 9.0), T)

    assert gates.held(EDIT, T) == Held(9.0, BURST)


@pytest.mark.parametrize(
    ("limit", "named", "seconds"),
    [
        (QUOTA, 1847.0, 1847.0),
        (QUOTA, None, 60.0),
        (QUOTA, 0.5, 0.5),
        (QUOTA, 1e15, 3600.0),
        (BURST, None, 2.0),
        (BURST, 0.0, 2.0),
        (BURST, 86_400.0, 60.0),
        (ISSUE, None, 2.0),
        (ISSUE, 600.0, 30.0),
        (SEMAPHORE, None, 1.0),
    ],
)
def test_a_gate_stays_closed_as_long_as_was_named_within_reason(limit, named, seconds):
    gates = Gates()

    gates.close(EDIT, Overrun(limit, named), T)

    assert gates.held(EDIT, T) == Held(seconds, limit)


def test_a_gate_that_closes_again_soon_after_it_opened_waits_twice_as_long():
    gates = Gates()
    waits, now = [], T

    for _ in range(7):
        gates.close(READ, Overrun(BURST, 1.0 if waits else None), now)
        waits.append(gates.held(READ, now).seconds)
        now += waits[-1]

    assert waits == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_refusals_that_left_together_close_a_gate_once():
    gates = Gates()

    found_open = [gates.close(READ, Overrun(BURST, None), T + 0.1 * n) for n in range(5)]

    assert found_open == [True, False, False, False, False]
    assert gates.held(READ, T + 0.4) == Held(2.0, BURST)


def test_a_shorter_time_named_later_does_not_open_a_gate_earlier():
    gates = Gates()
    gates.close(READ, Overrun(QUOTA, 60.0), T)

    gates.close(READ, Overrun(QUOTA, 5.0), T + 1)

    assert gates.held(READ, T + 1) == Held(59.0, QUOTA)


def test_a_limit_met_long_after_the_last_starts_afresh():
    gates = Gates()
    gates.close(READ, Overrun(BURST, None), T)

    gates.close(READ, Overrun(BURST, None), T + 32.1)

    assert gates.held(READ, T + 32.1).seconds == pytest.approx(2.0)


def test_callers_that_waited_for_a_gate_pass_it_one_after_the_other():
    gates = Gates()
    gates.close(READ, Overrun(BURST, 2.0), T)

    waits = [gates.reserve(READ, T + 2.0) for _ in range(4)]

    assert waits == pytest.approx([0.0, 0.05, 0.1, 0.15])


def test_what_is_left_is_spread_over_the_time_to_the_reset():
    gates = Gates()
    gates.pace(READ, Allowance(QUOTA, 0.5, 600.0), T)

    waits = [gates.reserve(READ, T) for _ in range(3)]
    later = gates.reserve(READ, T + 600.0)

    assert waits == [0.0, 0.5, 1.0]
    assert later == 0.0


@pytest.mark.parametrize(("ask", "longest"), [(URGENT, 0.0), (CREATE, 1.0), (EDIT, 2.0), (READ, 5.0)])
def test_pacing_delays_the_more_urgent_less(ask, longest):
    gates = Gates()
    gates.pace(ask, Allowance(QUOTA, 60.0, 600.0), T)

    waits = [gates.reserve(ask, T) for _ in range(50)]

    assert (waits[0], max(waits)) == (0.0, longest)


def test_an_urgent_create_takes_its_share_though_it_does_not_wait():
    gates = Gates()
    gates.pace(READ, Allowance(QUOTA, 1.0, 600.0), T)

    urgent = [gates.reserve(URGENT, T) for _ in range(3)]

    assert urgent == [0.0, 0.0, 0.0]
    assert gates.reserve(READ, T) == 3.0


def test_plenty_lifts_the_pace():
    gates = Gates()
    gates.pace(READ, Allowance(QUOTA, 1.0, 600.0), T)
    gates.reserve(READ, T)

    gates.pace(READ, PLENTY, T)

    assert gates.reserve(READ, T) == 0.0


def test_plenty_does_not_open_a_closed_gate():
    gates = Gates()
    gates.close(READ, Overrun(QUOTA, 60.0), T)

    gates.pace(READ, PLENTY, T + 1)

    assert gates.held(READ, T + 1) == Held(59.0, QUOTA)


def test_plenty_makes_no_gate():
    gates = Gates()

    gates.pace(READ, PLENTY, T)

    assert not gates.known


def test_a_gate_that_says_nothing_any_more_is_forgotten():
    gates = Gates()
    gates.close(READ, Overrun(BURST, 2.0), T)
    while_remembered = bool(gates.known)

    gates.held(READ, T + 32.0)

    assert while_remembered
    assert not gates.known


def test_many_issues_do_not_grow_the_memory_nor_push_out_a_gate_in_use():
    gates = Gates()
    gates.close(READ, Overrun(QUOTA, 3600.0), T)

    for number in range(3 * MOST_GATES):
        ask = Ask("PUT issue.edit", Operation.UPDATE_TICKET, issue=f"OPS-{number}", login=7)
        gates.close(ask, Overrun(ISSUE, 20.0), T)
        gates.held(READ, T)

    assert len(list(gates.closed(T))) == MOST_GATES
    assert gates.held(READ, T) == Held(3600.0, QUOTA)


def test_the_closed_gates_are_told_without_anyones_login():
    gates = Gates()
    gates.close(READ_BY_ANOTHER, Overrun(QUOTA, 60.0), T)
    gates.close(EDIT, Overrun(ISSUE, 5.0), T)
    gates.close(CREATE, Overrun(BURST, 2.0), T)

    assert list(gates.closed(T + 2)) == [ClosedGate(QUOTA, "", 58.0), ClosedGate(ISSUE, "OPS-1", 3.0)]
