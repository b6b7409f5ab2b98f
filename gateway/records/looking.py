"""Calls that a filter without an index of its own fits: looked for in stretches, and no longer than a person waits."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, RowMapping, Select, select, tuple_

from gateway.domain.frozen import frozen
from gateway.records.listing import ANY_NAME, EITHER_NAME, page_of
from gateway.records.record import Position, Window
from gateway.records.state import State
from gateway.records.tables import NOT_CLOSED, calls

STRETCHES: Final = (10_000, 90_000)
"""How many calls are looked at, one stretch after the other, before whoever asked is told how far that went."""

Ask: TypeAlias = Callable[[Select[Any]], Awaitable[Sequence[RowMapping]]]

_FEW: Final = frozenset({"job_id", EITHER_NAME, ANY_NAME})
"""Each names few calls, by an index of its own."""


@frozen
class Looked:
    """What was found; `paused` is the last call looked at, where that was not all."""

    rows: Sequence[RowMapping]
    paused: Position | None = None


@frozen
class Search:
    """Asks the database through `ask`, no more than a stretch at a time where no index helps."""

    ask: Ask
    stretches: tuple[int, ...] = STRETCHES

    async def calls(self, asked: Select[Any], window: Window, most: int, after: Position | None) -> Looked:
        """The first calls of a window from a position on, `most` at most."""
        if _has_index(window):
            every, others = _with_its_index(window)
            page = page_of(asked, calls, "received_at", every, after).where(*others)
            return Looked(await self.ask(page.limit(most)))
        found: list[RowMapping] = []
        end = after
        for rows in self.stretches:
            begin, end = end, await self._end_of_stretch(window, end, rows)
            within = _stretch(asked, window, begin, end)
            found += await self.ask(within.limit(most - len(found)))
            if end is None or len(found) == most:
                return Looked(found)
        return Looked(found, end)

    async def _end_of_stretch(self, window: Window, begin: Position | None, rows: int) -> Position | None:
        """The last call of it, whichever that is; None where fewer are left. Read from the index alone."""
        every = replace(window, equal={})
        asked = page_of(select(calls.c.received_at, calls.c.id), calls, "received_at", every, begin)
        found = await self.ask(asked.offset(rows - 1).limit(1))
        return Position(found[0]["received_at"], found[0]["id"]) if found else None


def _has_index(window: Window) -> bool:
    names = window.equal.keys()
    return names <= {"kind"} or not names.isdisjoint(_FEW) or _is_open(window)


def _is_open(window: Window) -> bool:
    return window.equal.get("state", State.CLOSED.value) != State.CLOSED.value


def _with_its_index(window: Window) -> tuple[Window, list[ColumnElement[bool]]]:
    """The window and conditions beside it, said so that a database takes the index that leads to the fewest rows."""
    if _is_open(window):
        return window, [NOT_CLOSED]
    kind = window.equal.get("kind")
    if kind is None or window.equal.keys().isdisjoint(_FEW):
        return window, []
    equal = {name: value for name, value in window.equal.items() if name != "kind"}
    return replace(window, equal=equal), [calls.c.kind.concat("") == kind]


def _stretch(asked: Select[Any], window: Window, begin: Position | None, end: Position | None) -> Select[Any]:
    """Where its ends are known the window's own say no more, and a database would take them for the way in."""
    if end is None:
        return page_of(asked, calls, "received_at", window, begin)
    endless = replace(window, until=None) if window.oldest_first else replace(window, since=None)
    return page_of(asked, calls, "received_at", endless, begin).where(_as_far_as(end, window))


def _as_far_as(end: Position, window: Window) -> ColumnElement[bool]:
    here, there = tuple_(calls.c.received_at, calls.c.id), tuple_(end.at, end.id)
    return here <= there if window.oldest_first else here >= there
