"""Answers as the proxy's clients get them: nothing is added that the upstream did not say."""

import asyncio
import math
import time
from collections.abc import Awaitable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from aiohttp import HttpVersion10, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict

from gateway.domain.call import Headers
from gateway.pipeline.respond import Reply
from gateway.platforms.retry_after import named_delay
from gateway.upstream.headers import local_cookie
from gateway.upstream.links import Links, holds_json

PIECE_BYTES: Final = 128 * 1024
SLOWEST_READER_SECONDS: Final = 30.0
"""A client that takes in less than a piece in this time is not there any more, or means harm."""

_BODYLESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class Whole(web.StreamResponse):
    """An answer whose body is known; a large one goes piece by piece: a client that stops reading is noticed."""

    def __init__(self, status: int, headers: CIMultiDict[str], body: bytes = b"", reason: str | None = None) -> None:
        super().__init__(status=status, headers=headers, reason=reason)
        self._whole = body

    @property
    def keep_alive(self) -> bool:
        """Whether the client may ask again on its connection."""
        return self._stays_open

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        """The head as it is, with what every answer needs; aiohttp's own names a server, and a type for every body."""
        status, headers, version = self.status, self.headers, request.version
        _measure(headers, request.method, status, len(self._whole))
        if not allows_body(request.method, status):
            self._whole = b""
        if hdrs.DATE not in headers:
            headers[hdrs.DATE] = _date(int(time.time()))
        self._stays_open, self._writer = request.keep_alive, request.writer
        if not self._stays_open:
            headers[hdrs.CONNECTION] = "close"
        elif version == HttpVersion10:
            headers[hdrs.CONNECTION] = "keep-alive"
        await self._writer.write_headers(f"HTTP/{version.major}.{version.minor} {status} {self.reason}", headers)
        return self._writer

    async def write_eof(self, data: bytes = b"") -> None:  # noqa: ARG002  # aiohttp's own signature
        """The body; a small one leaves together with the head."""
        body, writer = self._whole, self._writer
        if len(body) <= PIECE_BYTES:
            await writer.write_eof(body)
            return
        for start in range(0, len(body), PIECE_BYTES):
            await _taken_in(writer.write(body[start : start + PIECE_BYTES]), writer.transport)
        await writer.write_eof()


class Streamed(web.StreamResponse):
    """An answer whose body passes in chunks."""

    async def _prepare_headers(self) -> None:
        """What the upstream left out stays out: aiohttp names itself as the server and gives every body a type."""
        unsaid = [name for name in (hdrs.SERVER, hdrs.CONTENT_TYPE) if name not in self.headers]
        await super()._prepare_headers()
        for name in unsaid:
            self.headers.popall(name, None)

    async def hand_over(self, piece: bytes) -> None:
        """Write; raises ConnectionError where the client has not read enough of it for too long, and hangs up on it."""
        await _taken_in(self.write(piece), self._req.transport if self._req else None)


def render(reply: Reply, links: Links, gateway_base: str) -> Whole:
    """A reply of the pipeline, its API links leading back through the gateway."""
    answer = reply.answer
    if reply.ours:
        return Whole(answer.status, CIMultiDict(answer.headers + reply.headers), answer.body, reply.reason)
    body = links.in_body(answer.body, gateway_base) if holds_json(answer) else answer.body
    return Whole(answer.status, passed(answer.headers, links, gateway_base, reply.headers), body)


def passed(headers: Headers, links: Links, gateway_base: str, ours: Headers) -> CIMultiDict[str]:
    """The upstream's headers for the client of this address, and the gateway's own behind them."""
    merged = CIMultiDict(links.in_headers(headers, gateway_base) + ours)
    if hdrs.SET_COOKIE in merged or hdrs.RETRY_AFTER in merged:
        https = gateway_base.startswith("https:")
        adapted = ((name, _adapted(name, value, https=https)) for name, value in merged.items())
        return CIMultiDict((name, value) for name, value in adapted if value is not None)
    return merged


def _adapted(name: str, value: str, *, https: bool) -> str | None:
    match name.lower():
        case "set-cookie":
            return local_cookie(value, https=https)
        case "retry-after":
            seconds = whole_seconds(value)
            return None if seconds is None else str(seconds)
        case _:
            return value


def whole_seconds(retry_after: str) -> int | None:
    """Common clients read nothing but a whole number there; None where no time is named, which would break them."""
    delay = named_delay(retry_after, time.time())
    return None if delay is None else math.ceil(delay)


def allows_body(method: str, status: int) -> bool:
    """Whether HTTP lets this answer have a body at all."""
    return method != "HEAD" and status not in _BODYLESS


def _measure(headers: CIMultiDict[str], method: str, status: int, length: int) -> None:
    """Where HTTP lets an answer tell its length; that of a HEAD may be the upstream's own."""
    if status in _BODYLESS:
        headers.popall(hdrs.CONTENT_LENGTH, None)
    elif length or method != "HEAD":
        headers.setdefault(hdrs.CONTENT_LENGTH, str(length))


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


async def _taken_in(writing: Awaitable[None], transport: asyncio.WriteTransport | None) -> None:
    """Hangs up on a client that does not read what is written to it, and raises ConnectionError."""
    try:
        async with asyncio.timeout(SLOWEST_READER_SECONDS):
            await writing
    except TimeoutError as error:
        if transport is not None:
            transport.abort()
        raise ConnectionResetError("the client does not read its answer") from error
