"""A gateway that is killed in the middle of its work."""

import asyncio
import signal
import sys

CHILD = """
import asyncio, sys
from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.retry import RetryPolicy
from gateway.pipeline.claim import Claim
from gateway.pipeline.decision import Forward, Resend
from gateway.records import Records

async def main():
    records = await Records.open(sys.argv[1])
    route = Route("table", Operation.CREATE_TICKET, "/api/now/table/incident", resource="incident")
    call = Call("doomed", "servicenow", PlatformName.SERVICENOW, route, "POST", "/api/now/table/incident", (), b"{}",
                1_800_000_000.0, 60.0, "http://127.0.0.1:8081")
    forward = Forward(call, b"{}", Resend.WHEN_ABSENT, RetryPolicy())
    await records.journal.open(forward, Claim("servicenow", None, "doomed-print"))
    print("open", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def die_with_an_open_call(url: str) -> None:
    """A process opens the call `doomed` and is killed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told = await child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    _, said = await child.communicate()
    assert told == b"open\n", said
