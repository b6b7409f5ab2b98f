"""Calls of the past that were let through, with what was sent, for whoever tries other rules on them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from gateway.domain.call import TICKET_OPERATIONS
from gateway.domain.frozen import frozen
from gateway.pipeline.backtest import Recorded
from gateway.records.record import Position
from gateway.records.stored_row import stored
from gateway.records.tables import call_details, calls


@frozen
class Kept:
    """How many ticket calls were sent, and of how many the body is still on record."""

    calls: int
    bodies: int


def counted(since: float) -> Select[Any]:
    """How many there are since an instant (Unix seconds)."""
    counts: list[ColumnElement[Any]] = [func.count().label("calls"), func.count(call_details.c.body).label("bodies")]
    return select(*counts).select_from(calls.outerjoin(call_details)).where(*_sent(since))


def recorded_calls(since: float, after: Position | None, limit: int) -> Select[Any]:
    """Those with a body, the oldest first, from a position on."""
    body, request = call_details.c.body, call_details.c.request
    asked = select(*calls.c, body, request, call_details.c.violations.label("told")).join_from(calls, call_details)
    asked = asked.where(*_sent(since), body.is_not(None))
    if after is not None:
        asked = asked.where(tuple_(calls.c.received_at, calls.c.id) > tuple_(after.at, after.id))
    return asked.order_by(calls.c.received_at, calls.c.id).limit(limit)


def recorded(row: Row[Any]) -> Recorded:
    """One of them as the pipeline takes it."""
    return Recorded(stored(row), frozenset((each["field"], each["code"]) for each in row.told or ()))


def _sent(since: float) -> tuple[ColumnElement[bool], ...]:
    operations = sorted(operation.value for operation in TICKET_OPERATIONS)
    return calls.c.received_at >= since, calls.c.operation.in_(operations), calls.c.last_sent_at.is_not(None)
