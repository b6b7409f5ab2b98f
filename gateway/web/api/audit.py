"""`GET /api/v1/audit`: what people did to calls and findings, and who."""

from aiohttp import web

from gateway.records.record import AuditRecord
from gateway.web.api.documents.findings import ACTIONS, ActDocument, ActPage
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_listing
from gateway.web.api.instants import iso
from gateway.web.api.paging import page_response
from gateway.web.keys import CLOCK, REPORTS

FILTERS = {
    "actor": Filter("actor"),
    "action": Filter("action", ACTIONS),
    "subject": Filter("subject"),
}


async def list_acts(request: web.Request) -> web.Response:
    """A page of acts, the latest first."""
    asked = read_listing(request.query, FILTERS, request.app[CLOCK]())
    page = await request.app[REPORTS].audit(asked.window, asked.limit, asked.after)
    return page_response(request, page, shown_act)


def shown_act(act: AuditRecord) -> ActDocument:
    """An act as the API shows it; `subject` is the id of the call or finding."""
    return {
        "id": act.id,
        "at": iso(act.at),
        "actor": act.actor,
        "action": act.action,
        "subject": act.subject,
        "detail": act.detail,
    }


ENDPOINTS = (Endpoint("GET", "/api/v1/audit", list_acts, {200: ActPage}, query=Query(FILTERS), problems=(422,)),)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
