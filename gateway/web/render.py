"""Answers as aiohttp sends them: nothing is added that the upstream did not say."""

import asyncio
import math
import time
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from multidict import CIMultiDict

from gateway.domain.call import Headers
from gateway.pipeline.respond import Reply
from gateway.platforms.retry_after import named_delay
from gateway.upstream.headers import local_cookie
from gateway.upstream.links import Links, is_json

PIECE_BYTES: Final = 128 * 1024
SLOWEST_READER_SECONDS: Final = 30.0
"""A client that takes in less than a piece in this time is not there any more, or means harm."""


class _Verbatim(web.StreamResponse):
    """aiohttp names itself as the server and gives every body a type; what the upstream left out stays out."""

    async def _prepare_headers(self) -> None:
        unsaid = [name for name in (hdrs.SERVER, hdrs.CONTENT_TYPE) if name not in self.headers]
        await super()._prepare_headers()
        for name in unsaid:
            self.headers.popall(name, None)

    async def hand_over(self, piece: bytes) -> None:
        """Write; raises ConnectionError where the client has not read enough of it for too long, and hangs up on it."""
        request = self._req
        try:
            async with asyncio.timeout(SLOWEST_READER_SECONDS):
                await self.write(piece)
        except TimeoutError as error:
            if request is not None and request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError("the client does not read its answer") from error


class Whole(_Verbatim, web.Response):
    """An answer whose body is known; a large one goes piece by piece: a client that stops reading is noticed."""

    async def write_eof(self, data: bytes = b"") -> None:
        """Write what is left of it."""
        body = self.body
        if isinstance(body, bytes) and len(body) > PIECE_BYTES and not self._must_be_empty_body:
            self.body = None
            for start in range(0, len(body), PIECE_BYTES):
                await self.hand_over(body[start : start + PIECE_BYTES])
        await super().write_eof(data)


class Streamed(_Verbatim):
    """An answer whose body passes in chunks."""


def render(reply: Reply, links: Links, gateway_base: str) -> web.Response:
    """A reply of the pipeline, its API links leading back through the gateway."""
    answer = reply.answer
    if reply.ours:
        headers = _merged(answer.headers, reply.headers)
        return Whole(status=answer.status, reason=reply.reason, headers=headers, body=answer.body)
    body = answer.body
    if is_json(answer.header("content-type"), answer.header("content-encoding")):
        body = links.in_body(body, gateway_base)
    headers = passed(answer.headers, links, gateway_base, reply.headers)
    return Whole(status=answer.status, headers=headers, body=body)


def passed(headers: Headers, links: Links, gateway_base: str, ours: Headers) -> CIMultiDict[str]:
    """The upstream's headers for the client of this address, and the gateway's own behind them."""
    merged = _merged(links.in_headers(headers, gateway_base), ours)
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
    return method != "HEAD" and status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


def _merged(theirs: Headers, ours: Headers) -> CIMultiDict[str]:
    """Nobody but the gateway speaks in `ITSM-` headers."""
    merged: CIMultiDict[str] = CIMultiDict(
        (name, value) for name, value in theirs if not name.lower().startswith("itsm-")
    )
    for name, value in ours:
        merged.add(name, value)
    return merged
