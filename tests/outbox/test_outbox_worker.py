"""The outbox's worker: paced, the next as soon as one has ended, and gentle to an upstream that fails."""

import asyncio
import time
from dataclasses import dataclass, field, replace

import pytest
from upstream.lines import ListedJournal, a_create

from gateway.domain.delivery import Answered, Delivery, Failed, FailureKind
from gateway.domain.outcome import Outcome
from gateway.domain.verdict import Answer, Ticket
from gateway.outbox.settler import Settler
from gateway.outbox.worker import AT_ONCE, Schedule, Worker
from gateway.pipeline.earlier import Pending
from gateway.pipeline.ports import Ports
from gateway.platforms.registry import PLATFORMS

MADE = Answered((), Answer(201, (), b"{}"), Ticket("id1", "INC1"))
AWAY = Failed((), FailureKind.UNREACHABLE, "no connection")


def a_pending(number: int, received_at: float | None = None) -> Pending:
    forward = a_create()
    call = replace(forward.call, id=f"c{number}", received_at=time.time() if received_at is None else received_at)
    return Pending(replace(forward, call=call, later=True), 2, None, None)


@dataclass
class Waiting:
    """The outbox as a list; what is done to its calls is heard."""

    calls: list[Pending]
    heard: list[str] = field(default_factory=list)

    async def due(self, limit: int = 20, apart: frozenset[str] = frozenset()) -> tuple[Pending, ...]:
        if apart or not self.calls:
            return ()
        return tuple(self.calls.pop(0) for _ in range(limit))

    async def hasten(self, upstream: str) -> int:
        self.heard.append(f"hasten {upstream}")
        return 0

    async def reschedule(self, call_id: str, *_: object) -> None:
        self.heard.append(f"again {call_id}")

    async def bury(self, call_id: str, reason: str, _epoch: int) -> None:
        self.heard.append(f"bury {call_id}: {reason}")


@dataclass
class Courier:
    """Takes a moment for each call, and knows how many were on their way together."""

    answers: list[Delivery] = field(default_factory=list)
    busy: int = 0
    most: int = 0
    sent: list[str] = field(default_factory=list)

    async def resume(self, pending: Pending) -> Delivery:
        self.busy += 1
        self.most = max(self.most, self.busy)
        self.sent.append(pending.forward.call.id)
        await asyncio.sleep(0.002)
        self.busy -= 1
        return self.answers.pop(0) if self.answers else MADE


@dataclass
class Telling:
    """Hears what was settled, and knows when it has heard enough."""

    settled_calls: list[Outcome] = field(default_factory=list)

    def settled(self, outcome: Outcome) -> None:
        self.settled_calls.append(outcome)


async def worked(waiting: Waiting, courier: Courier, telling: Telling, schedule: Schedule, ended: int) -> None:
    """Let a worker go on until so many calls were sent and written down, or seconds are over."""
    journal, settler = ListedJournal(), Settler()
    ports = Ports(time.time, None, journal, {"here": courier}, None, None, settler, telling, PLATFORMS)
    settler.tie(ports)
    worker = Worker(waiting, ports, settler, {"here": 5.0}, schedule, luck=lambda: 0.0, idle_seconds=0.5)
    task = asyncio.create_task(worker.run())
    deadline = time.monotonic() + 20
    while len(telling.settled_calls) + len(waiting.heard) < ended and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_next_call_goes_out_as_soon_as_one_has_ended_and_never_more_than_a_few_at_once():
    waiting, courier, telling = Waiting([a_pending(number) for number in range(60)]), Courier(), Telling()

    began = time.monotonic()
    await worked(waiting, courier, telling, Schedule(), ended=60)

    assert courier.sent == [f"c{number}" for number in range(60)]
    assert courier.most == AT_ONCE
    assert time.monotonic() - began < 60 / AT_ONCE * 0.5  # what waiting out the idle pause for each round would take


async def test_while_an_upstream_is_away_one_call_at_a_time_finds_out_and_then_all_are_hastened():
    waiting, telling = Waiting([a_pending(number) for number in range(4)]), Telling()
    courier = Courier([AWAY, AWAY])

    await worked(waiting, courier, telling, Schedule((0.01,)), ended=5)

    assert "hasten here" in waiting.heard
    assert [told for told in waiting.heard if told.startswith("again")][:2] == ["again c0", "again c1"]
    assert len(telling.settled_calls) == 2


@pytest.mark.parametrize(
    ("pending", "answer", "buried"),
    [
        (a_pending(1, received_at=1.0), MADE, "not delivered within 72 hours"),
        (a_pending(1), Answered((), Answer(400, (), b"{}"), succeeded=False), "the upstream refused it with 400"),
        (
            a_pending(1),
            Failed((), FailureKind.UNCONFIRMED, "lost", fenced=False),
            "look for the ticket before you replay it",
        ),
    ],
    ids=["too old", "refused", "lost without a value to search for"],
)
async def test_what_cannot_be_delivered_becomes_a_dead_letter_that_says_why(pending, answer, buried):
    waiting, telling = Waiting([pending]), Telling()

    await worked(waiting, Courier([answer]), telling, Schedule(), ended=1)

    assert buried in waiting.heard[0]


def test_the_waits_grow_to_the_last_and_are_shortened_by_a_fifth_at_most():
    schedule = Schedule()

    assert [schedule.wait(tries, 0.0) for tries in (0, 1, 5, 99)] == [5.0, 30.0, 3600.0, 3600.0]
    assert schedule.wait(0, 1.0) == 4.0
