"""`/api/v1/outbox`: calls that wait for their upstream, dead letters, and what people do about them."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from gateway.domain.call import Operation, PlatformName
from gateway.domain.outcome import OutcomeKind
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.records.listing import ANY_NAME
from gateway.records.record import WaitingRecord
from gateway.records.state import NOT_DONE_STATES, State
from gateway.web.api.answering import answer
from gateway.web.api.documents.outbox import ActedDocument, WaitingDocument, WaitingPage
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import ANY_NAME_SAYS, Filter, read_listing
from gateway.web.api.instants import iso
from gateway.web.api.not_possible import unknown, wrong_state
from gateway.web.api.paging import page_response
from gateway.web.keys import ACTOR, CLOCK, DESK, REPORTS, UPSTREAMS

_LOG: Final = logging.getLogger(__name__)

FILTERS = {
    "state": Filter("state", NOT_DONE_STATES),
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "outcome": Filter("kind", tuple(OutcomeKind)),
    "operation": Filter("operation", tuple(Operation)),
    "policy": Filter("policy"),
    "template": Filter("template"),
    "source": Filter("source", ("proxy", "template")),
    "client": Filter("client"),
    "job_id": Filter("job_id"),
    "text": Filter(ANY_NAME, says=ANY_NAME_SAYS),
}


async def list_outbox(request: web.Request) -> web.Response:
    """A page of calls that are not done, the latest received first."""
    asked = read_listing(request.query, FILTERS, request.app[CLOCK]())
    page = await request.app[REPORTS].outbox(asked.window, asked.limit, asked.after)
    return page_response(request, page, shown_waiting)


async def show_waiting(request: web.Request) -> web.Response:
    """One call that is not done."""
    return answer(shown_waiting(await _waiting(request)))


async def replay(request: web.Request) -> web.Response:
    """Let a dead letter be delivered, as soon as possible."""
    actor, waiting = request[ACTOR].name, await _waiting(request)
    if waiting.state != State.DEAD:
        raise wrong_state(f"the call is {waiting.state}, no dead letter: the gateway still works on it by itself")
    _refuse_undeliverable(request, waiting)
    return await _acted(request, request.app[DESK].replay, actor, "call replayed")


async def discard(request: web.Request) -> web.Response:
    """Send nothing more for a call, and ask no more about it."""
    actor = request[ACTOR].name
    await _waiting(request)
    return await _acted(request, request.app[DESK].discard, actor, "call discarded")


def shown_waiting(waiting: WaitingRecord) -> WaitingDocument:
    """A waiting call as the API shows it."""
    return {
        "id": waiting.id,
        "upstream": waiting.upstream,
        "platform": waiting.platform,
        "operation": waiting.operation,
        "resource": waiting.resource,
        "policy": waiting.policy,
        "template": waiting.template,
        "source": waiting.source,
        "state": waiting.state,
        "outcome": waiting.kind,
        "attempt_count": waiting.attempts,
        "tries": waiting.tries or 0,
        "rank": waiting.rank,
        "job_id": waiting.job_id,
        "client": waiting.client,
        "fenced": waiting.fenced,
        "evidence": waiting.evidence,
        "received_at": iso(waiting.received_at),
        "last_sent_at": iso(waiting.last_sent_at),
        "next_try_at": iso(waiting.next_try_at),
        "absent_from": iso(waiting.absent_from),
        "settled_at": iso(waiting.settled_at),
    }


async def _waiting(request: web.Request) -> WaitingRecord:
    call_id = request.match_info["id"]
    waiting = await request.app[REPORTS].waiting(call_id)
    if waiting is not None:
        return waiting
    if await request.app[REPORTS].call(call_id) is not None:
        raise wrong_state(f"the call does not wait: GET /api/v1/calls/{call_id} tells how it stands")
    raise unknown("call", call_id, "GET /api/v1/outbox")


def _refuse_undeliverable(request: web.Request, waiting: WaitingRecord) -> None:
    """What is replayed is delivered when nobody waits for it, so the gateway itself must be able to log in."""
    upstream = request.app[UPSTREAMS].get(waiting.upstream)
    if upstream is None:
        raise wrong_state(
            f"no upstream is called {waiting.upstream!r} any more; configure it again, or discard the call"
        )
    if not upstream.has_credentials:
        detail = (
            f"the gateway cannot log in to upstream {waiting.upstream!r} by itself: set "
            f"upstreams.{waiting.upstream}.credentials in the config, then replay"
        )
        raise RequestError(Problem(ProblemType.UPSTREAM_CREDENTIALS, 503, detail))


async def _acted(
    request: web.Request, act: Callable[[str, str], Awaitable[bool]], actor: str, event: str
) -> web.Response:
    """The call as it stands now; whoever acted upon it first, in between, is not overruled."""
    call_id = request.match_info["id"]
    if not await act(call_id, actor):
        raise wrong_state(f"the call has moved on: GET /api/v1/calls/{call_id} tells how it stands")
    _LOG.info(event, extra={"call_id": call_id, "by": actor})
    story = await request.app[REPORTS].call(call_id)
    state = story.call.state if story else State.CLOSED.value
    return answer({"id": call_id, "state": state, "by": actor})


ENDPOINTS = (
    Endpoint("GET", "/api/v1/outbox", list_outbox, {200: WaitingPage}, query=Query(FILTERS), problems=(422,)),
    Endpoint("GET", "/api/v1/outbox/{id}", show_waiting, {200: WaitingDocument}, problems=(404, 409)),
    Endpoint("POST", "/api/v1/outbox/{id}/replay", replay, {200: ActedDocument}, problems=(404, 409, 503)),
    Endpoint("POST", "/api/v1/outbox/{id}/discard", discard, {200: ActedDocument}, problems=(404, 409)),
)


def routes() -> list[web.RouteDef]:
    """The four addresses."""
    return routes_of(ENDPOINTS)
