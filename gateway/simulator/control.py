"""The control API under `/__simulator__/`, never in the ledger: other processes script faults and read along."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.simulator.fault_script import ScriptError, apply_script
from gateway.simulator.ledger import Exchange
from gateway.simulator.plan import FaultPlan
from gateway.simulator.simulation import Simulation

CONTROL_PREFIX = "/__simulator__"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def control_app(simulation: Simulation) -> web.Application:
    """The small app behind the prefix."""

    async def ledger(_request: web.Request) -> web.Response:
        return web.json_response({"exchanges": [_shown(exchange) for exchange in simulation.ledger]})

    async def tickets(_request: web.Request) -> web.Response:
        return web.json_response({"tickets": simulation.tickets()})

    async def add_faults(request: web.Request) -> web.Response:
        return _scripted(await request.read(), simulation.faults)

    async def clear_faults(_request: web.Request) -> web.Response:
        simulation.faults.clear()
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/ledger", ledger)
    app.router.add_get("/tickets", tickets)
    app.router.add_post("/faults", add_faults)
    app.router.add_delete("/faults", clear_faults)
    return app


def _scripted(body: bytes, plan: FaultPlan) -> web.Response:
    try:
        added = apply_script(json.loads(body), plan)
    except ScriptError as error:
        return web.json_response({"error": str(error)}, status=400)
    except ValueError as error:
        return web.json_response({"error": f"the body is not JSON: {error}"}, status=400)
    return web.json_response({"added": added}, status=201)


def _shown(exchange: Exchange) -> dict[str, object]:
    return {
        "number": exchange.number,
        "at": exchange.at.isoformat(),
        "kind": exchange.kind,
        "method": exchange.method,
        "target": exchange.target,
        "headers": [list(pair) for pair in exchange.headers],
        "body": exchange.body.decode("utf-8", "replace"),
        "fault": exchange.fault.kind if exchange.fault else None,
        "ticket": exchange.ticket,
        "status": exchange.status,
    }
