"""What a call is recognised by, what another process needs to go on with it, who holds it, and what people did."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_CALLS = "itsm_gateway_calls"
_DETAILS = "itsm_gateway_call_details"
_OWNERS = "itsm_gateway_owners"
_FINDINGS = "itsm_gateway_findings"
_AUDIT = "itsm_gateway_audit"


def upgrade() -> None:
    """Add columns and tables; what is there already stays as it is."""
    _widen_calls()
    _widen_details()
    _make_owners()
    _make_findings()
    _make_audit()


def _widen_calls() -> None:
    for column in (
        sa.Column("claim", sa.String(64)),
        sa.Column("fingerprint", sa.String(200)),
        sa.Column("abandoned_at", sa.Double),
        sa.Column("absent_from", sa.Double),
        sa.Column("next_try_at", sa.Double),
        sa.Column("rank", sa.Integer),
        sa.Column("tries", sa.Integer),
        sa.Column("queued_bytes", sa.Integer),
    ):
        op.add_column(_CALLS, column)
    not_closed = sa.text("state != 'closed'")
    op.drop_index(f"{_CALLS}_open", _CALLS)
    op.create_index(
        f"{_CALLS}_open",
        _CALLS,
        ["state", "received_at"],
        sqlite_where=not_closed,
        postgresql_where=not_closed,
    )
    _index_where_known(_CALLS, "claim", "claim", unique=True)
    _index_where_known(_CALLS, "abandoned", "abandoned_at", "fingerprint")
    _index_where_known(_CALLS, "next_try", "next_try_at")


def _widen_details() -> None:
    op.add_column(_DETAILS, sa.Column("request", sa.JSON))
    op.add_column(_DETAILS, sa.Column("replay", sa.LargeBinary))
    op.add_column(_DETAILS, sa.Column("replay_until", sa.Double))
    _index_where_known(_DETAILS, "replay_until", "replay_until")


def _make_owners() -> None:
    op.create_table(
        _OWNERS,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("seen_at", sa.Double, nullable=False),
        sa.Column("lease_until", sa.Double, nullable=False),
    )


def _make_findings() -> None:
    op.create_table(
        _FINDINGS,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("upstream", sa.String(100), nullable=False),
        sa.Column("tickets", sa.JSON, nullable=False),
        sa.Column("call_id", sa.String(64)),
        sa.Column("found_at", sa.Double, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.Text),
    )
    op.create_index(f"{_FINDINGS}_found", _FINDINGS, ["found_at", "id"])


def _make_audit() -> None:
    op.create_table(
        _AUDIT,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text),
    )
    op.create_index(f"{_AUDIT}_at", _AUDIT, ["at", "id"])


def _index_where_known(table: str, suffix: str, *columns: str, unique: bool = False) -> None:
    known = sa.text(f"{columns[0]} IS NOT NULL")
    name = f"{table}_{suffix}"
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=known, postgresql_where=known)
