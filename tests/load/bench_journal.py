"""How many calls a second the journal opens and closes, each pair on disk: `python tests/load/bench_journal.py`.

Prints, for some numbers of concurrent callers, the pairs a second, the median time of one step, and the share of the
time in which the process used a CPU.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, time_ns
from uuid import uuid4

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind, PolicyName, SlaDue
from gateway.domain.retry import RetryPolicy
from gateway.domain.verdict import Answer, Ticket
from gateway.pipeline.decision import Correlation, Forward, Resend
from gateway.platforms.platform import Carrier
from gateway.records.records import Records

ROUTE = Route("table", Operation.CREATE_TICKET, "/api/now/table/incident", resource="incident")
POLICY = PolicyName("servicenow-incident", "0" * 16)
BODY = b'{"short_description": "%s"}' % (b"x" * 400)


def a_forward(number: int) -> Forward:
    call = Call(
        id=f"{time_ns() // 1_000_000:012x}{uuid4().hex[:20]}",
        upstream="servicenow",
        platform=PlatformName.SERVICENOW,
        route=ROUTE,
        method="POST",
        target="/api/now/table/incident?sysparm_display_value=true",
        headers=(),
        body=BODY,
        received_at=1_800_000_000.0 + number / 1000,
        deadline=60.0,
        gateway_base="http://127.0.0.1:8081",
    )
    correlation = Correlation(Carrier(call.id), "correlation_id")
    return Forward(call, BODY, Resend.WHEN_ABSENT, RetryPolicy(), correlation=correlation, policy=POLICY)


def an_outcome(forward: Forward) -> Outcome:
    return Outcome(
        call=forward.call,
        kind=OutcomeKind.CREATED,
        ended_at=forward.call.received_at + 0.2,
        policy=POLICY,
        answer=Answer(201, (), b'{"result": {}}'),
        attempts=(Attempt(1, forward.call.received_at, 0.2, 201, None, 0.0),),
        ticket=Ticket(id=forward.call.id, key="INC0010001", url="https://example.service-now.com/x", priority="3"),
        sla=SlaDue(forward.call.received_at + 900, forward.call.received_at + 14400),
    )


async def call_after_call(records: Records, pairs: int, steps: list[float]) -> None:
    for number in range(pairs):
        forward = a_forward(number)
        began = perf_counter()
        await records.journal.open(forward)
        between = perf_counter()
        await records.journal.close(forward, an_outcome(forward))
        steps += (between - began, perf_counter() - between)


async def measure(callers: int, pairs: int) -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        records = await Records.open(f"sqlite+aiosqlite:///{folder}/bench.db")
        steps: list[float] = []
        began, used = perf_counter(), process_time()
        await asyncio.gather(*(call_after_call(records, pairs // callers, steps) for _ in range(callers)))
        seconds, cpu = perf_counter() - began, process_time() - used
        await records.close()
    done = len(steps) / 2
    figures = (done / seconds, median(steps) * 1e3, cpu / seconds * 100, cpu / done * 1e6)
    print(f"{callers:>8}" + "".join(f"{figure:>12.2f}" for figure in figures))


async def main() -> None:
    print(f"{'callers':>8}" + "".join(f"{name:>12}" for name in ("pairs/s", "step ms", "CPU %", "us CPU/pair")))
    for callers, pairs in ((1, 1000), (4, 4000), (16, 12000), (64, 16000)):
        await measure(callers, pairs)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
