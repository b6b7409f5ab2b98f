"""The first tables: calls, their details, and the tickets they made."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_CALLS = "itsm_gateway_calls"
_DETAILS = "itsm_gateway_call_details"
_TICKETS = "itsm_gateway_tickets"


def upgrade() -> None:
    """Make the three tables and what finds their rows."""
    _make_calls()
    _make_call_details()
    _make_tickets()


def _make_calls() -> None:
    op.create_table(
        _CALLS,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("upstream", sa.String(100), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("route", sa.String(100), nullable=False),
        sa.Column("operation", sa.String(20), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("resource", sa.String(200), nullable=False),
        sa.Column("policy", sa.String(200)),
        sa.Column("policy_version", sa.String(64)),
        sa.Column("template", sa.String(200)),
        sa.Column("source", sa.String(20), nullable=False),
        *_what_became_of_it(),
        *_who_may_act_on_it(),
    )
    op.create_index(f"{_CALLS}_received", _CALLS, ["received_at", "id"])
    op.create_index(f"{_CALLS}_kind", _CALLS, ["kind", "received_at", "id"])
    not_closed = sa.text("state != 'closed'")
    op.create_index(f"{_CALLS}_open", _CALLS, ["state"], sqlite_where=not_closed, postgresql_where=not_closed)
    _index_where_known(_CALLS, job="job_id", ticket_id="ticket_id", ticket_key="ticket_key")


def _what_became_of_it() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20)),
        sa.Column("status", sa.Integer),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("violations", sa.Integer, nullable=False),
        sa.Column("job_id", sa.String(200)),
        sa.Column("client", sa.String(200)),
        sa.Column("idempotency_key", sa.String(200)),
        sa.Column("ticket_id", sa.String(200)),
        sa.Column("ticket_key", sa.String(200)),
        sa.Column("received_at", sa.Double, nullable=False),
        sa.Column("last_sent_at", sa.Double),
        sa.Column("ended_at", sa.Double),
        sa.Column("settled_at", sa.Double),
    )


def _who_may_act_on_it() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("owner", sa.String(64)),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.Double),
        sa.Column("correlation_value", sa.String(200)),
        sa.Column("correlation_place", sa.String(200)),
        sa.Column("fenced", sa.Boolean, nullable=False),
        sa.Column("evidence", sa.String(20)),
    )


def _make_call_details() -> None:
    op.create_table(
        _DETAILS,
        sa.Column("call_id", sa.String(64), sa.ForeignKey(f"{_CALLS}.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("body", sa.LargeBinary),
        sa.Column("body_until", sa.Double),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("attempts", sa.JSON),
        sa.Column("violations", sa.JSON),
        sa.Column("problem", sa.JSON),
        sa.Column("events", sa.JSON),
    )
    _index_where_known(_DETAILS, body_until="body_until")


def _make_tickets() -> None:
    op.create_table(
        _TICKETS,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("upstream", sa.String(100), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("resource", sa.String(200), nullable=False),
        sa.Column("ticket_id", sa.String(200)),
        sa.Column("ticket_key", sa.String(200)),
        sa.Column("url", sa.Text),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("template", sa.String(200)),
        sa.Column("job_id", sa.String(200)),
        sa.Column("policy", sa.String(200)),
        sa.Column("priority", sa.String(100)),
        sa.Column("attempts", sa.Integer, nullable=False),
        *_when_it_was_made_and_is_due(),
    )
    op.create_index(f"{_TICKETS}_accepted", _TICKETS, ["accepted_at", "id"])
    op.create_index(f"{_TICKETS}_creation", _TICKETS, ["platform", "upstream", "accepted_at", "ticket_at"])
    _index_where_known(_TICKETS, job="job_id", ticket_id="ticket_id", ticket_key="ticket_key")
    _index_where_known(_TICKETS, response_due="response_due_at", resolution_due="resolution_due_at")


def _when_it_was_made_and_is_due() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("accepted_at", sa.Double, nullable=False),
        sa.Column("ticket_at", sa.Double, nullable=False),
        sa.Column("response_due_at", sa.Double),
        sa.Column("resolution_due_at", sa.Double),
    )


def _index_where_known(table: str, **columns: str) -> None:
    for suffix, column in columns.items():
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"{table}_{suffix}", table, [column], sqlite_where=known, postgresql_where=known)
