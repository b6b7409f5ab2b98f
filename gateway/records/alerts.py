"""Remembers which ticket an alert belongs to, for as long as it is told of."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, select

from gateway.domain.frozen import frozen
from gateway.records.alert_table import alerts
from gateway.records.store import Store
from gateway.records.tables import tickets
from gateway.records.upsert import insert_or_change

_SEE = insert_or_change(alerts, {"seen_at": None})
"""A first sighting, or one more: an alert stays with the ticket that it came to first."""

_KNOWN = (
    select(
        alerts.c.call_id,
        func.coalesce(alerts.c.ticket_id, tickets.c.ticket_id).label("ticket_id"),
        func.coalesce(alerts.c.ticket_key, tickets.c.ticket_key).label("ticket_key"),
        func.coalesce(alerts.c.url, tickets.c.url).label("url"),
    )
    .outerjoin(tickets, tickets.c.id == alerts.c.call_id)
    .order_by(alerts.c.seen_at, alerts.c.id)
    .limit(1)
)
_MOST_ASKED = 500
"""Databases bound how many values a question may hold."""


@frozen
class TicketOfAlerts:
    """The ticket, as far as it is known, and the call that made it, or is to."""

    call_id: str
    id: str = ""
    key: str = ""
    url: str = ""


@frozen
class Alerts:
    """Alerts are named by whoever asks, each by a digest that is its own."""

    store: Store
    clock: Callable[[], float]

    async def known(self, names: Sequence[str]) -> TicketOfAlerts | None:
        """The ticket that one of them belongs to; from then on all of them do. Raises StoreUnavailable."""

        def run(connection: Connection) -> TicketOfAlerts | None:
            found = _found(connection, names)
            if found is not None:
                self._see(connection, names, found)
            return found

        return await self.store.do(run)

    async def belong(self, names: Sequence[str], ticket: TicketOfAlerts) -> None:
        """They belong to this ticket, but for those that have one; raises StoreUnavailable."""
        await self.store.do(lambda connection: self._see(connection, names, ticket))

    def _see(self, connection: Connection, names: Sequence[str], ticket: TicketOfAlerts) -> None:
        told: dict[str, str | float | None] = {
            "call_id": ticket.call_id,
            "ticket_id": ticket.id or None,
            "ticket_key": ticket.key or None,
            "url": ticket.url or None,
            "seen_at": self.clock(),
        }
        rows = [{**told, "id": name} for name in sorted(set(names))]  # in one order, so that no two wait for each other
        connection.execute(_SEE[connection.dialect.name], rows)


def _found(connection: Connection, names: Sequence[str]) -> TicketOfAlerts | None:
    for start in range(0, len(names), _MOST_ASKED):
        asked = _KNOWN.where(alerts.c.id.in_(names[start : start + _MOST_ASKED]))
        row = connection.execute(asked).first()
        if row is not None:
            return TicketOfAlerts(row.call_id, row.ticket_id or "", row.ticket_key or "", row.url or "")
    return None
