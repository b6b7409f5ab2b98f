"""The statements that calls are written by, compiled once."""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    Integer,
    String,
    bindparam,
    case,
    func,
    literal_column,
    null,
    update,
)

from gateway.records import detail_rows, rows, ticket_rows
from gateway.records.prepared import Prepared
from gateway.records.state import State
from gateway.records.tables import call_details, calls, tickets
from gateway.records.upsert import insert_once, insert_or_change

OPEN_CALL: Final = Prepared(insert_once(calls), rows.OPENED)
OPEN_DETAILS: Final = Prepared(insert_once(call_details), detail_rows.OPENED)
NOTE_CALL: Final = Prepared(insert_once(calls), rows.NOTED)
NOTE_DETAILS: Final = Prepared(insert_once(call_details), detail_rows.NOTED)
INSERT_TICKET: Final = Prepared(insert_once(tickets), ticket_rows.MADE)


def _always(value: str | int) -> ColumnElement[Any]:
    """A constant that is part of the statement: as a parameter it would be handed over anew for every row."""
    return literal_column(repr(value))


def _emptied(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, null())


_HELD = (
    (calls.c.id == bindparam("call", type_=String))
    & (calls.c.owner == bindparam("by_owner", type_=String))
    & (calls.c.epoch == bindparam("in_epoch", type_=Integer))
    & (calls.c.state != _always(State.CLOSED.value))
    & (calls.c.state != _always(State.DEAD.value))
)
"""Only its holder writes a row, and a final one stays as it is: what comes later, or twice, changes nothing."""

SENT_AGAIN: Final = Prepared(
    update(calls)
    .where(_HELD)
    .values(
        state=_always(State.SENDING.value),
        last_sent_at=bindparam("at", type_=Double),
        attempts=calls.c.attempts + _always(1),
        fenced=calls.c.fenced & bindparam("carried", type_=Boolean),
        correlation_value=case((bindparam("carried", type_=Boolean), calls.c.correlation_value)),
        **_emptied("evidence", "absent_from", "next_try_at", "queued_bytes"),
    ),
    rows.SENT,
)


_LEAVES_TICKET: Final = bindparam("leaves_ticket", type_=Boolean)
_ATTEMPTS: Final = case(
    (calls.c.epoch > _always(rows.FIRST_EPOCH), calls.c.attempts), else_=bindparam("made", type_=Integer)
)
"""A later holder counts from 1 again; `sending` has counted its attempts already."""


def _set(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


CLOSE_CALL: Final = Prepared(
    update(calls)
    .where(_HELD)
    .values(
        _set("kind", "status", "ended_at", "ticket_id", "ticket_key", "fenced")
        | {
            "state": _always(State.CLOSED.value),
            "settled_at": bindparam("ended_at", type_=Double),
            "attempts": _ATTEMPTS,
            "last_sent_at": func.coalesce(bindparam("sent_at", type_=Double), calls.c.last_sent_at),
            "claim": case((_LEAVES_TICKET, calls.c.claim)),
            "abandoned_at": case((_LEAVES_TICKET, calls.c.abandoned_at)),
            **_emptied("evidence", "absent_from", "next_try_at", "queued_bytes"),
        }
    ),
    rows.CLOSED,
)
"""Without a ticket it ends for good: its key is free, and nobody takes it over."""

LEAVE_OPEN: Final = Prepared(
    update(calls)
    .where(_HELD)
    .values(
        _set("kind", "status", "ended_at", "ticket_id", "ticket_key", "fenced", "evidence", "absent_from")
        | {
            "state": _always(State.AMBIGUOUS.value),
            "attempts": _ATTEMPTS,
            "abandoned_at": bindparam("ended_at", type_=Double),
            **_emptied("next_try_at", "queued_bytes"),
        }
    ),
    rows.LEFT_OPEN,
)
"""Nobody can say yet what became of it, and its caller has been told so."""

SETTLE_CALL: Final = Prepared(
    update(calls)
    .where(_HELD)
    .values(
        _set("kind", "settled_at", "ticket_id", "ticket_key")
        | {
            "state": _always(State.CLOSED.value),
            "claim": case((_LEAVES_TICKET, calls.c.claim)),
            "abandoned_at": case((_LEAVES_TICKET, calls.c.abandoned_at)),
            **_emptied("evidence", "absent_from", "next_try_at", "queued_bytes"),
        }
    ),
    rows.SETTLED,
)


def _excluded(*names: str) -> dict[str, ColumnElement[Any]]:
    return {name: literal_column(f"excluded.{name}") for name in names}


_given: Final = _excluded("attempts", "violations", "events")
_first: Final = _excluded("replay", "replay_until")
"""What was told first is what is told again."""

END_DETAILS: Final = Prepared(
    insert_or_change(
        call_details,
        {
            **dict.fromkeys(("problem", "answer", "body_until")),
            **{name: func.coalesce(given, call_details.c[name]) for name, given in _given.items()},
            **{name: func.coalesce(call_details.c[name], given) for name, given in _first.items()},
        },
    ),
    detail_rows.ENDED,
)
