"""What was promised to be on disk is there after `kill -9`, and shows as unconfirmed at the next start."""

import asyncio
import signal
import sys

from gateway.records.records import Records

CHILD = """
import asyncio, sys
from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.retry import RetryPolicy
from gateway.pipeline.decision import Forward, Resend
from gateway.records import Records

async def main():
    records = await Records.open(sys.argv[1])
    route = Route("table", Operation.CREATE_TICKET, "/api/now/table/incident", resource="incident")
    call = Call("doomed", "servicenow", PlatformName.SERVICENOW, route, "POST", "/api/now/table/incident", (), b"{}",
                1_800_000_000.0, 60.0, "http://127.0.0.1:8081")
    await records.journal.open(Forward(call, b"{}", Resend.WHEN_ABSENT, RetryPolicy()))
    print("open", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def die_with_an_open_call(url: str) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told = await child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    _, said = await child.communicate()
    assert told == b"open\n", said


async def test_a_call_opened_before_a_kill_shows_as_unconfirmed_at_the_next_start(url, clock):
    await die_with_an_open_call(url)

    records = await Records.open(url, clock)
    story = await records.reports.call("doomed")
    await records.close()

    assert records.left_open == 1
    assert (story.call.state, story.call.kind, story.call.ended_at) == ("ambiguous", "unconfirmed", None)
    assert "left_open" in [event["event"] for event in story.events]


async def test_calls_that_are_settled_or_unconfirmed_are_not_touched_at_start(url, clock, make):
    records = await Records.open(url, clock)
    for call, end in ((make.call("done"), make.created), (make.call("asked"), make.unconfirmed)):
        await records.journal.open(make.forward(call))
        await records.journal.close(make.forward(call), end(call))
    await records.close()

    again = await Records.open(url, clock)
    kinds = [(await again.reports.call(call_id)).call.kind for call_id in ("done", "asked")]
    await again.close()

    assert (again.left_open, kinds) == (0, ["created", "unconfirmed"])
