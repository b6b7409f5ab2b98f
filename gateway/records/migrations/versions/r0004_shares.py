"""Daily sums of promises by priority, and hourly ones of how the upstreams answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_PRIORITIES = "itsm_gateway_sla_priorities"
_UPSTREAMS = "itsm_gateway_upstream_hours"
_KEPT = ("response_kept", "response_breached", "resolution_kept", "resolution_breached")
_ANSWERED = ("exchanges", "answered", "turned_away", "minutes_asked", "minutes_answered")


def upgrade() -> None:
    """Add both tables; what became of the tickets that are there is summed up at once."""
    op.create_table(
        _PRIORITIES,
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("platform", sa.String(20), primary_key=True),
        sa.Column("upstream", sa.String(100), primary_key=True),
        sa.Column("policy", sa.String(200), primary_key=True),
        sa.Column("priority", sa.String(100), primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _KEPT),
    )
    op.create_table(
        _UPSTREAMS,
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("platform", sa.String(20), primary_key=True),
        sa.Column("upstream", sa.String(100), primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _ANSWERED),
    )
    day = "FLOOR(accepted_at / 86400)" if op.get_bind().dialect.name == "postgresql" else "accepted_at / 86400"
    op.execute(_SUM_UP.replace("DAY", day))


def _counted(name: str) -> str:
    promise, _, state = name.partition("_")
    return f"SUM(CASE WHEN {promise}_state = '{state}' THEN 1 ELSE 0 END)"


_SUM_UP = f"""
INSERT INTO {_PRIORITIES} (day, platform, upstream, policy, priority, {", ".join(_KEPT)})
SELECT CAST(DAY AS INTEGER), platform, upstream, COALESCE(policy, ''), COALESCE(priority, ''),
    {", ".join(_counted(name) for name in _KEPT)}
FROM itsm_gateway_tickets
WHERE response_state IN ('kept', 'breached') OR resolution_state IN ('kept', 'breached')
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  # nothing in it comes from outside
