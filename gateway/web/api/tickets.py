"""`GET /api/v1/tickets` and `/api/v1/tickets/{id}`: tickets made through the gateway, and how their promises stand."""

from collections.abc import Mapping

from aiohttp import web

from gateway.domain.call import Json, PlatformName
from gateway.records.listing import ANY_NAME, EITHER_NAME
from gateway.records.record import TicketRecord
from gateway.sla.calendar import Calendar
from gateway.sla.standing import PromiseState
from gateway.web.api.documents.tickets import TicketDocument, TicketPage
from gateway.web.api.endpoint import Endpoint, Query, routes_of
from gateway.web.api.filters import ANY_NAME_SAYS, Filter, read_listing
from gateway.web.api.instants import iso
from gateway.web.api.not_possible import unknown
from gateway.web.api.paging import page_response
from gateway.web.api.ticket_promises import shown_promises
from gateway.web.keys import CLOCK, CURRENT_RULES, REPORTS

_STATES = (PromiseState.SOON.value, PromiseState.BREACHED.value)

FILTERS = {
    "platform": Filter("platform", tuple(PlatformName)),
    "upstream": Filter("upstream"),
    "policy": Filter("policy"),
    "template": Filter("template"),
    "source": Filter("source", ("proxy", "template")),
    "priority": Filter("priority"),
    "job_id": Filter("job_id"),
    "response": Filter("response_state", _STATES),
    "resolution": Filter("resolution_state", _STATES),
    "ticket": Filter(EITHER_NAME, says="A ticket's id or key."),
    "text": Filter(ANY_NAME, says=ANY_NAME_SAYS),
}


async def list_tickets(request: web.Request) -> web.Response:
    """A page of tickets, the latest accepted first."""
    now = request.app[CLOCK]()
    asked = read_listing(request.query, FILTERS, now)
    page = await request.app[REPORTS].tickets(asked.window, asked.limit, asked.after)
    calendars = request.app[CURRENT_RULES]().calendars
    return page_response(request, page, lambda ticket: shown_ticket(ticket, now, calendars))


async def show_ticket(request: web.Request) -> web.Response:
    """One ticket, by the id that the gateway gave it."""
    ticket_id = request.match_info["id"]
    ticket = await request.app[REPORTS].ticket(ticket_id)
    if ticket is None:
        raise unknown("ticket", ticket_id, "GET /api/v1/tickets (with ?ticket=KEY for a platform's own key)")
    calendars = request.app[CURRENT_RULES]().calendars
    return web.json_response(shown_ticket(ticket, request.app[CLOCK](), calendars))


def shown_ticket(ticket: TicketRecord, now: float, calendars: Mapping[str, Calendar]) -> dict[str, Json]:
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
        "sla": shown_promises(ticket, now, calendars),
    }


ENDPOINTS = (
    Endpoint("GET", "/api/v1/tickets", list_tickets, {200: TicketPage}, query=Query(FILTERS), problems=(422,)),
    Endpoint("GET", "/api/v1/tickets/{id}", show_ticket, {200: TicketDocument}, problems=(404,)),
)


def routes() -> list[web.RouteDef]:
    """The two addresses."""
    return routes_of(ENDPOINTS)
