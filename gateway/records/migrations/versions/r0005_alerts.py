"""Which ticket an alert belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ALERTS = "itsm_gateway_alerts"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        _ALERTS,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(200)),
        sa.Column("ticket_key", sa.String(200)),
        sa.Column("url", sa.Text),
        sa.Column("seen_at", sa.Double, nullable=False),
    )
    op.create_index(f"{_ALERTS}_seen", _ALERTS, ["seen_at"])
