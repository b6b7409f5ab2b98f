"""`GET /api/v1/activity`: whether tickets get through, step by step over a window."""

from typing import Final

from aiohttp import web

from gateway.domain.call import Json, PlatformName
from gateway.records.activity import Bucket
from gateway.records.record import Window
from gateway.web.api.documents.figures import ActivityDocument
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_window
from gateway.web.api.instants import iso
from gateway.web.keys import CLOCK, REPORTS

DEFAULT_WINDOW_SECONDS: Final = 24 * 3600.0
MOST_BUCKETS: Final = 60
STEPS: Final = (10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 7 * 24 * 3600)
"""Seconds; the first that needs no more than the most buckets is taken, and buckets begin at whole steps."""

FILTERS: Final = {
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "policy": Filter("policy"),
}


async def show_activity(request: web.Request) -> web.Response:
    """Creates by outcome in the last day, unless asked otherwise; a step without a create is left out."""
    now = request.app[CLOCK]()
    asked = read_window(request.query, FILTERS, now)
    until = now if asked.until is None else asked.until
    since = until - DEFAULT_WINDOW_SECONDS if asked.since is None else asked.since
    step = _step(until - since)
    begin = since - since % step
    buckets = await request.app[REPORTS].activity(Window(asked.equal, begin, until), step)
    shown: list[Json] = [_shown(bucket, begin, step) for bucket in buckets]
    return web.json_response(
        {"window": {"since": iso(begin), "until": iso(until)}, "step_seconds": step, "buckets": shown}
    )


def _step(length: float) -> int:
    return next((step for step in STEPS if length / step <= MOST_BUCKETS), STEPS[-1])


def _shown(bucket: Bucket, begin: float, step: int) -> Json:
    return {
        "at": iso(begin + bucket.number * step),
        "outcomes": dict(bucket.outcomes),
        "retried": bucket.retried,
        "mean_seconds": _rounded(bucket.mean_seconds),
        "slowest_seconds": _rounded(bucket.slowest_seconds),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/activity",
        show_activity,
        {200: ActivityDocument},
        query=Query(FILTERS, listing=False),
        problems=(422,),
    ),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
