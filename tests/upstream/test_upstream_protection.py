"""One upstream under protection: who goes, who waits, and what answers teach."""

import pytest

from gateway.domain.call import Operation, PlatformName
from gateway.domain.verdict import Ambiguous, Answer, Deceptive, Done, Evidence, NotExecuted, Refused, Verdict
from gateway.upstream.protection.ask import Admitted, Ask, Held, HeldReason, Rank
from gateway.upstream.protection.breaker import BreakerState
from gateway.upstream.protection.gates import ClosedGate
from gateway.upstream.protection.protection import Protection
from gateway.upstream.protection.turnstile import NARROWEST, Turnstile

T, WALL = 1000.0, 1_790_000_000.0
SERVICENOW, JIRA = PlatformName.SERVICENOW, PlatformName.JIRA
CREATE = Ask("POST table.create", Operation.CREATE_TICKET, Rank.CREATE)
READ = Ask("GET table.list", Operation.READ)


def admitted(protection: Protection, ask: Ask, now: float = T, *, retry: bool = False) -> Admitted:
    admission = protection.admit(ask, now, retry=retry)
    assert isinstance(admission, Admitted)
    return admission


def exchange(protection: Protection, ask: Ask, answer: Answer, verdict: Verdict, now: float = T) -> None:
    protection.answered(admitted(protection, ask, now), answer, verdict, now, WALL)


def answer(status: int, **headers: str) -> Answer:
    return Answer(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), b"")


def fail(protection: Protection, ask: Ask, count: int = 5, now: float = T) -> None:
    for _ in range(count):
        protection.broke(admitted(protection, ask, now), now, connect=True)


def test_a_healthy_upstream_is_not_slowed():
    protection = Protection(JIRA)

    for _ in range(100):
        exchange(protection, CREATE, answer(201), Done())

    assert protection.admit(CREATE, T) == Admitted(CREATE)
    assert protection.standing(T).closed_gates == ()


@pytest.mark.parametrize(("breaks", "heard"), [(True, [(Operation.CREATE_TICKET, BreakerState.OPEN)]), (False, [])])
def test_a_circuit_that_opens_is_told_of_unless_it_lets_everything_through(breaks, heard):
    told: list[tuple[Operation, BreakerState]] = []
    protection = Protection(SERVICENOW, breaks, told=lambda operation, state: told.append((operation, state)))

    fail(protection, CREATE)

    assert told == heard


def test_each_operation_has_a_circuit_of_its_own():
    protection = Protection(SERVICENOW)

    fail(protection, CREATE)

    assert protection.admit(CREATE, T + 1) == Held(29.0, HeldReason.CIRCUIT)
    assert protection.admit(READ, T + 1) == Admitted(READ)
    assert protection.standing(T + 1).breakers == {
        operation: BreakerState.OPEN if operation is Operation.CREATE_TICKET else BreakerState.CLOSED
        for operation in Operation
    }


@pytest.mark.parametrize(
    ("status", "verdict", "state"),
    [
        (500, Ambiguous("answered 500", Evidence.OVER), BreakerState.OPEN),
        (503, Done(), BreakerState.OPEN),
        (200, Deceptive("a web page"), BreakerState.OPEN),
        (302, Ambiguous("redirected (302)", Evidence.SILENT), BreakerState.OPEN),
        (201, Done(), BreakerState.CLOSED),
        (400, Refused(), BreakerState.CLOSED),
        (404, Refused(), BreakerState.CLOSED),
    ],
)
def test_only_what_the_upstream_fails_at_opens_its_circuit(status, verdict, state):
    protection = Protection(SERVICENOW)

    for _ in range(20):
        exchange(protection, CREATE, answer(status), verdict)

    assert protection.standing(T).breakers[Operation.CREATE_TICKET] is state


def test_a_429_holds_calls_back_and_opens_no_circuit():
    protection = Protection(JIRA)
    under_way = [admitted(protection, CREATE) for _ in range(30)]

    for each in under_way:
        protection.answered(each, answer(429, Retry_After="9"), NotExecuted("rate limited"), T, WALL)

    held = protection.admit(CREATE, T)
    assert held == Held(9.0, HeldReason.BURST)
    assert not held.circuit_open
    assert protection.standing(T).closed_gates == (ClosedGate(HeldReason.BURST, "POST table.create", 9.0),)


def test_an_open_circuit_is_told_before_a_rate_limit():
    protection = Protection(SERVICENOW)
    under_way = admitted(protection, READ)
    fail(protection, CREATE)

    protection.answered(under_way, answer(429), NotExecuted("rate limited"), T, WALL)

    held = protection.admit(CREATE, T)
    assert isinstance(held, Held)
    assert held.circuit_open


