"""`GET /api/v1/events` streams what happens now, and ends when the gateway does."""

import asyncio
import json

from gateway.simulator import SimulatedServiceNow
from gateway.telemetry.broadcast import MOST_LISTENERS
from gateway.web.keys import BROADCAST

INCIDENT = "/api/now/table/incident"


async def look_on(gateway, **headers):
    """A stream whose first words have been read."""
    answer = await gateway.session.get(
        f"{gateway.api}/api/v1/events", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return answer, await block(answer)


async def block(answer) -> dict[str, str]:
    """The next event, or comment, by its lines' names."""
    async with asyncio.timeout(10):
        lines = (await answer.content.readuntil(b"\n\n")).decode().strip().splitlines()
    return dict(line.split(": ", 1) for line in lines)


async def test_a_call_is_seen_as_it_ends(start_gateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    stream, begin = await look_on(gateway)

    made = await gateway.post(f"{gateway.servicenow}{INCIDENT}", {"short_description": "Disk full"})

    event = await block(stream)
    assert (stream.status, stream.content_type, begin) == (200, "text/event-stream", {"retry": "3000"})
    assert event["event"] == "call"
    assert json.loads(event["data"])["call_id"] == made.headers["ITSM-Call-Id"]
    assert json.loads(event["data"])["outcome"] == "created"
    stream.close()


async def test_who_comes_back_after_another_process_is_told_to_look_anew(start_gateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    stream, _ = await look_on(gateway, Last_Event_ID="another-7")

    assert (await block(stream))["event"] == "missed"
    stream.close()


async def test_too_many_listeners_are_told_to_come_later(start_gateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    broadcast = gateway.running.gateway.api[BROADCAST]
    for _ in range(MOST_LISTENERS):
        broadcast.listen()

    answer = await gateway.get(f"{gateway.api}/api/v1/events")

    assert (answer.status, answer.headers["ITSM-Error"], answer.headers["Retry-After"]) == (
        503, "too-many-listeners", "10",
    )  # fmt: skip


async def test_a_head_request_does_not_wait_for_an_end_that_never_comes(start_gateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    answer = await gateway.request("HEAD", f"{gateway.api}/api/v1/events", headers={})

    assert answer.status == 405


async def test_when_the_gateway_ends_the_stream_ends_with_a_word(start_gateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    stream, _ = await look_on(gateway)

    await gateway.running.gateway.api.shutdown()

    assert (await block(stream))["event"] == "closed"
    assert await stream.content.read() == b""
