"""`GET /api/v1/calls` and `/api/v1/calls/{id}`: every call that went through the gateway, and one call's story."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.domain.call import Json, Operation, PlatformName
from gateway.domain.outcome import OutcomeKind
from gateway.records.listing import EITHER_NAME
from gateway.records.record import CallRecord, CallStory
from gateway.records.state import State
from gateway.web.api.filters import Filter, read_listing
from gateway.web.api.instants import iso
from gateway.web.api.not_possible import unknown
from gateway.web.api.paging import page_response
from gateway.web.keys import CLOCK, REPORTS

FILTERS = {
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "outcome": Filter("kind", tuple(OutcomeKind)),
    "state": Filter("state", tuple(State)),
    "operation": Filter("operation", tuple(Operation)),
    "policy": Filter("policy"),
    "template": Filter("template"),
    "source": Filter("source", ("proxy", "template")),
    "job_id": Filter("job_id"),
    "ticket": Filter(EITHER_NAME),
}


def routes() -> list[web.RouteDef]:
    """The two addresses."""
    return [web.get("/api/v1/calls", list_calls), web.get("/api/v1/calls/{id}", show_call)]


async def list_calls(request: web.Request) -> web.Response:
    """A page of calls, the latest first."""
    asked = read_listing(request.query, FILTERS, request.app[CLOCK]())
    page = await request.app[REPORTS].calls(asked.window, asked.limit, asked.after)
    return page_response(request, page, shown_call)


async def show_call(request: web.Request) -> web.Response:
    """One call with its attempts, violations and events."""
    call_id = request.match_info["id"]
    story = await request.app[REPORTS].call(call_id)
    if story is None:
        raise unknown("call", call_id, "GET /api/v1/calls")
    return web.json_response(_shown_story(story))


def shown_call(call: CallRecord) -> dict[str, Json]:
    """A call as the API shows it; `outcome` is null while it is under way."""
    return {
        "id": call.id,
        "upstream": call.upstream,
        "platform": call.platform,
        "operation": call.operation,
        "method": call.method,
        "target": call.target,
        "resource": call.resource,
        "policy": {"name": call.policy, "version": call.policy_version} if call.policy else None,
        "template": call.template,
        "source": call.source,
        "state": call.state,
        "outcome": call.kind,
        "status": call.status,
        "attempt_count": call.attempts,
        "violation_count": call.violations,
        "job_id": call.job_id,
        "client": call.client,
        "ticket": {"id": call.ticket_id, "key": call.ticket_key} if call.ticket_id or call.ticket_key else None,
        "fenced": call.fenced,
        **_instants(call),
    }


def _instants(call: CallRecord) -> dict[str, Json]:
    return {
        "received_at": iso(call.received_at),
        "last_sent_at": iso(call.last_sent_at),
        "ended_at": iso(call.ended_at),
        "settled_at": iso(call.settled_at),
        "duration_seconds": None if call.ended_at is None else round(call.ended_at - call.received_at, 6),
    }


def _shown_story(story: CallStory) -> dict[str, Json]:
    return {
        **shown_call(story.call),
        "attempts": [_with_iso(attempt, "started_at") for attempt in story.attempts],
        "violations": [dict(violation) for violation in story.violations],
        "problem": dict(story.problem) if story.problem else None,
        "events": [_with_iso(event, "at") for event in story.events],
    }


def _with_iso(given: Mapping[str, Any], instant: str) -> dict[str, Json]:
    return {**given, instant: iso(given[instant])}
