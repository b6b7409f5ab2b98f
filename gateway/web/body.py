"""Reading a request's body: bounded in bytes and in time, or streamed past."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

from aiohttp import StreamReader, web

from gateway.domain.problem import Problem, ProblemType, RequestError

SLOWEST_SECONDS: Final = 30.0
"""A buffered body must be here by then; a streamed one must not pause longer."""

SMALL_BYTES: Final = 64 * 1024
"""Up to here a body is read in one piece even where nothing looks at it: it is cheaper, and can be sent again."""


BODYLESS: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
"""Methods whose bodies mean nothing; some clients send small ones all the same."""

MOST_OF_BODYLESS: Final = 1024 * 1024

LEAST_BYTES: Final = 16 * 1024
"""What a streamed body must bring in each `SLOWEST_SECONDS`, so that nobody holds an upstream by dribbling."""


class ClientGone(Exception):
    """The client hung up before its request was whole; there is nobody to answer."""


async def read_body(request: web.BaseRequest, limit: int) -> bytes:
    """The whole body; raises RequestError (408, 413) and ClientGone."""
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    _invite(request)
    content = request.content
    try:
        body = content.read_nowait() if content.is_eof() else await _gathered(content, limit)
    except TimeoutError as error:
        raise _too_slow() from error
    except (ConnectionError, web.PayloadAccessError, asyncio.IncompleteReadError) as error:
        raise ClientGone from error
    if len(body) > limit:
        raise _too_large(limit)
    return body


async def stream_body(request: web.BaseRequest) -> AsyncIterator[bytes]:
    """The body in the chunks it comes in; raises RequestError (408) and ClientGone."""
    _invite(request)
    try:
        while chunk := await _in_time(request.content):
            yield chunk
    except TimeoutError as error:
        raise _too_slow() from error
    except (ConnectionError, web.PayloadAccessError, asyncio.IncompleteReadError) as error:
        raise ClientGone from error


async def _gathered(content: StreamReader, limit: int) -> bytes:
    """A body that did not come with the head, as small ones do; at most a little over the limit."""
    body = bytearray()
    async with asyncio.timeout(SLOWEST_SECONDS):
        while len(body) <= limit and (chunk := await content.readany()):
            body += chunk
    return bytes(body)


class Upload:
    """A body that streams past; `failure` is why it ended early, for the upstream's side cannot tell."""

    def __init__(self, request: web.BaseRequest) -> None:
        self._request = request
        self.failure: RequestError | ClientGone | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in the chunks it comes in."""
        try:
            async for chunk in stream_body(self._request):
                yield chunk
        except (RequestError, ClientGone) as error:
            self.failure = error
            raise


async def _in_time(content: StreamReader) -> bytes:
    """What is there; of a dribble, enough to be worth sending. Empty at the end."""
    gathered = bytearray()
    async with asyncio.timeout(SLOWEST_SECONDS):
        while len(gathered) < LEAST_BYTES and (chunk := await content.readany()):
            gathered += chunk
    return bytes(gathered)


def _invite(request: web.BaseRequest) -> None:
    """A client that waits for `100 Continue` before its body is answered here; the expectation is not passed on."""
    if "Expect" in request.headers and request.transport is not None:  # no other expectation is let in
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _too_large(limit: int) -> RequestError:
    detail = f"the body is over {limit:,} bytes; raise limits.max_body_bytes if such tickets are wanted"
    return RequestError(Problem(ProblemType.TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail))


def too_large_for(method: str) -> RequestError:
    """A body that no server would look at."""
    detail = f"a {method} with a body over {MOST_OF_BODYLESS:,} bytes is not passed on"
    return RequestError(Problem(ProblemType.TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail))


def _too_slow() -> RequestError:
    detail = f"the body did not arrive within {SLOWEST_SECONDS:.0f} seconds; nothing was sent"
    return RequestError(Problem(ProblemType.MALFORMED_REQUEST, HTTPStatus.REQUEST_TIMEOUT, detail))
