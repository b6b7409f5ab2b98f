"""Slow and silent peers, and too many of them: cut in time, and never at others' expense."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from running import RunningGateway, StartGateway
from web.wires import FINE, Upstream, said, status_of, upstream

from gateway.simulator import SimulatedServiceNow
from gateway.web import body, render, site

GET = b"GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n"
CREATE = b"POST /api/now/table/incident HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
SOON = 0.15


@dataclass
class Wire:
    """A gateway's ServiceNow listener, and who stands behind it."""

    gateway: RunningGateway
    upstream: Upstream

    @property
    def port(self) -> int:
        return self.gateway.running.bound["servicenow"].port


@pytest.fixture
async def wire(start_gateway: StartGateway) -> AsyncIterator[Wire]:
    async with upstream() as behind:
        base = {"base_url": f"http://127.0.0.1:{behind.port}"}
        config = {"limits": {"max_connections": 3}}
        yield Wire(await start_gateway(servicenow=SimulatedServiceNow(), upstream=base, config=config), behind)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "SLOWEST_SECONDS", SOON)
    monkeypatch.setattr(render, "SLOWEST_READER_SECONDS", SOON)
    monkeypatch.setitem(site.STRICT, "keepalive_timeout", SOON)  # type: ignore[arg-type]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("head", [b"", b"GET /api/x HT", b"GET /api/x HTTP/1.1\r\nHost: a\r\nX-A: "])
async def test_a_head_that_does_not_come_is_cut(start_gateway: StartGateway, head: bytes):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.running.bound["servicenow"].port)

    writer.write(head)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()

    assert answer == b""


@pytest.mark.usefixtures("impatient")
async def test_a_create_whose_body_does_not_come_is_told_so_and_nothing_is_sent(wire: Wire):
    answer = await said(wire.port, CREATE + b'Content-Length: 50\r\n\r\n{"short')

    assert status_of(answer) == 408
    assert wire.upstream.arrived == []


@pytest.mark.usefixtures("impatient")
async def test_an_upload_that_dribbles_is_cut_however_often_it_gives_a_sign_of_life(wire: Wire):
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    writer.write(b"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n")

    async def dribble() -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(SOON / 10)

    dribbling = asyncio.create_task(dribble())
    async with asyncio.timeout(5):
        answer = await reader.readuntil(b"\r\n\r\n")
    dribbling.cancel()
    writer.close()

    assert status_of(answer) == 408
    assert wire.upstream.arrived == []
    assert "Traceback" not in wire.gateway.log.getvalue()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("path", ["/api/x", "/api/now/table/incident"], ids=["streamed", "whole"])
async def test_a_client_that_stops_reading_is_let_go(wire: Wire, path: str):
    big = 24 * 1024 * 1024
    made = b'{"result": {"sys_id": "1c741bd70b2322007518478d83673af3", "number": "I"}, "x": "'
    document = made + b"x" * (big - len(made) - 2) + b'"}'
    wire.upstream.answer = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % big
    wire.upstream.answer += document
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port, limit=1024)
    sent = b'{"short_description": "Disk full"}'

    writer.write(CREATE.replace(b"/api/now/table/incident", path.encode()))
    writer.write(b"Content-Length: %d\r\n\r\n" % len(sent) + sent)
    await reader.readexactly(12)
    writer.transport.pause_reading()
    await asyncio.sleep(SOON * 4)
    writer.transport.resume_reading()
    got = 0
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(5):
            while piece := await reader.read(65_536):
                got += len(piece)
    writer.close()

    assert got < big
    assert "Traceback" not in wire.gateway.log.getvalue()


async def test_one_connection_too_many_is_told_so_and_takes_nobodys_place(wire: Wire):
    held = [await asyncio.open_connection("127.0.0.1", wire.port) for _ in range(3)]
    for _, writer in held:
        writer.write(GET)
    first = [await reader.readuntil(b"{}") for reader, _ in held]

    refused = await said(wire.port, b"")
    held[0][1].write(GET)
    again = await held[0][0].readuntil(b"{}")
    for _, writer in held:
        writer.close()

    assert [status_of(answer) for answer in (*first, refused, again)] == [200, 200, 200, 503, 200]
    [told] = wire.gateway.events("request refused")
    assert b"ITSM-Error: overloaded" in refused
    assert f"ITSM-Call-Id: {told['call_id']}\r\n".encode() in refused
    assert 'itsm_requests_refused_total{problem="overloaded"} 1.0' in await wire.gateway.metrics()


async def test_clients_that_hang_up_in_their_uploads_are_not_held_against_the_upstream(wire: Wire):
    for _ in range(30):
        _, writer = await asyncio.open_connection("127.0.0.1", wire.port)
        writer.write(b"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + b"x" * 200_000)
        await writer.drain()
        await asyncio.sleep(0.005)
        writer.transport.abort()
    await asyncio.sleep(0.02)
    after = await said(wire.port, GET)

    assert status_of(after) == 200
    assert "Traceback" not in wire.gateway.log.getvalue()


BREAKS = {
    "reset-before-an-answer": (b"", {502, 504}),
    "garbage": (b"\x00\xff\r\n\r\n", {502, 504}),
    "cut-in-its-body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", {502}),
    "switching-protocols": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        {502, 504},
    ),
    "more-than-it-says": (FINE + b"HTTP/1.1 200 OK\r\nX-Smuggled: 1\r\n\r\n", {200}),
}


@pytest.mark.parametrize(("answer", "statuses"), BREAKS.values(), ids=BREAKS.keys())
async def test_an_upstream_that_breaks_off_or_says_too_much_harms_one_call_only(
    wire: Wire, answer: bytes, statuses: set[int]
):
    wire.upstream.answer = answer
    wire.upstream.hangs_up = True

    broken = await said(wire.port, GET)
    wire.upstream.answer, wire.upstream.hangs_up = FINE, False
    after = await said(wire.port, GET)

    assert status_of(broken) in statuses
    assert b"X-Smuggled" not in broken + after
    assert status_of(after) == 200
    assert "Traceback" not in wire.gateway.log.getvalue()
