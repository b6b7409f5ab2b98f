"""Figures about promises, as queries over hourly sums and over the few tickets that are at stake."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, func, select

from gateway.records.listing import has_state, within
from gateway.records.record import Window
from gateway.records.sum_tables import sla_durations, sla_hours, sla_priorities
from gateway.records.sums import DAY, DECIDED, HOUR, PROMISED
from gateway.records.tables import tickets
from gateway.records.ticket_rows import COLUMNS
from gateway.sla.standing import PromiseState

PROMISES: Final = ("response", "resolution")


def whole_hours(window: Window) -> Window:
    """The window in hours since 1970, from the hour it begins in to the one it ends in: the sums know no less."""
    return _whole(window, HOUR)


def _whole(window: Window, seconds: float) -> Window:
    since, until = window.since, window.until
    return Window(
        window.equal,
        None if since is None else since // seconds,
        None if until is None else -(-until // seconds),
    )


def durations(window: Window) -> Select[Any]:
    """Per platform, how many tickets took how long, in steps, the shortest first, and what was promised of them."""
    table = sla_durations
    return (
        select(table.c.platform, table.c.step, *_summed(table, ("tickets", *PROMISED)))
        .where(*within(table, "hour", whole_hours(window)))
        .group_by(table.c.platform, table.c.step)
        .order_by(table.c.platform, table.c.step)
    )


def promises(window: Window) -> Select[Any]:
    """Of the tickets accepted in the window: promises kept and broken, and those made that stand not by `durations`."""
    return select(*_summed(sla_hours, (*PROMISED, *DECIDED))).where(*within(sla_hours, "hour", whole_hours(window)))


def priorities(window: Window) -> Select[Any]:
    """By day and priority, the promises that are decided of the tickets accepted then."""
    table = sla_priorities
    summed = [func.sum(table.c[name]).label(name) for name in DECIDED]
    return (
        select(table.c.day, table.c.priority, *summed)
        .where(*within(table, "day", _whole(window, DAY)))
        .group_by(table.c.day, table.c.priority)
        .order_by(table.c.day, table.c.priority)
    )


def at_stake(window: Window, promise: str, state: PromiseState, limit: int) -> Select[Any]:
    """Tickets whose promise stands so, whenever accepted: those due next first, of broken ones the latest accepted."""
    order = tickets.c[f"{promise}_due_at"].asc() if state is PromiseState.SOON else tickets.c.accepted_at.desc()
    return select(*COLUMNS).where(*_stand(window, promise, state)).order_by(order).limit(limit)


def count_soon(window: Window, promise: str) -> Select[Any]:
    """How many promises fall due soon."""
    return select(func.count().label("soon")).where(*_stand(window, promise, PromiseState.SOON))


def _stand(window: Window, promise: str, state: PromiseState) -> Iterator[ColumnElement[bool]]:
    """The filters are spelt so that no index of theirs is taken: the one over the few rows in this state is best."""
    yield has_state(f"{promise}_state", state)
    for name, value in window.equal.items():
        yield tickets.c[name] + "" == value


def _summed(table: Table, names: tuple[str, ...]) -> list[ColumnElement[Any]]:
    return [func.coalesce(func.sum(table.c[name]), 0).label(name) for name in names]
