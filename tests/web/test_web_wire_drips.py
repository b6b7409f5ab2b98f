"""An upstream that answers byte by byte holds nobody beyond the deadline, unless the answer is one that streams."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from running import StartGateway

from gateway.simulator import SimulatedServiceNow

SHORT = {"timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 1, "total_timeout_seconds": 1}}
PAUSE_SECONDS = 0.05


@asynccontextmanager
async def dripping(head: bytes, body: bytes) -> AsyncIterator[int]:
    """An upstream on loopback that never pauses for as long as a read may take."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            for byte in body:
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(PAUSE_SECONDS)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def answering(status: bytes, length: int) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, length)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_small_answer_that_drips_is_given_up_at_the_deadline(start_gateway: StartGateway, method: str):
    async with dripping(answering(b"200 OK", 400), b" " * 400) as port:
        base = {"base_url": f"http://127.0.0.1:{port}"}
        gateway = await start_gateway(servicenow=SimulatedServiceNow(), upstream=base, config=SHORT)
        begun = time.monotonic()

        response = await gateway.request(
            method,
            f"{gateway.servicenow}/api/now/table/incident",
            headers={},
            json={"short_description": "Disk full"} if method == "POST" else None,
        )

        took = time.monotonic() - begun
        await gateway.stop()
    assert response.status in {502, 504}
    assert "ITSM-Error" in response.headers
    assert took < 10  # the whole answer would take twenty seconds


async def test_a_small_answer_that_drips_in_time_arrives_whole(start_gateway: StartGateway):
    async with dripping(answering(b"200 OK", 6), b'{"a":1}'[:6]) as port:
        base = {"base_url": f"http://127.0.0.1:{port}"}
        gateway = await start_gateway(servicenow=SimulatedServiceNow(), upstream=base)

        response = await gateway.get(f"{gateway.servicenow}/api/now/table/incident")

        await gateway.stop()
    assert (response.status, await response.read()) == (200, b'{"a":1')


async def test_an_answer_of_unknown_length_may_drip_for_longer_than_a_call_may_take(start_gateway: StartGateway):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    async with dripping(head, b"x" * 30) as port:
        base = {"base_url": f"http://127.0.0.1:{port}"}
        gateway = await start_gateway(servicenow=SimulatedServiceNow(), upstream=base, config=SHORT)

        response = await gateway.get(f"{gateway.servicenow}/api/now/attachment/1/file")

        await gateway.stop()
    assert (response.status, await response.read()) == (200, b"x" * 30)
