"""`GET /api/v1/events`: what happens now, as server-sent events."""

import asyncio
from typing import Final

from aiohttp import hdrs, web

from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.telemetry.broadcast import MOST_LISTENERS, Broadcast, Happening, Listener, TooManyListeners
from gateway.web.api.endpoint import Endpoint
from gateway.web.api.headers import STREAM_TAKES
from gateway.web.keys import BROADCAST

HEARTBEAT_SECONDS: Final = 15.0
"""Proxies between cut connections that say nothing for longer; it also finds out who has left."""

SLOWEST_SECONDS: Final = 10.0
"""So long an event may take to be written before the listener counts as gone."""

_HEADERS: Final = {
    hdrs.CONTENT_TYPE: "text/event-stream",
    hdrs.CACHE_CONTROL: "no-store",
    "X-Accel-Buffering": "no",
}
_BEGIN: Final = b"retry: 3000\n\n"
_STILL_THERE: Final = b": still there\n\n"


async def stream_events(request: web.Request) -> web.StreamResponse:
    """What happens from now on, as server-sent events: `call`, `settled`, `rules`, `store`.

    With `Last-Event-ID` it goes on after that event; where that is not possible, `missed` says so and whoever shows
    lists asks for them anew. A listener that is too slow is told `dropped` and let go; it may come back.
    """
    broadcast = request.app[BROADCAST]
    listener = _listener(broadcast, request.headers.get("Last-Event-ID", ""))
    response = web.StreamResponse(headers=_HEADERS)
    try:
        await response.prepare(request)
        await _stream(response, listener)
    except (ConnectionError, TimeoutError):
        request.protocol.force_close()
    finally:
        broadcast.leave(listener)
    return response


async def end_streams(app: web.Application) -> None:
    """At shutdown nobody is waited for who only looks on."""
    app[BROADCAST].close()


def _listener(broadcast: Broadcast, last_id: str) -> Listener:
    try:
        return broadcast.listen(last_id)
    except TooManyListeners as error:
        detail = f"{MOST_LISTENERS} listeners look on already; ask GET /api/v1/calls from time to time instead"
        raise RequestError(Problem(ProblemType.TOO_MANY_LISTENERS, 503, detail, retry_after=10)) from error


async def _stream(response: web.StreamResponse, listener: Listener) -> None:
    await _write(response, _BEGIN + (_event("missed", "{}") if listener.missed else b""))
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                happening = await listener.next()
        except TimeoutError:
            await _write(response, _STILL_THERE)
            continue
        if happening is None:
            break
        await _write(response, _told(happening))
    await _write(response, _event("dropped", "{}") if listener.dropped else _event("closed", "{}"))


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    async with asyncio.timeout(SLOWEST_SECONDS):
        await response.write(chunk)


def _told(happening: Happening) -> bytes:
    return f"id: {happening.id}\n".encode() + _event(happening.name, happening.data)


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/events",
        stream_events,
        {200: str},
        problems=(503,),
        media_type="text/event-stream",
        takes_headers=STREAM_TAKES,
    ),
)


def routes() -> list[web.RouteDef]:
    """The one address; HEAD would wait for the end of what has none."""
    return [web.get("/api/v1/events", stream_events, allow_head=False)]
