"""A connection knows when its client has left, however it goes."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from gateway.pipeline.handle import PATIENT
from gateway.web.caller import caller_of
from gateway.web.connection import Connection

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Desk:
    """Answers nobody until it closes, and remembers who asked."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[Connection] = asyncio.Queue()
        self.closes = asyncio.Event()

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.put_nowait(caller_of(request))
        await self.closes.wait()
        return web.Response()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    desk.closes.set()


@pytest.fixture
async def port(desk: Desk) -> AsyncIterator[int]:
    loop, server = asyncio.get_running_loop(), web.Server(desk.serve, handler_cancellation=False)
    listening = await loop.create_server(lambda: Connection(server, loop=loop), "127.0.0.1", 0)
    yield listening.sockets[0].getsockname()[1]
    desk.closes.set()
    listening.close()
    await server.shutdown(1)


@pytest.mark.parametrize("leaves", ["close", "abort"])
async def test_a_client_that_waits_is_there_until_it_hangs_up(desk: Desk, port: int, leaves: str):
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST)
    caller = await desk.asked.get()
    waited = caller.left

    getattr(writer.transport, leaves)()
    async with asyncio.timeout(5):
        while not caller.left:  # noqa: ASYNC110  # a connection tells nobody by itself
            await asyncio.sleep(0.001)

    assert (waited, caller.left) == (False, True)


async def test_a_client_whose_connection_cannot_tell_is_taken_to_stay(desk: Desk, aiohttp_raw_server):
    server = await aiohttp_raw_server(desk.serve)
    _, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(REQUEST)

    caller = await desk.asked.get()

    assert caller is PATIENT
    desk.closes.set()
    writer.close()
