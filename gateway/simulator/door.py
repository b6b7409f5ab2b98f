"""The one aiohttp door of a simulated instance: read the request, let it meet the simulation, act the ending out."""

import asyncio
from contextlib import suppress

from aiohttp import web

from gateway.simulator.control import CONTROL_PREFIX, control_app
from gateway.simulator.faults import Ending
from gateway.simulator.messages import Answer, Request
from gateway.simulator.simulation import Simulation

_MAX_BODY_BYTES = 64 * 1024 * 1024
_AS_RECEIVED = {"auto_decompress": False}
_CLOSING = web.AppKey("closing", asyncio.Event)


def open_app(simulation: Simulation, public_url: str | None = None) -> web.Application:
    """A fresh app over the simulation's state, as after a restart of the platform."""

    async def door(request: web.Request) -> web.StreamResponse:
        encounter = simulation.meet(await _read(request, public_url))
        fault = encounter.fault
        if fault and fault.wait_seconds:
            await _pause(fault.wait_seconds, request.app[_CLOSING])
        return await _act_out(fault.ending if fault else Ending.ANSWER, encounter.answer, request)

    app = web.Application(client_max_size=_MAX_BODY_BYTES, handler_args=_AS_RECEIVED)
    app[_CLOSING] = asyncio.Event()
    app.on_shutdown.append(_release_the_silent)
    app.add_subapp(CONTROL_PREFIX, control_app(simulation))
    app.router.add_route("*", "/{target:.*}", door)
    return app


async def _pause(seconds: float, closing: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await closing.wait()


async def _read(request: web.Request, public_url: str | None) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers)
    origin = (public_url or f"{request.scheme}://{request.host}").rstrip("/")
    return Request(request.method, request.raw_path, headers, await request.read(), origin)


async def _act_out(ending: Ending, answer: Answer, request: web.Request) -> web.StreamResponse:
    match ending:
        case Ending.ANSWER:
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        case Ending.CUT:
            return await _cut(answer, request)
        case Ending.SILENCE:
            await request.app[_CLOSING].wait()
            return _abort(request)
        case Ending.RESET:
            return _abort(request)


async def _cut(answer: Answer, request: web.Request) -> web.StreamResponse:
    body = answer.body or b"{}"
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _abort(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _release_the_silent(app: web.Application) -> None:
    app[_CLOSING].set()
