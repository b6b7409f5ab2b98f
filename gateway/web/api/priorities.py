"""`GET /api/v1/sla/priorities`: how promises were kept, by priority and day."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby

from aiohttp import web

from gateway.domain.call import Json
from gateway.records.record import PriorityDay, Window
from gateway.records.sums import DAY
from gateway.web.api.documents.figures import PrioritiesDocument
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import read_window
from gateway.web.api.instants import iso
from gateway.web.api.sla import DEFAULT_WINDOW_SECONDS, FILTERS
from gateway.web.keys import CLOCK, REPORTS


async def show_priorities(request: web.Request) -> web.Response:
    """Promises kept and broken by priority and day of acceptance (UTC), the last 30 days unless asked otherwise."""
    now = request.app[CLOCK]()
    asked = read_window(request.query, FILTERS, now)
    until = now if asked.until is None else asked.until
    since = until - DEFAULT_WINDOW_SECONDS if asked.since is None else asked.since
    since = since // DAY * DAY
    days = await request.app[REPORTS].priorities(Window(asked.equal, since, until))
    shown: list[Json] = [{"day": _day(each.day), **_shown(each.priority, [each])} for each in days]
    return web.json_response(
        {"window": {"since": iso(since), "until": iso(until)}, "priorities": _whole_window(days), "days": shown}
    )


def _whole_window(days: Iterable[PriorityDay]) -> list[Json]:
    by_priority = groupby(sorted(days, key=lambda each: each.priority), key=lambda each: each.priority)
    return [_shown(priority, list(its)) for priority, its in by_priority]


def _shown(priority: str, days: list[PriorityDay]) -> dict[str, Json]:
    return {
        "priority": priority or None,
        "response": _decided(sum(each.response_kept for each in days), sum(each.response_breached for each in days)),
        "resolution": _decided(
            sum(each.resolution_kept for each in days), sum(each.resolution_breached for each in days)
        ),
    }


def _decided(kept: int, breached: int) -> Json:
    decided = kept + breached
    return {"kept": kept, "breached": breached, "attainment": round(kept / decided, 4) if decided else None}


def _day(number: int) -> str:
    return datetime.fromtimestamp(number * DAY, UTC).date().isoformat()


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/sla/priorities",
        show_priorities,
        {200: PrioritiesDocument},
        query=Query(FILTERS, listing=False),
        problems=(422,),
    ),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
