"""`GET /api/v1/sla`: what is promised, how fast tickets were made, and which promises fall due."""

from aiohttp import web

from gateway.domain.call import Json, PlatformName
from gateway.policy.rules import Rules
from gateway.records.record import Creation, Promises, SlaFigures, Window
from gateway.sla.targets import SlaTargets
from gateway.web.api.documents.figures import SlaDocument
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_window
from gateway.web.api.instants import iso
from gateway.web.api.tickets import shown_ticket
from gateway.web.keys import CLOCK, CURRENT_RULES, REPORTS

CREATION_TARGET_SECONDS = 2.0
CREATION_TARGET_SHARE = 0.95
"""The specification's objective: 95 of 100 tickets are made within two seconds, retries included."""

DEFAULT_WINDOW_SECONDS = 30 * 24 * 3600.0

FILTERS = {
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "policy": Filter("policy"),
}

_MEANING = (
    "Creation is measured by the gateway. Response and resolution are told by their due times only: "
    "whether a person answered or resolved a ticket in time is not known here, so due_passed is no proof of a breach."
)


async def show_sla(request: web.Request) -> web.Response:
    """Targets and figures of the tickets accepted in a window, the last 30 days unless asked otherwise."""
    now = request.app[CLOCK]()
    asked = read_window(request.query, FILTERS, now)
    since = now - DEFAULT_WINDOW_SECONDS if asked.since is None else asked.since
    window = Window(asked.equal, since, now if asked.until is None else asked.until)
    figures = await request.app[REPORTS].sla(window, now, CREATION_TARGET_SECONDS)
    return web.json_response(
        {
            "window": {"since": iso(window.since), "until": iso(window.until)},
            "targets": _targets(request.app[CURRENT_RULES]()),
            **_shown_figures(figures, now),
            "meaning": _MEANING,
        }
    )


def _targets(rules: Rules) -> dict[str, Json]:
    return {
        "creation": {"seconds": CREATION_TARGET_SECONDS, "share": CREATION_TARGET_SHARE},
        "policies": [_promised(policy.name.name, policy.sla) for policy in rules.policies if policy.sla],
    }


def _promised(policy: str, targets: SlaTargets) -> Json:
    return {
        "policy": policy,
        "response_seconds": dict(targets.response),
        "resolution_seconds": dict(targets.resolution),
        "calendar": targets.calendar.name or None,
    }


def _shown_figures(figures: SlaFigures, now: float) -> dict[str, Json]:
    return {
        "creation": [_creation(creation) for creation in figures.creations],
        "response": _promises(figures.response),
        "resolution": _promises(figures.resolution),
        "due_soon": [shown_ticket(ticket, now) for ticket in figures.due_soon],
    }


def _creation(creation: Creation) -> Json:
    share = creation.within_target / creation.tickets
    return {
        "platform": creation.platform,
        "tickets": creation.tickets,
        "within_target": creation.within_target,
        "share": round(share, 4),
        "p95_seconds": round(creation.p95_seconds, 6),
        "met": share >= CREATION_TARGET_SHARE,
    }


def _promises(promises: Promises) -> Json:
    return {"promised": promises.promised, "due_passed": promises.due_passed, "due_soon": promises.due_soon}


ENDPOINTS = (
    Endpoint("GET", "/api/v1/sla", show_sla, {200: SlaDocument}, query=Query(FILTERS, listing=False), problems=(422,)),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
