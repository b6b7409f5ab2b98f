"""A call that made a ticket is found by the ticket's own row: names of tickets are indexed once, not twice."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_CALLS = "itsm_gateway_calls"


def upgrade() -> None:
    """Leave only those calls in the indexes that name a ticket which another call made."""
    for name in ("ticket_id", "ticket_key"):
        where = sa.text(f"{name} IS NOT NULL AND (operation != 'create_ticket' OR kind = 'replayed')")
        op.drop_index(f"{_CALLS}_{name}", _CALLS)
        op.create_index(f"{_CALLS}_{name}", _CALLS, [name], sqlite_where=where, postgresql_where=where)
