"""Keyset paging: a page begins after a row, not at a number, so rows that arrive meanwhile shift nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, literal_column, or_, select, tuple_, union_all

from gateway.records.record import Page, Position, Window
from gateway.records.tables import MADE_NONE, calls, tickets
from gateway.sla.standing import PromiseState

Item = TypeVar("Item")

PROMISE_STATES = ("response_state", "resolution_state")

EITHER_NAME = "ticket"
"""No column, but a question: the ticket's id or its key, whichever the asker knows."""

ANY_NAME = "text"
"""The same for everything that somebody may have in hand: the call's id, the ticket's id or key, the job."""

_TICKET_NAMES = ("ticket_id", "ticket_key")
_NAMES = {EITHER_NAME: _TICKET_NAMES, ANY_NAME: (*_TICKET_NAMES, "id", "job_id")}


def page_of(asked: Select[Any], table: Table, instant: str, window: Window, after: Position | None) -> Select[Any]:
    """The rows of a window from a position on, in the window's order by the column that `instant` names."""
    at, row_id = table.c[instant], table.c.id
    if after is not None:
        window = _without_what_is_passed(window, after.at)
        here, there = tuple_(at, row_id), tuple_(after.at, after.id)
        asked = asked.where(here > there if window.oldest_first else here < there)
    order = (at.asc(), row_id.asc()) if window.oldest_first else (at.desc(), row_id.desc())
    return asked.where(*within(table, instant, window)).order_by(*order)


def _without_what_is_passed(window: Window, at: float) -> Window:
    """A database would take an end that says nothing more for the way in, and walk all the way to the position."""
    if window.oldest_first and window.since is not None and at >= window.since:
        return replace(window, since=None)
    if not window.oldest_first and window.until is not None and at < window.until:
        return replace(window, until=None)
    return window


def within(table: Table, instant: str, window: Window) -> list[ColumnElement[bool]]:
    """The conditions that a window sets."""
    conditions = [_equal(table, name, value) for name, value in window.equal.items()]
    if window.since is not None:
        conditions.append(table.c[instant] >= window.since)
    if window.until is not None:
        conditions.append(table.c[instant] < window.until)
    return conditions


def cut(found: Sequence[Item], limit: int, position: Callable[[Item], Position]) -> Page[Item]:
    """One row more than the limit was asked for: it tells whether there is a next page, and is not shown."""
    items = tuple(found[:limit])
    return Page(items, position(items[-1]) if len(found) > limit else None)


def has_state(name: str, state: PromiseState) -> ColumnElement[bool]:
    """Written out, not bound: a database takes an index over some rows only where it sees which are meant."""
    return tickets.c[name] == literal_column(f"'{state.value}'")


def _equal(table: Table, name: str, value: str) -> ColumnElement[bool]:
    if name in PROMISE_STATES:
        return has_state(name, PromiseState(value))
    columns = _NAMES.get(name, (name,))
    if table is calls and name in _NAMES:
        return calls.c.id.in_(union_all(*(found for column in columns for found in _call_ids(column, value))))
    return or_(*(table.c[column] == value for column in columns))


def _call_ids(column: str, value: str) -> Iterator[Select[Any]]:
    """The calls of a name, each looked for where the index over it is small."""
    named = select(calls.c.id).where(calls.c[column] == value).correlate(None)
    if column in _TICKET_NAMES:
        yield select(tickets.c.call_id).where(tickets.c[column] == value)
        named = named.where(MADE_NONE)
    yield named
