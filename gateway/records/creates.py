"""The creates that are compared with the platform: those that were sent, and whose end is known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, select, tuple_

from gateway.domain.call import Operation
from gateway.domain.frozen import frozen
from gateway.domain.outcome import OutcomeKind
from gateway.records.record import Position
from gateway.records.state import FINAL_STATES
from gateway.records.tables import calls, tickets

_MADE = frozenset({OutcomeKind.CREATED.value, OutcomeKind.RECONCILED.value})
_COLUMNS = ("id", "route", "resource", "kind", "ticket_id", "correlation_value", "correlation_place", "received_at")


@frozen
class SentCreate:
    """One create as the journal has it; `ticket` is the id that its caller was told, or that it was settled with.

    `value` stands in the field `place`; it is None where no value was carried. `made` tells that it made a ticket,
    whether or not that has a name yet; `further` are the ids of those beside it.
    """

    call_id: str
    route: str
    resource: str
    ticket: str | None
    value: str | None
    place: str | None
    received_at: float
    made: bool = False
    further: tuple[str, ...] = ()

    @property
    def position(self) -> Position:
        """Where the creates after this one begin."""
        return Position(self.received_at, self.call_id)


def sent_creates(upstream: str, after: Position, until: float, limit: int) -> Select[Any]:
    """Those received after a position and before an instant, the oldest first."""
    return (
        select(*(calls.c[name] for name in _COLUMNS))
        .where(
            tuple_(calls.c.received_at, calls.c.id) > tuple_(after.at, after.id),
            calls.c.received_at < until,
            calls.c.upstream == upstream,
            calls.c.operation == Operation.CREATE_TICKET.value,
            calls.c.state.in_(FINAL_STATES),
            calls.c.last_sent_at.is_not(None),
        )
        .order_by(calls.c.received_at, calls.c.id)
        .limit(limit)
    )


def further_tickets(page: Sequence[SentCreate]) -> Select[Any]:
    """The tickets beside the first that these creates made, found by when their calls came."""
    columns: list[ColumnElement[Any]] = [tickets.c.call_id, tickets.c.ticket_id]
    return (
        select(*columns)
        .where(
            tickets.c.accepted_at.between(page[0].received_at, page[-1].received_at),
            tickets.c.call_id.in_([create.call_id for create in page]),
            tickets.c.id != tickets.c.call_id,
            tickets.c.ticket_id.is_not(None),
        )
        .order_by(tickets.c.id)
    )


def with_further(page: Sequence[SentCreate], rows: Iterable[RowMapping]) -> tuple[SentCreate, ...]:
    """The same creates, with all the tickets that they made."""
    beside: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        beside[row["call_id"]].append(row["ticket_id"])
    return tuple(replace(create, further=tuple(beside[create.call_id])) for create in page)


def sent_create(row: RowMapping) -> SentCreate:
    """As the journal has it."""
    made = row["kind"] in _MADE
    return SentCreate(
        call_id=row["id"],
        route=row["route"],
        resource=row["resource"],
        ticket=row["ticket_id"] if made else None,
        value=row["correlation_value"],
        place=row["correlation_place"],
        received_at=row["received_at"],
        made=made,
    )
