"""The statements that calls are written by, compiled once."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    null,
    select,
    update,
)

from gateway.records.prepared import Prepared
from gateway.records.rows import FIRST_EPOCH
from gateway.records.state import State
from gateway.records.tables import call_details, calls, tickets
from gateway.records.upsert import insert_once, insert_or_change

INSERT_CALL: Final = Prepared(insert_once(calls))
INSERT_DETAILS: Final = Prepared(insert_once(call_details))
INSERT_TICKET: Final = Prepared(insert_once(tickets))


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
    )
)


_LEAVES_TICKET: Final = bindparam("leaves_ticket", type_=Boolean)
_ATTEMPTS: Final = case(
    (calls.c.epoch > _always(FIRST_EPOCH), calls.c.attempts), else_=bindparam("made", type_=Integer)
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
            "claim": case((_LEAVES_TICKET, calls.c.claim)),
            "abandoned_at": case((_LEAVES_TICKET, calls.c.abandoned_at)),
            **_emptied("evidence", "absent_from", "next_try_at", "queued_bytes"),
        }
    )
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
    )
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
    )
)


@lru_cache(maxsize=16)
def asked_again(count: int) -> Select[Any]:
    """Which of so many calls (`id_0` …) have a key, or a caller who did not get the answer.

    A list of any length would be spelt out anew for every commit, which costs more than asking.
    """
    these = [bindparam(f"id_{number}", type_=String) for number in range(count)]
    return select(calls.c.id).where(
        calls.c.id.in_(these), calls.c.claim.is_not(None) | calls.c.abandoned_at.is_not(None)
    )


_given: Final[dict[str, ColumnElement[Any]]] = {
    name: literal_column(f"excluded.{name}") for name in ("attempts", "violations", "events")
}

END_DETAILS: Final = Prepared(
    insert_or_change(
        call_details,
        {
            **dict.fromkeys(("problem", "answer", "body_until")),
            **{name: func.coalesce(given, call_details.c[name]) for name, given in _given.items()},
        },
    )
)

_KEEP: Final = (
    update(call_details)
    .where(call_details.c.call_id == bindparam("call"))
    .values(replay=bindparam("replay"), replay_until=bindparam("replay_until"))
)

KEEP_ANSWER: Final = Prepared(_KEEP)
KEEP_FIRST_ANSWER: Final = Prepared(_KEEP.where(call_details.c.replay.is_(None)))
