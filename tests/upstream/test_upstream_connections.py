"""Which connections a call goes over, what becomes of them, and that nothing is sent over them unseen."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientResponse, ClientTimeout, web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from upstream.lines import INCIDENTS, a_create, a_read, a_write, line_to

from gateway.domain.delivery import Answered, Failed, FailureKind
from gateway.domain.retry import Timeouts
from gateway.pipeline.decision import Resend
from gateway.simulator import SimulatedServiceNow
from gateway.upstream.connections import Connections, Departure, Outgoing
from gateway.upstream.courier import Courier
from gateway.upstream.errand import Line
from gateway.upstream.sessions import FRESH_SECONDS

Serve = Callable[[web.Application], Awaitable[TestServer]]


def address(server: TestServer) -> str:
    return str(server.make_url("")).rstrip("/")


def acquired(line: Line) -> int:
    """Connections that nobody gave back."""
    return sum(len(each.connections._acquired) for each in (line.sessions.creates, line.sessions.others))


@pytest.mark.parametrize("streamed", [False, True])
async def test_dropped_answers_give_their_connections_back(aiohttp_server: Serve, streamed: bool):
    async def always_busy(_request: web.Request) -> web.Response:
        return web.Response(status=503, body=b"x" * 3_000_000)

    class Keeping(Connections):
        """Forgetting an answer must not be what gives its connection back."""

        async def send(self, request: Outgoing, patience: ClientTimeout, departure: Departure) -> ClientResponse:
            kept.append(await super().send(request, patience, departure))
            return kept[-1]

    kept: list[ClientResponse] = []
    app = web.Application()
    app.router.add_get("/{path:.*}", always_busy)
    base_url = address(await aiohttp_server(app))

    async with line_to(base_url) as line:
        line.sessions.others.connections.__class__ = Keeping
        if streamed:
            opened = await Courier(line).open(a_read(), None)
            assert acquired(line) == 1
            assert opened.stream is not None
            opened.stream.release()
        else:
            await Courier(line).deliver(a_read())

        assert len(kept) == 4
        assert acquired(line) == 0


async def test_a_deadline_that_ends_a_connecting_attempt_leaves_nothing_in_doubt():
    class Unanswering(AbstractResolver):
        async def resolve(self, *_: object, **__: object) -> list[ResolveResult]:
            await asyncio.sleep(5)
            return []

        async def close(self) -> None:
            pass

    async with line_to("http://upstream.test", timeouts=Timeouts(9, 9, 9)) as line:
        await line.sessions.creates.connections._resolver.close()
        line.sessions.creates.connections._resolver = Unanswering()
        delivery = await Courier(line).deliver(a_create(seconds=0.1))

    assert isinstance(delivery, Failed)
    assert delivery.kind is FailureKind.UNREACHABLE


@asynccontextmanager
async def closing_on_its_second_request() -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that keeps a connection alive, and tears it down unanswered when it is used again."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")
            await reader.readexactly(length)
            requests.append(head.partition(b" ")[0])
            if len(requests) > 1:
                break
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_write_on_a_dead_pooled_connection_is_not_silently_sent_twice(method: str):
    forward = a_write(method, f"{INCIDENTS}/1", Resend.WHEN_NOT_EXECUTED)

    async with closing_on_its_second_request() as (base_url, requests), line_to(base_url) as line:
        first = await Courier(line).deliver(forward)
        second = await Courier(line).deliver(forward)

    assert isinstance(first, Answered)
    assert isinstance(second, Failed)
    assert requests == [method.encode()] * 2


async def test_a_create_takes_no_connection_that_was_idle_for_two_seconds(aiohttp_server: Serve):
    base_url = address(await aiohttp_server(SimulatedServiceNow().app()))

    async with line_to(base_url) as line:
        pool = line.sessions.creates.connections._conns
        await Courier(line).deliver(a_create())
        [(key, [(fresh, idle_since)])] = pool.items()
        await Courier(line).deliver(a_create())
        [(reused, _)] = pool[key]
        pool[key] = deque([(reused, idle_since - FRESH_SECONDS)])
        await Courier(line).deliver(a_create())
        [(replaced, _)] = pool[key]

    assert FRESH_SECONDS == 2
    assert reused is fresh
    assert replaced is not fresh
