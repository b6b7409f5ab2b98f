"""`GET /api/v1/tickets` and `/api/v1/tickets/{id}`: tickets made through the gateway, and how their promises stand."""

from aiohttp import web

from gateway.domain.call import Json, PlatformName
from gateway.records.listing import ANY_NAME, EITHER_NAME
from gateway.records.record import TicketRecord
from gateway.records.sla_figures import SOON_SECONDS
from gateway.web.api.documents.tickets import TicketDocument, TicketPage
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import Filter, read_listing
from gateway.web.api.instants import iso
from gateway.web.api.not_possible import unknown
from gateway.web.api.paging import page_response
from gateway.web.keys import CLOCK, REPORTS

FILTERS = {
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "policy": Filter("policy"),
    "template": Filter("template"),
    "source": Filter("source", ("proxy", "template")),
    "priority": Filter("priority"),
    "job_id": Filter("job_id"),
    "ticket": Filter(EITHER_NAME),
    "text": Filter(ANY_NAME),
}


async def list_tickets(request: web.Request) -> web.Response:
    """A page of tickets, the latest accepted first."""
    now = request.app[CLOCK]()
    asked = read_listing(request.query, FILTERS, now)
    page = await request.app[REPORTS].tickets(asked.window, asked.limit, asked.after)
    return page_response(request, page, lambda ticket: shown_ticket(ticket, now))


async def show_ticket(request: web.Request) -> web.Response:
    """One ticket, by the id that the gateway gave it."""
    ticket_id = request.match_info["id"]
    ticket = await request.app[REPORTS].ticket(ticket_id)
    if ticket is None:
        raise unknown("ticket", ticket_id, "GET /api/v1/tickets (with ?ticket=KEY for a platform's own key)")
    return web.json_response(shown_ticket(ticket, request.app[CLOCK]()))


def shown_ticket(ticket: TicketRecord, now: float) -> dict[str, Json]:
    """A ticket as the API shows it at `now`."""
    return {
        "id": ticket.id,
        "upstream": ticket.upstream,
        "platform": ticket.platform,
        "resource": ticket.resource,
        "ticket": {"id": ticket.ticket_id, "key": ticket.ticket_key, "url": ticket.url},
        "call_id": ticket.call_id,
        "source": ticket.source,
        "template": ticket.template,
        "job_id": ticket.job_id,
        "policy": ticket.policy,
        "priority": ticket.priority,
        "attempt_count": ticket.attempts,
        "accepted_at": iso(ticket.accepted_at),
        "ticket_at": iso(ticket.ticket_at),
        "creation_seconds": round(ticket.ticket_at - ticket.accepted_at, 6),
        "sla": {
            "response": _promise(ticket.response_due_at, now),
            "resolution": _promise(ticket.resolution_due_at, now),
        },
    }


def _promise(due_at: float | None, now: float) -> dict[str, Json] | None:
    """A promise by its due time alone: `due_passed` does not say that it was broken, the gateway cannot see that."""
    if due_at is None:
        return None
    if due_at < now:
        return {"due_at": iso(due_at), "state": "due_passed"}
    return {"due_at": iso(due_at), "state": "due_soon" if due_at < now + SOON_SECONDS else "due_later"}


ENDPOINTS = (
    Endpoint("GET", "/api/v1/tickets", list_tickets, {200: TicketPage}, query=Query(FILTERS), problems=(422,)),
    Endpoint("GET", "/api/v1/tickets/{id}", show_ticket, {200: TicketDocument}, problems=(404,)),
)


def routes() -> list[web.RouteDef]:
    """The two addresses."""
    return routes_of(ENDPOINTS)
