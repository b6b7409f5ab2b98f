"""Giving a name to the ticket of a create whose answer named none."""

from sqlalchemy import Connection, update

from gateway.domain.verdict import Ticket
from gateway.records.events import add_events
from gateway.records.shown import storable
from gateway.records.tables import calls, tickets


def name(connection: Connection, call_id: str, ticket: Ticket, at: float) -> None:
    """The call and its ticket say which it is; what the answer did tell stays."""
    named = {"ticket_id": storable(ticket.id), "ticket_key": storable(ticket.key)}
    told = {name: value for name, value in named.items() if value is not None}
    nameless = update(calls).where(calls.c.id == call_id, calls.c.ticket_id.is_(None)).values(told)
    if not told or not connection.execute(nameless).rowcount:
        return
    url = {"url": storable(ticket.url, None)} if ticket.url else {}
    connection.execute(update(tickets).where(tickets.c.id == call_id, tickets.c.ticket_id.is_(None)).values(told | url))
    add_events(connection, call_id, [{"at": at, "event": "named", "ticket": ticket.key or ticket.id}])
