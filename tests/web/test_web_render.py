"""An answer leaves as it is: its framing is right for every method, status and version, and nothing is made up."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from multidict import CIMultiDict

from gateway.web.render import PIECE_BYTES, Whole

Ask = Callable[..., Awaitable[list[bytes]]]
DATE = "Wed, 25 Nov 2026 09:30:00 GMT"


@pytest.fixture
def ask(aiohttp_raw_server) -> Ask:
    """What a client reads on one connection that it sends all requests on, split into lines."""

    async def asked(requests: bytes, make: Callable[[], Whole]) -> list[bytes]:
        async def answer(_request: web.BaseRequest) -> Whole:
            return make()

        server = await aiohttp_raw_server(answer)
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(requests)
        received = await reader.read()
        writer.close()
        return received.split(b"\r\n")

    return asked


def answered(status: int, body: bytes = b"", **headers: str) -> Callable[[], Whole]:
    return lambda: Whole(status, CIMultiDict(headers), body)


def request(method: str, version: str = "1.1", connection: str = "close") -> bytes:
    return f"{method} / HTTP/{version}\r\nHost: x\r\nConnection: {connection}\r\n\r\n".encode()


async def test_nothing_is_added_but_what_ends_the_answer(ask: Ask):
    lines = await ask(request("GET"), answered(200, b"ab", Date=DATE))

    assert lines == [
        b"HTTP/1.1 200 OK", b"Date: " + DATE.encode(), b"Content-Length: 2", b"Connection: close", b"", b"ab",
    ]  # fmt: skip


async def test_an_answer_without_a_date_gets_one(ask: Ask):
    lines = await ask(request("GET"), answered(200, b"ab"))

    assert [line[-4:] for line in lines if line.startswith(b"Date: ")] == [b" GMT"]


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_that_may_have_no_body_tells_no_length(ask: Ask, status: int):
    lines = await ask(request("GET"), answered(status, b"ab", Date=DATE))

    assert lines[1:] == [b"Date: " + DATE.encode(), b"Connection: close", b"", b""]


async def test_the_answer_to_head_tells_the_length_of_the_body_that_it_leaves_out(ask: Ask):
    lines = await ask(request("HEAD"), answered(200, b"ab", Date=DATE))

    assert lines[2:] == [b"Content-Length: 2", b"Connection: close", b"", b""]


async def test_a_client_of_the_old_version_keeps_its_connection_where_it_asks_to(ask: Ask):
    twice = request("GET", "1.0", "keep-alive") + request("GET", "1.0")

    lines = await ask(twice, answered(200, Date=DATE))

    assert lines.count(b"HTTP/1.0 200 OK") == 2
    assert lines.count(b"Connection: keep-alive") == 1


async def test_a_large_body_arrives_whole_with_its_head_before_it(ask: Ask):
    body = bytes(range(256)) * (PIECE_BYTES // 100)

    lines = await ask(request("GET"), answered(200, body, Date=DATE))

    assert b"Content-Length: %d" % len(body) in lines
    assert b"\r\n".join(lines[lines.index(b"") + 1 :]) == body
