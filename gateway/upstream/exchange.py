"""One HTTP exchange with the upstream: an answer, or how it broke."""

import asyncio
import time
from collections.abc import AsyncIterable
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import Final, TypeAlias

import aiohttp
from aiohttp import ClientResponse, ClientTimeout, hdrs
from multidict import CIMultiDict
from yarl import URL

from gateway.domain.frozen import frozen
from gateway.domain.retry import Timeouts
from gateway.domain.verdict import Answer
from gateway.upstream.connections import Connections, Departure, Outgoing
from gateway.upstream.headers import downward
from gateway.upstream.reasons import reason

Body: TypeAlias = bytes | AsyncIterable[bytes] | None

LARGEST_PIECE: Final = 2**20
"""Bytes that are written at once; with more, every other call would have to wait."""


class Break(StrEnum):
    """How an exchange ended without a whole answer; the first three are certainly without effect."""

    CIRCUIT_OPEN = "circuit_open"
    RATE_LIMITED = "rate_limited"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    RESET = "reset"
    CUT = "cut"
    TOO_LARGE = "too_large"


@frozen
class Request:
    """What one attempt sends."""

    method: str
    url: URL
    headers: CIMultiDict[str]
    body: Body

    @property
    def given_up(self) -> bool:
        """Whether the client broke off its upload, which its `failure` then tells: no fault of the upstream."""
        return getattr(self.body, "failure", None) is not None


@frozen
class Exchanged:
    """A whole answer; `method` and `status` are what aiohttp-retry looks at. `stream` holds an unread body."""

    method: str
    answer: Answer
    stream: ClientResponse | None = None
    departed_at: float | None = None

    @property
    def status(self) -> int:
        """The answer's status."""
        return self.answer.status


@frozen
class Broken:
    """No whole answer; `status` is known where only the body was lost (0 else), `departed_at` where any was sent."""

    method: str
    kind: Break
    detail: str
    status: int = 0
    departed_at: float | None = None
    held_for: float | None = None


HELD: Final = frozenset({Break.CIRCUIT_OPEN, Break.RATE_LIMITED})
"""Not made at all: the upstream's protection held it back for `held_for` seconds."""


Exchange: TypeAlias = Exchanged | Broken


@frozen
class Exchanger:
    """Makes exchanges over one pool; `max_bytes` bounds a buffered answer, `ours` tells whose login it is.

    `proxy` is what connections are made through, where not every address is reached from here.
    """

    connections: Connections
    timeouts: Timeouts
    max_bytes: int
    ours: bool
    proxy: URL | None = None

    async def buffered(self, request: Request, remaining: float) -> Exchange:
        """Send, and read the whole answer, within `remaining` seconds."""
        whole = self.timeouts.connection_timeout_seconds + self.timeouts.read_timeout_seconds
        status, departure = 0, Departure(until=time.monotonic() + min(whole, remaining))
        try:
            response = await self._send(request, remaining, departure)
            status = response.status
            body = await self._read(response)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return _broken(request.method, error, departure, status)
        if body is None:
            detail = f"an answer over {self.max_bytes} bytes"
            return Broken(request.method, Break.TOO_LARGE, detail, status, departure.at)
        answer = Answer(status, downward(response.headers, ours=self.ours), body)
        return Exchanged(request.method, answer, departed_at=departure.at)

    async def opened(self, request: Request, remaining: float) -> Exchange:
        """Send, and hand over the answer with its body unread; whoever takes it releases it."""
        departure = Departure()
        try:
            response = await self._send(request, remaining, departure)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return _broken(request.method, error, departure)
        unread = response.headers.get(hdrs.CONTENT_LENGTH) != "0"
        head = Answer(response.status, downward(response.headers, ours=self.ours), b"", unread)
        return Exchanged(request.method, head, response, departure.at)

    async def _send(self, request: Request, remaining: float, departure: Departure) -> ClientResponse:
        """An interim answer is for this hop only; after a 101 the connection speaks no HTTP any more."""
        sent = Outgoing(
            request.method,
            request.url,
            headers=request.headers,
            data=_paced(request.body),
            proxy=self.proxy,
        )
        connect = min(self.timeouts.connection_timeout_seconds, remaining)
        read = min(self.timeouts.read_timeout_seconds, remaining)
        response = await self.connections.send(sent, _patience(connect, read), departure)
        if response.status < HTTPStatus.OK:
            response.close()
            raise aiohttp.ServerDisconnectedError(f"an interim answer ({response.status}) in place of a final one")
        return response

    async def _read(self, response: ClientResponse) -> bytes | None:
        """The whole body, most of which come in one piece; None where it is too large."""
        content = response.content
        try:
            first = await content.readany()
            if content.at_eof() and len(first) <= self.max_bytes:
                return first
            body = bytearray(first)
            while not content.at_eof() and len(body) <= self.max_bytes:
                body += await content.readany()
        finally:
            if not content.at_eof():
                response.close()  # and its connection, on which the rest may come
        return bytes(body) if len(body) <= self.max_bytes else None


@lru_cache(maxsize=64)
def _patience(connect: float, read: float) -> ClientTimeout:
    """The same for all calls but those that have little time left."""
    return ClientTimeout(connect=connect, sock_connect=connect, sock_read=read)


def _paced(body: Body) -> Body | BytesIO:
    """A large body as a file, which is written piece by piece."""
    return BytesIO(body) if isinstance(body, bytes) and len(body) > LARGEST_PIECE else body


def _broken(method: str, error: Exception, departure: Departure, status: int = 0) -> Broken:
    kind = Break.CONNECT if departure.at is None else _kind(error)
    return Broken(method, kind, reason(error), status, departure.at)


def _kind(error: Exception) -> Break:
    match error:
        case asyncio.TimeoutError():
            return Break.TIMEOUT
        case aiohttp.ClientPayloadError():
            return Break.CUT
        case _:
            return Break.RESET
