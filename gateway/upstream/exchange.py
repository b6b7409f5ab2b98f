"""One HTTP exchange with the upstream: an answer, or how it broke."""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import aiohttp
from aiohttp import ClientResponse, ClientSession, ClientTimeout
from multidict import CIMultiDict
from yarl import URL

from gateway.domain.retry import Timeouts
from gateway.domain.verdict import Answer
from gateway.upstream.headers import downward

Body: TypeAlias = bytes | AsyncIterable[bytes] | None


class Break(StrEnum):
    """How an exchange ended without a whole answer; only the first is certainly without effect."""

    CONNECT = "connect"
    TIMEOUT = "timeout"
    RESET = "reset"
    CUT = "cut"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Request:
    """What one attempt sends."""

    method: str
    url: URL
    headers: CIMultiDict[str]
    body: Body


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A whole answer; `method` and `status` are what aiohttp-retry looks at. `stream` holds an unread body."""

    method: str
    answer: Answer
    stream: ClientResponse | None = None

    @property
    def status(self) -> int:
        """The answer's status."""
        return self.answer.status


@dataclass(frozen=True, slots=True)
class Broken:
    """No whole answer; `status` is known where only the body was lost (0 else)."""

    method: str
    kind: Break
    detail: str
    status: int = 0


Exchange: TypeAlias = Exchanged | Broken


@dataclass(frozen=True, slots=True)
class Exchanger:
    """Makes exchanges over one session; `max_bytes` bounds a buffered answer, `ours` tells whose login it is."""

    session: ClientSession
    timeouts: Timeouts
    max_bytes: int
    ours: bool

    async def buffered(self, request: Request, remaining: float) -> Exchange:
        """Send, and read the whole answer, within `remaining` seconds."""
        status = 0
        try:
            async with self._send(request, remaining, bounded=True) as response:
                status = response.status
                body = await self._read(response)
                if body is None:
                    return Broken(request.method, Break.TOO_LARGE, f"an answer over {self.max_bytes} bytes", status)
                return Exchanged(request.method, Answer(status, downward(response.headers, ours=self.ours), body))
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return _broken(request.method, error, status)

    async def opened(self, request: Request, remaining: float) -> Exchange:
        """Send, and hand over the answer with its body unread; whoever takes it releases it."""
        try:
            response = await self._send(request, remaining, bounded=False)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return _broken(request.method, error, 0)
        head = Answer(response.status, downward(response.headers, ours=self.ours), b"")
        return Exchanged(request.method, head, response)

    def _send(self, request: Request, remaining: float, *, bounded: bool) -> "aiohttp.client._RequestContextManager":
        connect = min(self.timeouts.connection_timeout_seconds, remaining)
        read = min(self.timeouts.read_timeout_seconds, remaining)
        timeout = ClientTimeout(
            total=min(connect + read, remaining) if bounded else None,
            connect=connect,
            sock_connect=connect,
            sock_read=read,
        )
        return self.session.request(
            request.method,
            request.url,
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            timeout=timeout,
        )

    async def _read(self, response: ClientResponse) -> bytes | None:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self.max_bytes:
                return None
        return bytes(body)


def _broken(method: str, error: Exception, status: int) -> Broken:
    return Broken(method, _kind(error), _told(error), status)


def _kind(error: Exception) -> Break:
    match error:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | aiohttp.ClientProxyConnectionError():
            return Break.CONNECT
        case aiohttp.ClientConnectionResetError():
            return Break.RESET
        case asyncio.TimeoutError():
            return Break.TIMEOUT
        case aiohttp.ClientPayloadError():
            return Break.CUT
        case _:
            return Break.RESET


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
