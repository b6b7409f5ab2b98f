"""Writes entries through one connection, each kind of row by one statement for all of them; commits nothing."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Executable, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from gateway.records import rows
from gateway.records.entries import Closing, Entry, Noting, Opening, Sending, Settling
from gateway.records.state import State
from gateway.records.tables import call_details, calls, tickets

OneKind = TypeVar("OneKind", bound=Entry)

_INSERT_CALL = insert(calls).on_conflict_do_nothing()
_INSERT_DETAILS = insert(call_details).on_conflict_do_nothing()
_INSERT_TICKET = insert(tickets).on_conflict_do_nothing()

_this_open_call = (calls.c.id == bindparam("call")) & (calls.c.state != State.CLOSED.value)
"""A closed call stays as it was closed: what comes later, or twice, changes nothing."""

_SENT_AGAIN = (
    update(calls)
    .where(_this_open_call)
    .values(state=State.SENDING.value, last_sent_at=bindparam("at"), attempts=calls.c.attempts + 1)
)
_CLOSE_CALL = (
    update(calls)
    .where(_this_open_call)
    .values(
        {
            name: bindparam(name)
            for name in (
                *("state", "kind", "status", "ended_at", "settled_at"),
                *("attempts", "ticket_id", "ticket_key", "fenced"),
            )
        }
    )
)
_SETTLE_CALL = (
    update(calls)
    .where(_this_open_call)
    .values({name: bindparam(name) for name in ("state", "kind", "settled_at", "ticket_id", "ticket_key")})
)


def _end_details() -> Executable:
    given = insert(call_details)
    told: dict[str, ColumnElement[Any]] = {name: given.excluded[name] for name in ("problem", "answer", "body_until")}
    for name in ("attempts", "violations", "events"):
        told[name] = func.coalesce(given.excluded[name], call_details.c[name])
    return given.on_conflict_do_update(index_elements=["call_id"], set_=told)


_END_DETAILS = _end_details()
_ADD_EVENTS = update(call_details).where(call_details.c.call_id == bindparam("call")).values(events=bindparam("events"))


def write(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write all entries; those of one call take effect in the order of its life."""
    _open(connection, _of(Opening, entries))
    _send_again(connection, _of(Sending, entries))
    _close(connection, _of(Closing, entries))
    _settle(connection, _of(Settling, entries))
    _note(connection, _of(Noting, entries))


def add_events(connection: Connection, call_id: str, events: Iterable[rows.Row]) -> None:
    """Append to what happened to a call; for events that are rare enough to be read and written one by one."""
    known = connection.execute(select(call_details.c.events).where(call_details.c.call_id == call_id)).scalar() or []
    added = [event for event in events if event not in known]
    connection.execute(_ADD_EVENTS, {"call": call_id, "events": known + added})


def _of(kind: type[OneKind], entries: Sequence[Entry]) -> list[OneKind]:
    return [entry for entry in entries if type(entry) is kind]


def _open(connection: Connection, entries: list[Opening]) -> None:
    _each(connection, _INSERT_CALL, map(rows.opened_call, entries))
    _each(connection, _INSERT_DETAILS, map(rows.opened_details, entries))


def _send_again(connection: Connection, entries: list[Sending]) -> None:
    _each(connection, _SENT_AGAIN, ({"call": entry.call_id, "at": entry.at} for entry in entries))


def _close(connection: Connection, entries: list[Closing]) -> None:
    closed = _each(connection, _CLOSE_CALL, map(rows.closed_call, entries))
    if closed < len(entries):  # a call that left while the store was down has no row yet
        _each(connection, _INSERT_CALL, map(rows.late_call, entries))
    _each(connection, _END_DETAILS, map(rows.ended_details, entries))
    _each(connection, _INSERT_TICKET, filter(None, map(rows.made_ticket, entries)))


def _settle(connection: Connection, entries: list[Settling]) -> None:
    for entry in entries:
        if not _each(connection, _SETTLE_CALL, [rows.settled_call(entry)]):
            continue
        details = rows.ended_details(entry)
        events = details.pop("events") or ()
        _each(connection, _END_DETAILS, [details | {"events": None}])
        _each(connection, _INSERT_TICKET, filter(None, [rows.made_ticket(entry)]))
        outcome = entry.outcome
        settled = {"at": outcome.ended_at, "event": "settled", "outcome": outcome.kind.value}
        add_events(connection, outcome.call.id, [*events, settled])


def _note(connection: Connection, entries: list[Noting]) -> None:
    _each(connection, _INSERT_CALL, map(rows.noted_call, entries))
    _each(connection, _INSERT_DETAILS, filter(None, map(rows.noted_details, entries)))


def _each(connection: Connection, statement: Executable, given: Iterable[rows.Row]) -> int:
    """Run a statement for every row given; how many rows of the table it changed."""
    parameters = list(given)
    return connection.execute(statement, parameters).rowcount if parameters else 0
