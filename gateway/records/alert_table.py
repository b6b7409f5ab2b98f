"""Which ticket an alert belongs to, as a table."""

from sqlalchemy import Column, Double, Index, String, Table, Text

from gateway.records.tables import PREFIX, metadata

alerts = Table(
    PREFIX + "alerts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("ticket_id", String(200)),
    Column("ticket_key", String(200)),
    Column("url", Text),
    Column("seen_at", Double, nullable=False),
)
"""Which ticket an alert belongs to; `id` is a digest of its labels and of when it began, `seen_at` when it was told of.

A ticket that was made later than its call was answered stands in `tickets` alone.
"""

Index(PREFIX + "alerts_seen", alerts.c.seen_at)
