"""`GET /api/v1/sla`: what is promised, how fast tickets were made, and which promises fall due."""

from aiohttp import web

from gateway.domain.call import Json, PlatformName
from gateway.policy.rules import Rules
from gateway.records.record import Creation, Promises, SlaFigures, UpstreamAnswers, Window
from gateway.sla.targets import AVAILABILITY_TARGET_SHARE, CREATION_TARGET_SECONDS, CREATION_TARGET_SHARE, SlaTargets
from gateway.web.api.documents.figures import SlaDocument
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_window
from gateway.web.api.instants import iso
from gateway.web.api.tickets import shown_ticket
from gateway.web.keys import CLOCK, CURRENT_RULES, REPORTS

DEFAULT_WINDOW_SECONDS = 30 * 24 * 3600.0

FILTERS = {
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "policy": Filter("policy"),
}

_MEANING = (
    "The window is widened to whole hours. Creation is measured by the gateway; p95_seconds is exact to a tenth. "
    "Response and resolution are known as far as answers and updates passed through the gateway, or polling saw them: "
    "a ticket that nobody has looked at counts as open, and its promise as breached once its due time has passed. "
    "Availability is the share of exchanges that an upstream answered with anything but a server error; a minute "
    "counts as answered when one exchange in it was. Calls that an open circuit kept from the upstream are "
    "in turned_away."
)


async def show_sla(request: web.Request) -> web.Response:
    """Targets and figures of the tickets accepted in a window, the last 30 days unless asked otherwise."""
    now = request.app[CLOCK]()
    asked = read_window(request.query, FILTERS, now)
    since = now - DEFAULT_WINDOW_SECONDS if asked.since is None else asked.since
    window = Window(asked.equal, since, now if asked.until is None else asked.until)
    rules = request.app[CURRENT_RULES]()
    figures = await request.app[REPORTS].sla(window)
    return web.json_response(
        {
            "window": {"since": iso(window.since), "until": iso(window.until)},
            "targets": _targets(rules),
            **_shown_figures(figures, now, rules),
            "meaning": _MEANING,
        }
    )


def _targets(rules: Rules) -> dict[str, Json]:
    return {
        "creation": {"seconds": CREATION_TARGET_SECONDS, "share": CREATION_TARGET_SHARE},
        "availability": {"share": AVAILABILITY_TARGET_SHARE},
        "policies": [_promised(policy.name.name, policy.sla) for policy in rules.policies if policy.sla],
    }


def _promised(policy: str, targets: SlaTargets) -> Json:
    return {
        "policy": policy,
        "response_seconds": dict(targets.response),
        "resolution_seconds": dict(targets.resolution),
        "calendar": targets.calendar.name or None,
    }


def _shown_figures(figures: SlaFigures, now: float, rules: Rules) -> dict[str, Json]:
    return {
        "creation": [_creation(creation) for creation in figures.creations],
        "response": _promises(figures.response),
        "resolution": _promises(figures.resolution),
        "availability": [_availability(each) for each in figures.availability],
        "due_soon": [shown_ticket(ticket, now, rules.calendars) for ticket in figures.due_soon],
        "breached": [shown_ticket(ticket, now, rules.calendars) for ticket in figures.breached],
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


def _availability(each: UpstreamAnswers) -> Json:
    share = each.answered / each.exchanges if each.exchanges else 0.0
    minutes = each.minutes_answered / each.minutes_asked if each.minutes_asked else None
    return {
        "upstream": each.upstream,
        "platform": each.platform,
        "exchanges": each.exchanges,
        "answered": each.answered,
        "turned_away": each.turned_away,
        "share": round(share, 4),
        "minutes_asked": each.minutes_asked,
        "minutes_answered": each.minutes_answered,
        "minutes_share": None if minutes is None else round(minutes, 4),
        "met": share >= AVAILABILITY_TARGET_SHARE,
    }


def _promises(promises: Promises) -> Json:
    attainment = promises.attainment
    return {
        "promised": promises.promised,
        "kept": promises.kept,
        "breached": promises.breached,
        "attainment": None if attainment is None else round(attainment, 4),
        "due_soon": promises.due_soon,
    }


ENDPOINTS = (
    Endpoint("GET", "/api/v1/sla", show_sla, {200: SlaDocument}, query=Query(FILTERS, listing=False), problems=(422,)),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
