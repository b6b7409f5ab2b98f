"""`/api/v1/findings`: where the records and a platform disagree, and what people made of it."""

import logging
from collections.abc import Awaitable
from typing import Final, Protocol

from aiohttp import web
from pydantic import Field

from gateway.domain.call import PlatformName
from gateway.records.findings import FindingKind, FindingState
from gateway.records.record import FindingRecord
from gateway.web.api.answering import answer
from gateway.web.api.documents.findings import FindingDocument, FindingPage
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_listing
from gateway.web.api.instants import iso
from gateway.web.api.not_possible import unknown, wrong_state
from gateway.web.api.paging import page_response
from gateway.web.api.reading import Request, parsed, read_json
from gateway.web.keys import ACTOR, CLOCK, DESK, REPORTS

_LOG: Final = logging.getLogger(__name__)

FILTERS = {
    "kind": Filter("kind", tuple(FindingKind)),
    "state": Filter("state", tuple(FindingState)),
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "call_id": Filter("call_id"),
}


class Decision(Request):
    """What is said about a finding that somebody deals with; the body may be left out."""

    note: str = Field(default="", max_length=2000)
    """Why it is right, or what was done."""


async def list_findings(request: web.Request) -> web.Response:
    """A page of findings, the latest found first."""
    asked = read_listing(request.query, FILTERS, request.app[CLOCK]())
    page = await request.app[REPORTS].findings(asked.window, asked.limit, asked.after)
    return page_response(request, page, shown_finding)


async def show_finding(request: web.Request) -> web.Response:
    """One finding."""
    return answer(shown_finding(await _finding(request)))


async def adopt(request: web.Request) -> web.Response:
    """The ticket is one of ours, and it is right that it exists."""
    return await _decided(request, request.app[DESK].adopt, "finding adopted")


async def close(request: web.Request) -> web.Response:
    """It is dealt with."""
    return await _decided(request, request.app[DESK].close, "finding closed")


def shown_finding(finding: FindingRecord) -> FindingDocument:
    """A finding as the API shows it."""
    return {
        "id": finding.id,
        "kind": finding.kind,
        "state": finding.state,
        "platform": finding.platform,
        "upstream": finding.upstream,
        "tickets": list(finding.tickets),
        "call_id": finding.call_id,
        "found_at": iso(finding.found_at),
        "note": finding.note,
    }


class _Decide(Protocol):
    def __call__(self, finding_id: str, actor: str, note: str) -> Awaitable[bool]: ...


async def _decided(request: web.Request, decide: _Decide, event: str) -> web.Response:
    actor = request[ACTOR].name
    said = parsed(await read_json(request), Decision) if request.body_exists else Decision()
    finding = await _finding(request)
    if not await decide(finding.id, actor, said.note):
        raise wrong_state(f"the finding is {finding.state}, no longer open")
    _LOG.info(event, extra={"finding_id": finding.id, "by": actor})
    return answer(shown_finding(await _finding(request)))


async def _finding(request: web.Request) -> FindingRecord:
    finding_id = request.match_info["id"]
    finding = await request.app[REPORTS].finding(finding_id)
    if finding is None:
        raise unknown("finding", finding_id, "GET /api/v1/findings")
    return finding


_REFUSALS = (400, 404, 409, 413, 415, 422)
ENDPOINTS = (
    Endpoint("GET", "/api/v1/findings", list_findings, {200: FindingPage}, query=Query(FILTERS), problems=(422,)),
    Endpoint("GET", "/api/v1/findings/{id}", show_finding, {200: FindingDocument}, problems=(404,)),
    Endpoint(
        "POST",
        "/api/v1/findings/{id}/adopt",
        adopt,
        {200: FindingDocument},
        takes=Decision,
        needs_body=False,
        problems=(400, 404, 409, 413, 415, 422),
    ),
    Endpoint(
        "POST",
        "/api/v1/findings/{id}/close",
        close,
        {200: FindingDocument},
        takes=Decision,
        needs_body=False,
        problems=(400, 404, 409, 413, 415, 422),
    ),
)


def routes() -> list[web.RouteDef]:
    """The four addresses."""
    return routes_of(ENDPOINTS)
