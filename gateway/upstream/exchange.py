"""One HTTP exchange with the upstream: an answer, or how it broke."""

import asyncio
import time
from collections.abc import AsyncIterable
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import TypeAlias

import aiohttp
from aiohttp import ClientResponse, ClientSession, ClientTimeout, TraceConfig
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


@dataclass(slots=True)
class Departure:
    """When a request got a connection to leave on (monotonic seconds); while it has none, nothing was sent."""

    at: float | None = None


def departures() -> TraceConfig:
    """Tells a session to stamp the `Departure` of each of its requests."""
    tracing = TraceConfig()
    tracing.on_connection_create_end.append(_depart)
    tracing.on_connection_reuseconn.append(_depart)
    return tracing


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Broken:
    """No whole answer; `status` is known where only the body was lost (0 else), `departed_at` where any was sent."""

    method: str
    kind: Break
    detail: str
    status: int = 0
    departed_at: float | None = None


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
        status, departure = 0, Departure()
        try:
            async with self._send(request, remaining, departure, bounded=True) as response:
                status = response.status
                body = await self._read(response)
                if body is None:
                    detail = f"an answer over {self.max_bytes} bytes"
                    return Broken(request.method, Break.TOO_LARGE, detail, status, departure.at)
                answer = Answer(status, downward(response.headers, ours=self.ours), body)
                return Exchanged(request.method, answer, departed_at=departure.at)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return _broken(request.method, error, departure, status)

    async def opened(self, request: Request, remaining: float) -> Exchange:
        """Send, and hand over the answer with its body unread; whoever takes it releases it."""
        departure = Departure()
        try:
            response = await self._send(request, remaining, departure, bounded=False)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return _broken(request.method, error, departure)
        head = Answer(response.status, downward(response.headers, ours=self.ours), b"")
        return Exchanged(request.method, head, response, departure.at)

    def _send(
        self, request: Request, remaining: float, departure: Departure, *, bounded: bool
    ) -> "aiohttp.client._RequestContextManager":
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
            trace_request_ctx=departure,
        )

    async def _read(self, response: ClientResponse) -> bytes | None:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self.max_bytes:
                return None
        return bytes(body)


async def _depart(_session: ClientSession, context: SimpleNamespace, _params: object) -> None:
    context.trace_request_ctx.at = time.monotonic()


def _broken(method: str, error: Exception, departure: Departure, status: int = 0) -> Broken:
    kind = Break.CONNECT if departure.at is None else _kind(error)
    return Broken(method, kind, str(error) or type(error).__name__, status, departure.at)


def _kind(error: Exception) -> Break:
    match error:
        case asyncio.TimeoutError():
            return Break.TIMEOUT
        case aiohttp.ClientPayloadError():
            return Break.CUT
        case _:
            return Break.RESET
