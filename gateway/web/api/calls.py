"""`GET /api/v1/calls` and `/api/v1/calls/{id}`: every call that went through the gateway, and one call's story."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.domain.call import Operation, PlatformName
from gateway.domain.outcome import OutcomeKind
from gateway.platforms.registry import PLATFORMS
from gateway.records.listing import ANY_NAME, EITHER_NAME
from gateway.records.record import CallRecord, CallStory
from gateway.records.state import State
from gateway.web.api.answering import answer
from gateway.web.api.call_changes import KeptBody, changes_of, filled_by_policy
from gateway.web.api.documents.calls import CallDocument, CallPage, CallStoryDocument
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import ANY_NAME_SAYS, Filter, read_listing
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
    "client": Filter("client"),
    "job_id": Filter("job_id"),
    "ticket": Filter(EITHER_NAME, says="A ticket's id or key."),
    "text": Filter(ANY_NAME, says=ANY_NAME_SAYS),
}


async def list_calls(request: web.Request) -> web.Response:
    """A page of calls, the latest first.

    Where few fit the filters, it looks at so many calls and no more: `looked_until` then says how far, and the page
    that `next` leads to goes on from there.
    """
    asked = read_listing(request.query, FILTERS, request.app[CLOCK]())
    page = await request.app[REPORTS].calls(asked.window, asked.limit, asked.after)
    return page_response(request, page, shown_call, looked_until=iso(page.paused.at) if page.paused else None)


async def show_call(request: web.Request) -> web.Response:
    """One call with its attempts, violations and events."""
    call_id = request.match_info["id"]
    story = await request.app[REPORTS].call(call_id)
    if story is None:
        raise unknown("call", call_id, "GET /api/v1/calls")
    stored = await request.app[REPORTS].kept(call_id)
    return answer(_shown_story(story, KeptBody.of(stored, PLATFORMS[stored.call.platform]) if stored else None))


def shown_call(call: CallRecord) -> CallDocument:
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
        "received_at": iso(call.received_at),
        "last_sent_at": iso(call.last_sent_at),
        "ended_at": iso(call.ended_at),
        "settled_at": iso(call.settled_at),
        "duration_seconds": None if call.ended_at is None else round(call.ended_at - call.received_at, 6),
    }


def _shown_story(story: CallStory, kept: KeptBody | None) -> CallStoryDocument:
    return {
        **shown_call(story.call),
        "changes": changes_of(story, kept),
        "request": kept.as_received(filled_by_policy(story)) if kept else None,
        "attempts": [_with_iso(attempt, "started_at") for attempt in story.attempts],
        "violations": [_as_written(violation) for violation in story.violations],
        "problem": _as_written(story.problem) if story.problem else None,
        "events": [_with_iso(event, "at") for event in story.events],
    }


def _as_written(given: Mapping[str, Any]) -> Any:
    """A part of the details as the journal wrote it: the database does not type what is in it."""
    return dict(given)


def _with_iso(given: Mapping[str, Any], instant: str) -> Any:
    return _as_written(given) | {instant: iso(given[instant])}


ENDPOINTS = (
    Endpoint("GET", "/api/v1/calls", list_calls, {200: CallPage}, query=Query(FILTERS), problems=(422,)),
    Endpoint("GET", "/api/v1/calls/{id}", show_call, {200: CallStoryDocument}, problems=(404,)),
)


def routes() -> list[web.RouteDef]:
    """The two addresses."""
    return routes_of(ENDPOINTS)