def test_a_call_held_by_a_gate_takes_no_probe():
    protection = Protection(SERVICENOW)
    under_way = admitted(protection, READ)
    fail(protection, CREATE)
    quota = answer(429, Retry_After="60", X_RateLimit_Limit="100")
    protection.answered(under_way, quota, NotExecuted("rate limited"), T, WALL)

    held = [protection.admit(CREATE, T + 31) for _ in range(5)]
    after = [protection.admit(CREATE, T + 60) for _ in range(4)]

    assert held == [Held(29.0, HeldReason.QUOTA)] * 5
    assert [isinstance(each, Admitted) for each in after] == [True, True, True, False]


def test_three_good_probes_let_everyone_back():
    protection = Protection(SERVICENOW)
    fail(protection, CREATE)

    for _ in range(3):
        exchange(protection, CREATE, answer(400), Refused(), T + 30)

    assert protection.admit(CREATE, T + 30) == Admitted(CREATE)


def test_a_withdrawn_call_says_nothing_about_the_upstream():
    protection = Protection(SERVICENOW)
    fail(protection, CREATE)
    probes = [admitted(protection, CREATE, T + 30) for _ in range(3)]

    protection.withdrawn(probes[0])

    assert isinstance(protection.admit(CREATE, T + 30), Admitted)


@pytest.mark.parametrize("end", ["answered", "broke", "withdrawn"])
def test_every_end_of_a_retry_makes_room_for_another(end):
    protection = Protection(JIRA)
    took = [protection.may_retry(T) for _ in range(4)]
    retry = admitted(protection, CREATE, retry=True)

    match end:
        case "answered":
            protection.answered(retry, answer(201), Done(), T, WALL)
        case "broke":
            protection.broke(retry, T, connect=False)
        case _:
            protection.withdrawn(retry)

    assert took == [True, True, True, False]
    assert [protection.may_retry(T) for _ in range(2)] == [True, False]


def test_calls_earn_retries_and_retries_do_not():
    protection = Protection(JIRA)

    for _ in range(20):
        admitted(protection, CREATE)
        admitted(protection, CREATE, retry=True)

    assert protection.standing(T).retries_left == 4


async def test_a_servicenow_without_semaphores_rests_briefly_and_then_takes_fewer_at_once():
    protection = Protection(SERVICENOW, turnstile=Turnstile(inside=20))
    under_way = [admitted(protection, READ) for _ in range(5)]

    for each in under_way:
        protection.answered(each, answer(429), NotExecuted("rate limited"), T, WALL)

    assert protection.admit(CREATE, T) == Held(1.0, HeldReason.SEMAPHORE)
    assert protection.standing(T).width == 10


def test_good_answers_widen_a_narrowed_turnstile():
    protection = Protection(SERVICENOW, turnstile=Turnstile(width=NARROWEST))

    exchange(protection, READ, answer(200), Done())
    exchange(protection, READ, answer(500), Refused())

    assert protection.turnstile.width == NARROWEST + 0.25


def test_jira_is_paced_before_it_refuses():
    protection = Protection(JIRA)
    exchange(protection, READ, answer(200, X_RateLimit_NearLimit="true", X_RateLimit_Remaining="5600"), Done())

    waits = [admitted(protection, READ).wait for _ in range(3)]

    assert waits == [0.0, 0.5, 1.0]


def test_servicenow_is_paced_by_the_gateways_own_count_of_the_hour():
    protection = Protection(SERVICENOW)
    rule = answer(200, X_RateLimit_Limit="100", X_RateLimit_Reset=str(int(WALL) + 190), X_RateLimit_Rule="abc")

    for _ in range(80):
        exchange(protection, READ, rule, Done())
    before = [admitted(protection, READ).wait for _ in range(3)]
    exchange(protection, READ, rule, Done())
    after = [admitted(protection, READ).wait for _ in range(3)]

    assert before == [0.0, 0.0, 0.0]
    assert after == pytest.approx([0.0, 5.0, 5.0])


def test_the_count_of_the_hour_starts_again_at_its_reset():
    protection = Protection(SERVICENOW)
    for reset in (190, 3790):
        rule = answer(200, X_RateLimit_Limit="100", X_RateLimit_Reset=str(int(WALL) + reset), X_RateLimit_Rule="abc")
        for _ in range(70):
            exchange(protection, READ, rule, Done())

    assert [admitted(protection, READ).wait for _ in range(3)] == [0.0, 0.0, 0.0]


def test_without_its_breaker_an_upstream_is_asked_however_often_it_fails():
    protection = Protection(PlatformName.SERVICENOW, breaks=False)
    ask = Ask("POST table.create", Operation.CREATE_TICKET)

    for _ in range(50):
        admitted = protection.admit(ask, 0.0)
        assert isinstance(admitted, Admitted)
        protection.broke(admitted, 0.0, connect=True)
