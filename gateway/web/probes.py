"""Probes and metrics: whether the process lives, whether it takes calls, and how everything around it does."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.domain.call import Json
from gateway.domain.fault import Fault
from gateway.pipeline import strict_json
from gateway.policy.rules import Rules
from gateway.telemetry.last_seen import LastSeen, Sighting
from gateway.web.api.documents.health import HealthDocument
from gateway.web.api.endpoint import Endpoint, routes_of
from gateway.web.api.instants import iso
from gateway.web.keys import CURRENT_RULES, LAST_SEEN, LIFECYCLE, METRICS, UPSTREAMS, UpstreamInfo
from gateway.web.lifecycle import Lifecycle, Phase

__all__ = ["Lifecycle", "fault_documents", "routes"]

_UNCACHED: Final = {"Cache-Control": "no-store"}


async def livez(_request: web.Request) -> web.Response:
    """The event loop turns; nothing else is asked, so that no trouble outside gets the process killed."""
    return web.Response(text="ok\n", headers=_UNCACHED)


async def readyz(request: web.Request) -> web.Response:
    """False only while starting and draining: with a shared store, asking it would take out every replica at once."""
    phase = request.config_dict[LIFECYCLE].phase
    return web.Response(text=f"{phase}\n", status=200 if phase is Phase.SERVING else 503, headers=_UNCACHED)


async def healthz(request: web.Request) -> web.Response:
    """Always 200: `status` says whether something wants a look, the rest says what."""
    known = request.config_dict
    seen, rules = known[LAST_SEEN], known[CURRENT_RULES]()
    fine = seen.store is None and not rules.faults
    told: dict[str, Json] = {
        "status": "ok" if fine else "degraded",
        "phase": known[LIFECYCLE].phase,
        "store": _store(seen),
        "upstreams": _upstreams(known[UPSTREAMS], seen),
        "rules": _rules(rules),
    }
    return web.Response(body=strict_json.write(told), content_type="application/json", headers=_UNCACHED)


async def metrics(request: web.Request) -> web.Response:
    """Prometheus text, or OpenMetrics for who asks for it."""
    body, content_type = request.config_dict[METRICS].exposition(request.headers.get("Accept", ""))
    return web.Response(body=body, headers={"Content-Type": content_type, **_UNCACHED})


def fault_documents(faults: tuple[Fault, ...]) -> list[Json]:
    """The faults of the last edit, as the API tells them everywhere."""
    return [
        {"file": fault.file, "line": fault.line, "pointer": fault.pointer, "message": fault.message} for fault in faults
    ]


def _store(seen: LastSeen) -> dict[str, Json]:
    if seen.store is None:
        return {"state": "ok"}
    return {"state": "failing", "failed_at": iso(seen.store.at), "detail": seen.store.detail}


def _upstreams(upstreams: Mapping[str, UpstreamInfo], seen: LastSeen) -> dict[str, Json]:
    return {name: _upstream(info, seen.upstreams.get(name, Sighting())) for name, info in upstreams.items()}


def _upstream(info: UpstreamInfo, sighting: Sighting) -> dict[str, Json]:
    return {
        "platform": info.platform,
        "last_answer_at": iso(sighting.answered_at),
        "last_failure_at": iso(sighting.failed_at),
        "last_failure": sighting.failure,
    }


def _rules(rules: Rules) -> dict[str, Json]:
    return {"version": rules.version, "policies": len(rules.policies), "faults": fault_documents(rules.faults)}


ENDPOINTS: Final = (
    Endpoint("GET", "/livez", livez, {200: str}, media_type="text/plain"),
    Endpoint("GET", "/readyz", readyz, {200: str, 503: str}, media_type="text/plain"),
    Endpoint("GET", "/healthz", healthz, {200: HealthDocument}),
    Endpoint("GET", "/metrics", metrics, {200: str}, media_type="text/plain"),
)


def routes() -> list[web.RouteDef]:
    """The four paths, for the API listener and for one of their own."""
    return routes_of(ENDPOINTS)
