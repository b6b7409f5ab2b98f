"""Figures about promises, as queries: only what due times and creation times can tell."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from gateway.records.listing import within
from gateway.records.record import Window
from gateway.records.tables import tickets

SOON_SECONDS = 3600.0
"""A promise is due soon when its due time lies at most this far ahead."""

_ACCEPTED = "accepted_at"
_took = tickets.c.ticket_at - tickets.c.accepted_at


def creation_counts(window: Window, target_seconds: float) -> Select[Any]:
    """Per platform: how many tickets, and how many of them within the target."""
    return (
        select(
            tickets.c.platform, func.count().label("tickets"), _count(_took <= target_seconds).label("within_target")
        )
        .where(*within(tickets, _ACCEPTED, window))
        .group_by(tickets.c.platform)
        .order_by(tickets.c.platform)
    )


def creation_p95(window: Window, platform: str, count: int) -> Select[Any]:
    """The duration that 95 of 100 tickets of a platform did not exceed (nearest rank)."""
    rank = -(-count * 95 // 100)
    return (
        select(_took.label("seconds"))
        .where(tickets.c.platform == platform, *within(tickets, _ACCEPTED, window))
        .order_by(_took)
        .offset(rank - 1)
        .limit(1)
    )


def promises(window: Window, now: float) -> Select[Any]:
    """Of the tickets accepted in the window: promises made, due times passed, and those that pass soon."""
    counted = [
        figure
        for kind, due in (("response", tickets.c.response_due_at), ("resolution", tickets.c.resolution_due_at))
        for figure in (
            func.count(due).label(f"{kind}_promised"),
            _count(due < now).label(f"{kind}_due_passed"),
            _count(_soon(due, now)).label(f"{kind}_due_soon"),
        )
    ]
    return select().add_columns(*counted).where(*within(tickets, _ACCEPTED, window))


def due_soon(window: Window, now: float, limit: int) -> Select[Any]:
    """The tickets whose promises pass next, whenever they were accepted."""
    response, resolution = (
        case((_soon(due, now), due), else_=now + SOON_SECONDS)
        for due in (tickets.c.response_due_at, tickets.c.resolution_due_at)
    )
    first = case((response < resolution, response), else_=resolution)
    return (
        select(*tickets.c)
        .where(or_(_soon(tickets.c.response_due_at, now), _soon(tickets.c.resolution_due_at, now)))
        .where(*within(tickets, _ACCEPTED, Window(equal=window.equal)))
        .order_by(first, tickets.c.id)
        .limit(limit)
    )


def _soon(due: ColumnElement[float | None], now: float) -> ColumnElement[bool]:
    return (due >= now) & (due < now + SOON_SECONDS)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
