"""Creates over time, as one query: how many ended how, and how long their callers waited."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from sqlalchemy import ColumnElement, Integer, RowMapping, Select, case, cast, func, select

from gateway.domain.call import Operation
from gateway.domain.frozen import frozen
from gateway.domain.outcome import OutcomeKind
from gateway.records.listing import within
from gateway.records.record import Window
from gateway.records.tables import calls

UNDER_WAY = "under_way"
"""Stands for the outcome of a create that has none yet."""

_NO_CREATES = (OutcomeKind.DRY_RUN.value, OutcomeKind.REPLAYED.value)
"""These ask for a create and make none; no figure counts them."""


@frozen
class Bucket:
    """The creates that were received in one step of a window; `number` counts the steps from 0."""

    number: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    retried: int = 0
    mean_seconds: float | None = None
    slowest_seconds: float | None = None


def creates_over_time(window: Window, since: float, step: float) -> Select[Any]:
    """Per step and outcome: how many, how many of them retried, how long they took."""
    took = calls.c.ended_at - calls.c.received_at
    number = _whole((calls.c.received_at - since) / step).label("number")
    return (
        select(
            number,
            calls.c.kind,
            func.count().label("calls"),
            func.sum(case((calls.c.attempts > 1, 1), else_=0)).label("retried"),
            func.count(took).label("ended"),
            func.sum(took).label("seconds"),
            func.max(took).label("slowest"),
        )
        .where(
            calls.c.operation == Operation.CREATE_TICKET.value,
            calls.c.kind.is_(None) | calls.c.kind.not_in(_NO_CREATES),
            *within(calls, "received_at", window),
        )
        .group_by(number, calls.c.kind)
        .order_by(number)
    )


def buckets_of(rows: Iterable[RowMapping]) -> tuple[Bucket, ...]:
    """The rows of one step gathered; steps without a create are left out."""
    steps: dict[int, list[RowMapping]] = {}
    for row in rows:
        steps.setdefault(row["number"], []).append(row)
    return tuple(_bucket(number, of_step) for number, of_step in steps.items())


def _bucket(number: int, rows: list[RowMapping]) -> Bucket:
    ended = sum(row["ended"] for row in rows)
    return Bucket(
        number=number,
        outcomes={row["kind"] or UNDER_WAY: row["calls"] for row in rows},
        retried=sum(row["retried"] for row in rows),
        mean_seconds=sum(row["seconds"] or 0.0 for row in rows) / ended if ended else None,
        slowest_seconds=max((row["slowest"] for row in rows if row["slowest"] is not None), default=None),
    )


def _whole(number: ColumnElement[Any]) -> ColumnElement[int]:
    """Rounded down: a cast cuts in SQLite and rounds to the nearest in PostgreSQL."""
    near = cast(number, Integer)
    return near - case((near > number, 1), else_=0)
