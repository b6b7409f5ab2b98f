"""How each ticket stands towards its promises, and hourly sums, so that questions over a million tickets stay fast."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TICKETS = "itsm_gateway_tickets"
_HOURS = "itsm_gateway_sla_hours"
_DURATIONS = "itsm_gateway_sla_durations"

_KEY = ("hour", "platform", "upstream", "policy")
_ROWS_AT_ONCE = 5_000


def upgrade() -> None:
    """Add columns and tables, and sum up the tickets that are there.

    For a while new databases had all of it at once and said that they were a step behind.
    """
    if sa.inspect(op.get_bind()).has_table(_HOURS):
        return
    _widen_tickets()
    _make_sums()
    _sum_up()


def _widen_tickets() -> None:
    for column in (
        sa.Column("response_seconds", sa.Double),
        sa.Column("resolution_seconds", sa.Double),
        sa.Column("calendar", sa.String(100)),
        sa.Column("response_state", sa.String(10)),
        sa.Column("resolution_state", sa.String(10)),
        sa.Column("phase", sa.String(10)),
        sa.Column("platform_state", sa.String(100)),
        sa.Column("responded_at", sa.Double),
        sa.Column("resolved_at", sa.Double),
        sa.Column("stopped_at", sa.Double),
        sa.Column("stops", sa.JSON),
        sa.Column("reopened", sa.Integer),
        sa.Column("seen_at", sa.Double),
        sa.Column("polled_at", sa.Double),
        sa.Column("platform_sla", sa.JSON),
        sa.Column("watch_at", sa.Double),
    ):
        op.add_column(_TICKETS, column)
    _index_where("watch", "watch_at IS NOT NULL", "watch_at")
    _index_where("unresolved", "phase = 'open' OR phase = 'paused'", "upstream", "polled_at")
    for promise in ("response", "resolution"):
        _index_where(f"{promise}_soon", f"{promise}_state = 'soon'", f"{promise}_due_at")
        _index_where(f"{promise}_breached", f"{promise}_state = 'breached'", "accepted_at", "id")
    op.drop_index(f"{_TICKETS}_creation", _TICKETS)
    op.create_index(f"{_TICKETS}_platform", _TICKETS, ["platform", "accepted_at", "id"])


def _index_where(suffix: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(f"{_TICKETS}_{suffix}", _TICKETS, list(columns), sqlite_where=where, postgresql_where=where)


def _key() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("platform", sa.String(20), primary_key=True),
        sa.Column("upstream", sa.String(100), primary_key=True),
        sa.Column("policy", sa.String(200), primary_key=True),
    )


def _make_sums() -> None:
    counts = [
        sa.Column(f"{promise}_{figure}", sa.Integer, nullable=False)
        for promise in ("response", "resolution")
        for figure in ("promised", "kept", "breached")
    ]
    op.create_table(_HOURS, *_key(), *counts)
    op.create_table(
        _DURATIONS,
        *_key(),
        sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tickets", sa.Integer, nullable=False),
    )


def _sum_up() -> None:
    """Whether the old tickets' promises were kept nobody knows; they count as promised."""
    connection = op.get_bind()
    names = ("accepted_at", "ticket_at", "platform", "upstream", "policy", "response_due_at", "resolution_due_at")
    read: list[sa.ColumnElement[Any]] = [sa.column(name) for name in names]
    asked = sa.select().add_columns(*read).select_from(sa.table(_TICKETS))
    durations: Counter[tuple[Any, ...]] = Counter()
    responses: Counter[tuple[Any, ...]] = Counter()
    resolutions: Counter[tuple[Any, ...]] = Counter()
    for row in connection.execute(asked):
        key = (int(row.accepted_at // 3600), row.platform, row.upstream, row.policy or "")
        durations[(*key, _step(row.ticket_at - row.accepted_at))] += 1
        responses[key] += row.response_due_at is not None
        resolutions[key] += row.resolution_due_at is not None
    for some in _portions([(*key, count) for key, count in durations.items()]):
        _insert(_DURATIONS, (*_KEY, "step", "tickets"), some)
    columns = (*_KEY, "response_promised", "resolution_promised")
    for some in _portions([(*key, count, resolutions[key]) for key, count in responses.items()]):
        _insert(_HOURS, columns, some)


def _step(seconds: float) -> int:
    return min(max(math.ceil(math.log(max(seconds, 1e-3) / 2.0) / math.log(1.1)), -60), 60)


def _portions(rows: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[start : start + _ROWS_AT_ONCE]


def _insert(table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    zeros = {"response_kept": 0, "response_breached": 0, "resolution_kept": 0, "resolution_breached": 0}
    fixed = zeros if table == _HOURS else {}
    target = sa.table(table, *(sa.column(name) for name in (*columns, *fixed)))
    op.bulk_insert(target, [dict(zip(columns, row, strict=True)) | fixed for row in rows])
