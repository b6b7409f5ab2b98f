"""What is large passes as a stream, and what breaks off never looks whole."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from aiohttp import ClientConnectionError, ClientPayloadError
from flows.desks import recorded
from flows.wire import MEGABYTE, UNCOVERED, Before, exchange, saying, spelt, wire

from gateway.simulator import answered


async def test_a_ticket_of_several_megabytes_arrives_as_it_was_sent(passage):
    servicenow, gateway = passage
    body = json.dumps({"short_description": "x", "u_log": "y" * 3 * MEGABYTE}).encode()
    headers = [("Content-Type", "application/json"), ("Accept", "application/json")]

    answer = await exchange(gateway, spelt("POST", "/api/now/table/sc_req_item", headers, body))

    assert answer.status == 201
    assert servicenow.ledger.creates()[0].body == body


async def test_twenty_megabytes_pass_both_ways(passage):
    servicenow, gateway = passage
    body = bytes(range(256)) * (20 * MEGABYTE // 256)
    servicenow.faults.add(answered(200, {"Content-Type": "application/octet-stream"}, "y" * 20 * MEGABYTE))

    response = await gateway.request(
        "POST", gateway.servicenow + "/api/now/attachment/file", headers={}, data=BytesIO(body)
    )

    assert servicenow.ledger[-1].body == body
    assert await response.read() == b"y" * 20 * MEGABYTE


async def test_an_answer_streams_down_before_it_is_whole(before: Before):
    seen = asyncio.Event()

    async def halves(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(wire("200 OK", f"Content-Length: {2 * MEGABYTE}", body=b"1" * MEGABYTE))
        await seen.wait()
        writer.write(b"2" * MEGABYTE)
        await writer.drain()
        writer.close()

    gateway = await before(halves)

    async with asyncio.timeout(10), gateway.session.get(gateway.servicenow + UNCOVERED) as response:
        first = await response.content.readexactly(MEGABYTE // 2)
        seen.set()
        rest = await response.read()

    assert first + rest == b"1" * MEGABYTE + b"2" * MEGABYTE


async def test_a_request_streams_up_before_it_is_whole(before: Before):
    seen = asyncio.Event()
    received = bytearray()

    async def reads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        received.extend(await reader.readexactly(MEGABYTE // 2))
        seen.set()
        received.extend(await reader.readexactly(2 * MEGABYTE - MEGABYTE // 2))
        writer.write(wire("200 OK", "Content-Length: 2", body=b"ok"))
        await writer.drain()
        writer.close()

    async def halves() -> AsyncIterator[bytes]:
        yield b"1" * MEGABYTE
        await seen.wait()
        yield b"2" * MEGABYTE

    gateway = await before(reads)
    headers = {"Content-Length": str(2 * MEGABYTE)}

    async with asyncio.timeout(10):
        response = await gateway.request("POST", gateway.servicenow + UNCOVERED, headers=headers, data=halves())

    assert response.status == 200
    assert received == b"1" * MEGABYTE + b"2" * MEGABYTE


async def test_a_short_answer_that_broke_off_becomes_a_502(before: Before):
    gateway = await before(saying(wire("200 OK", "Content-Length: 100", body=b'{"result": [')))

    response = await gateway.get(gateway.servicenow + UNCOVERED)

    assert (response.status, response.headers["ITSM-Error"]) == (502, "cut-answer")
    assert (await recorded(gateway, response))["outcome"] == "upstream_error"


@pytest.mark.parametrize(
    "framing",
    [("Content-Length: 1000000",), ("Content-Length: 1000000", "Content-Type: application/json"), None],
    ids=["length", "length-of-json", "chunked"],
)
async def test_a_long_answer_that_breaks_off_never_looks_whole(before: Before, framing: tuple[str, ...] | None):
    half = b"x" * 500_000
    chunk = f"{len(half):x}\r\n".encode() + half + b"\r\n"
    cut = wire("200 OK", *framing, body=half) if framing else wire("200 OK", "Transfer-Encoding: chunked", body=chunk)
    gateway = await before(saying(cut))

    with pytest.raises((ClientPayloadError, ClientConnectionError)):
        await gateway.get(gateway.servicenow + UNCOVERED)
