"""How long an answer is waited for, with one timer for all the answers that come over a connection."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from upstream.lines import INCIDENTS, a_read, a_write, line_to

from gateway.domain.delivery import Answered, Failed, FailureKind
from gateway.domain.retry import RetryPolicy, Timeouts
from gateway.pipeline.decision import Resend
from gateway.upstream.courier import Courier

ONCE = RetryPolicy(max_retries=0)
BRIEF = Timeouts(connection_timeout_seconds=0.1, read_timeout_seconds=0.1)
LONG = 10.0
Serve = Callable[[int, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[str]:
    """A server that is told how many requests it has answered; it reads no more of them than their head."""
    answered, writers = 0, list[asyncio.StreamWriter]()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal answered
        writers.append(writer)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await serve(answered, reader, writer)
                answered += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)  # the other side notices


async def answer(_number: int, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


async def hush(_number: int, _reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(LONG)


async def answer_once(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await (hush if number else answer)(number, reader, writer)


async def drip(_number: int, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
    for _ in range(999):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def test_silence_on_a_connection_that_was_used_before_is_given_up_in_time():
    async with serving(answer_once) as base_url, line_to(base_url, timeouts=Timeouts(9, 0.2, 9)) as line:
        first = await Courier(line).deliver(a_read(ONCE))
        begun = time.monotonic()
        second = await Courier(line).deliver(a_read(ONCE, seconds=9))

    assert isinstance(first, Answered)
    assert isinstance(second, Failed)
    assert second.kind is FailureKind.TIMEOUT
    assert 0.2 <= time.monotonic() - begun < LONG / 2


async def test_a_call_with_less_time_than_the_one_before_it_is_given_up_at_its_own_deadline():
    async with serving(answer_once) as base_url, line_to(base_url, timeouts=Timeouts(9, 9, 9)) as line:
        await Courier(line).deliver(a_read(ONCE))
        begun = time.monotonic()
        second = await Courier(line).deliver(a_read(ONCE, seconds=0.1))

    assert isinstance(second, Failed)
    assert time.monotonic() - begun < LONG / 2


async def test_a_connection_that_was_idle_for_longer_than_an_answer_is_waited_for_is_used_again():
    async with serving(answer) as base_url, line_to(base_url, timeouts=BRIEF) as line:
        pool = line.sessions.others.connections._conns
        await Courier(line).deliver(a_read(ONCE))
        [[(before, _)]] = pool.values()
        await asyncio.sleep(0.25)
        again = await Courier(line).deliver(a_read(ONCE))
        [[(after, _)]] = pool.values()

    assert isinstance(again, Answered)
    assert after is before


async def test_an_answer_that_never_falls_silent_is_given_up_all_the_same():
    async with serving(drip) as base_url, line_to(base_url, timeouts=BRIEF) as line:
        begun = time.monotonic()
        delivery = await Courier(line).deliver(a_read(ONCE))

    assert isinstance(delivery, Failed)
    assert delivery.kind is FailureKind.TIMEOUT
    assert 0.2 <= time.monotonic() - begun < LONG / 2


async def test_an_upstream_that_takes_no_more_of_a_request_is_given_up():
    forward = a_write("PUT", f"{INCIDENTS}/1", Resend.NEVER)
    forward.body = b"x" * 20_000_000  # type: ignore[misc]  # more than the kernels of both sides hold

    async with serving(hush) as base_url, line_to(base_url, timeouts=BRIEF) as line:
        begun = time.monotonic()
        delivery = await Courier(line).deliver(forward)

    assert isinstance(delivery, Failed)
    assert delivery.kind is FailureKind.TIMEOUT
    assert time.monotonic() - begun < LONG / 2
