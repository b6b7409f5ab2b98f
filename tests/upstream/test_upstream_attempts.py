"""What is sent again, how often, after which wait, and what is never sent twice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from upstream.lines import INCIDENTS, QUICK, ListedJournal, a_create, a_read, a_write, line_to

from gateway.domain.delivery import Answered, Attempt, Delivery, Failed, FailureKind
from gateway.domain.retry import RetryPolicy, Timeouts
from gateway.domain.verdict import Answer, NotExecuted
from gateway.pipeline.decision import Resend
from gateway.simulator import CREATES, Fault, SimulatedServiceNow, answered, refused, reset, servicenow_session_full
from gateway.upstream.attempts import Attempts, never
from gateway.upstream.courier import Courier
from gateway.upstream.errand import Errand
from gateway.upstream.exchange import Exchanged
from gateway.upstream.gatekeeper import Judged

SLOW = RetryPolicy(retry_delay_seconds=30)
Serve = Callable[[web.Application], Awaitable[TestServer]]


def address(server: TestServer) -> str:
    return str(server.make_url("")).rstrip("/")


def statuses(delivery: Delivery) -> list[int | None]:
    return [attempt.status for attempt in delivery.attempts]


def waits(delivery: Delivery) -> list[float]:
    return [round(attempt.wait_seconds, 4) for attempt in delivery.attempts]


@pytest.fixture
def simulated(aiohttp_server: Serve):
    """A simulated ServiceNow with these faults ahead, and its address."""

    async def start(*faults: Fault) -> tuple[SimulatedServiceNow, str]:
        servicenow = SimulatedServiceNow(faults=faults)
        return servicenow, address(await aiohttp_server(servicenow.app()))

    return start


async def test_a_read_is_sent_again_until_it_is_answered_and_every_wait_is_kept(simulated: Any):
    servicenow, base_url = await simulated(refused(503), refused(429))

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_read())

    assert isinstance(delivery, Answered)
    assert statuses(delivery) == [503, 429, 404]
    assert waits(delivery) == [0, 0.01, 0.02]
    assert [attempt.number for attempt in delivery.attempts] == [1, 2, 3]
    assert len(servicenow.ledger) == 3


async def test_jitter_shortens_a_wait_by_its_share(simulated: Any):
    _, base_url = await simulated(refused(503))

    async with line_to(base_url, luck=0.5) as line:
        delivery = await Courier(line).deliver(a_read())

    assert waits(delivery) == [0, 0.009]


async def test_when_the_retries_are_used_up_the_last_answer_is_handed_on(simulated: Any):
    servicenow, base_url = await simulated(*[refused(503)] * 9)

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_read())

    assert isinstance(delivery, Answered)
    assert delivery.answer.status == 503
    assert len(servicenow.ledger) == 1 + QUICK.max_retries


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501, 505])
async def test_what_is_not_on_the_policys_list_is_not_repeated(simulated: Any, status: int):
    servicenow, base_url = await simulated(refused(status))

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_read())

    assert statuses(delivery) == [status]
    assert len(servicenow.ledger) == 1


async def test_the_policys_list_may_be_another(simulated: Any):
    _, base_url = await simulated(refused(409), refused(503))

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_read(QUICK.overridden(retryable_status_codes=frozenset({409}))))

    assert statuses(delivery) == [409, 503]


async def test_a_202_that_says_something_is_a_success_and_not_repeated(simulated: Any):
    servicenow, base_url = await simulated(answered(202, {"Content-Type": "application/json"}, '{"result": {}}'))

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_write("PUT", f"{INCIDENTS}/1", Resend.FREELY))

    assert statuses(delivery) == [202]
    assert len(servicenow.ledger) == 1


async def test_the_empty_202_of_a_full_session_is_sent_again(simulated: Any):
    servicenow, base_url = await simulated(servicenow_session_full())

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_create())

    assert statuses(delivery) == [202, 201]
    assert len(servicenow.ledger.searches()) == 0


async def test_a_read_that_broke_off_is_sent_again(simulated: Any):
    _, base_url = await simulated(reset())

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_read())

    assert [attempt.failure for attempt in delivery.attempts] == ["reset", None]


async def test_a_write_whose_effect_would_double_is_not_repeated_after_a_500(simulated: Any):
    servicenow, base_url = await simulated(refused(500))

    async with line_to(base_url) as line:
        delivery = await Courier(line).deliver(a_write("PATCH", f"{INCIDENTS}/1", Resend.WHEN_NOT_EXECUTED))

    assert statuses(delivery) == [500]
    assert len(servicenow.ledger) == 1


async def test_a_wait_that_would_pass_the_deadline_is_not_begun(simulated: Any):
    servicenow, base_url = await simulated(refused(503))

    async with line_to(base_url) as line, asyncio.timeout(2):
        delivery = await Courier(line).deliver(a_read(SLOW, seconds=20))

    assert statuses(delivery) == [503]
    assert len(servicenow.ledger) == 1


async def test_a_retry_after_beyond_the_deadline_hands_the_answer_on_at_once(simulated: Any):
    _, base_url = await simulated(answered(429, {"Retry-After": "3600"}, "{}"))

    async with line_to(base_url) as line, asyncio.timeout(2):
        delivery = await Courier(line).deliver(a_create())

    assert isinstance(delivery, Answered)
    assert delivery.answer.header("retry-after") == "3600"
    assert statuses(delivery) == [429]


async def test_an_attempt_ends_at_the_calls_deadline_even_where_the_upstream_never_answers(aiohttp_server: Serve):
    async def silent(_request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    app = web.Application()
    app.router.add_get("/{path:.*}", silent)
    server = await aiohttp_server(app)

    async with line_to(address(server), timeouts=Timeouts(9, 9, 9)) as line, asyncio.timeout(2):
        delivery = await Courier(line).deliver(a_read(seconds=0.1))

    assert isinstance(delivery, Failed)
    assert delivery.kind is FailureKind.TIMEOUT


@pytest.mark.parametrize(("retry_after", "wait"), [(None, 0.01), (0.0, 0.01), (0.004, 0.01), (7.5, 7.5)])
async def test_a_retry_after_is_the_floor_of_the_wait_and_is_never_capped(retry_after: float | None, wait: float):
    limited = NotExecuted("rate limited", retry_after)
    judged = Judged(Exchanged("POST", Answer(429, (), b"")), limited, 0.0, 0.0)

    async with line_to("http://127.0.0.1:1") as line:
        attempts = Attempts(Errand(line, a_read()), never, made=[Attempt(1, 0.0, 0.0, 429, None, 0.0)])

    assert attempts.next_wait(judged) == wait


async def test_where_no_connection_comes_about_one_more_is_tried_within_a_quarter_of_a_second(
    unused_tcp_port: int,
):
    patient = RetryPolicy(retry_delay_seconds=30)

    async with line_to(f"http://127.0.0.1:{unused_tcp_port}", luck=0.4) as line, asyncio.timeout(5):
        delivery = await Courier(line).deliver(a_create(patient))

    assert isinstance(delivery, Failed)
    assert delivery.kind is FailureKind.UNREACHABLE
    assert [attempt.failure for attempt in delivery.attempts] == ["connect", "connect"]
    assert waits(delivery) == [0, 0.1]


async def test_every_further_attempt_of_a_create_is_written_down_before_it_leaves(simulated: Any):
    servicenow, base_url = await simulated(refused(429), refused(503).on(CREATES))
    seen: list[int] = []
    journal = ListedJournal(meanwhile=lambda: seen.append(len(servicenow.ledger.creates())))

    async with line_to(base_url, journal=journal) as line:
        delivery = await Courier(line).deliver(a_create())

    assert statuses(delivery) == [429, 503, 201]
    assert journal.written == ["sending c1", "sending c1"]
    assert seen == [1, 2]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_create_that_cannot_be_written_down_is_not_sent_again(simulated: Any, status: int):
    servicenow, base_url = await simulated(refused(status).on(CREATES))

    async with line_to(base_url, journal=ListedJournal(failing=True)) as line:
        delivery = await Courier(line).deliver(a_create())

    assert isinstance(delivery, Answered)
    assert statuses(delivery) == [status]
    assert len(servicenow.ledger.creates()) == 1


async def test_a_create_whose_deadline_passed_while_it_was_written_down_is_not_sent_again(simulated: Any):
    servicenow, base_url = await simulated(refused(429))

    async with line_to(base_url, journal=ListedJournal(lasting=0.4)) as line:
        delivery = await Courier(line).deliver(a_create(seconds=0.35))

    assert statuses(delivery) == [429]
    assert len(servicenow.ledger.creates()) == 1


async def test_a_platform_that_cannot_be_reached_is_left_alone_after_five_connects_in_a_row(unused_tcp_port: int):
    once = RetryPolicy(max_retries=0)

    async with line_to(f"http://127.0.0.1:{unused_tcp_port}") as line:
        deliveries = [await Courier(line).deliver(a_create(once)) for _ in range(6)]

    kinds = [delivery.kind for delivery in deliveries if isinstance(delivery, Failed)]
    assert kinds == [FailureKind.UNREACHABLE] * 5 + [FailureKind.CIRCUIT_OPEN]
    assert deliveries[-1].attempts == ()
