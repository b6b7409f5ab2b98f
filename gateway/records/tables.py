"""What is kept, as tables. The calls table is thin, so that questions over many calls stay fast; bodies lie apart.

Instants are Unix seconds (UTC) as double precision numbers: they compare and sort alike in SQLite and PostgreSQL, and
no driver can lose their time zone.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

PREFIX = "itsm_gateway_"
"""Every table of ours begins so; any other table in the same database belongs to somebody else and is never touched."""

metadata = MetaData()

calls = Table(
    PREFIX + "calls",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("upstream", String(100), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("route", String(100), nullable=False),
    Column("operation", String(20), nullable=False),
    Column("method", String(20), nullable=False),
    Column("target", Text, nullable=False),
    Column("resource", String(200), nullable=False),
    Column("policy", String(200)),
    Column("policy_version", String(64)),
    Column("template", String(200)),
    Column("source", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("kind", String(20)),
    Column("status", Integer),
    Column("attempts", Integer, nullable=False),
    Column("violations", Integer, nullable=False),
    Column("job_id", String(200)),
    Column("client", String(200)),
    Column("idempotency_key", String(200)),
    Column("ticket_id", String(200)),
    Column("ticket_key", String(200)),
    Column("received_at", Double, nullable=False),
    Column("last_sent_at", Double),
    Column("ended_at", Double),
    Column("settled_at", Double),
    Column("owner", String(64)),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", Double),
    Column("correlation_value", String(200)),
    Column("correlation_place", String(200)),
    Column("fenced", Boolean, nullable=False),
    Column("evidence", String(20)),
)
"""One row a call. `status` and `ended_at` say what its caller was told and when.

`settled_at` is since when `kind` is final.
`ticket_id` is what names the ticket in the platform's API: from its answer, else from the call's own target.
"""

call_details = Table(
    PREFIX + "call_details",
    metadata,
    Column("call_id", String(64), ForeignKey(calls.c.id, ondelete="CASCADE"), primary_key=True),
    Column("body", LargeBinary),
    Column("body_until", Double),
    Column("answer", LargeBinary),
    Column("attempts", JSON(none_as_null=True)),
    Column("violations", JSON(none_as_null=True)),
    Column("problem", JSON(none_as_null=True)),
    Column("events", JSON(none_as_null=True)),
)
"""What a person looks up call by call. After `body_until` the body is dropped; null keeps it as long as the call."""

tickets = Table(
    PREFIX + "tickets",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("upstream", String(100), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("resource", String(200), nullable=False),
    Column("ticket_id", String(200)),
    Column("ticket_key", String(200)),
    Column("url", Text),
    Column("call_id", String(64), nullable=False),
    Column("source", String(20), nullable=False),
    Column("template", String(200)),
    Column("job_id", String(200)),
    Column("policy", String(200)),
    Column("priority", String(100)),
    Column("attempts", Integer, nullable=False),
    Column("accepted_at", Double, nullable=False),
    Column("ticket_at", Double, nullable=False),
    Column("response_due_at", Double),
    Column("resolution_due_at", Double),
)
"""One row a ticket made through the gateway, kept long after its call; `id` is that call's id.

`ticket_at` is when the gateway knew of the ticket. Id and key are null where the platform's answer did not name them.
"""

_CALLS = PREFIX + "calls_"
_TICKETS = PREFIX + "tickets_"

Index(_CALLS + "received", calls.c.received_at, calls.c.id)
Index(_CALLS + "kind", calls.c.kind, calls.c.received_at, calls.c.id)
Index(
    _CALLS + "open", calls.c.state, sqlite_where=calls.c.state != "closed", postgresql_where=calls.c.state != "closed"
)
Index(_TICKETS + "accepted", tickets.c.accepted_at, tickets.c.id)
Index(_TICKETS + "creation", tickets.c.platform, tickets.c.upstream, tickets.c.accepted_at, tickets.c.ticket_at)


def _where_known(name: str, column: Column[object]) -> None:
    """An index over the rows that have a value: most have none and then cost nothing."""
    known = column.is_not(None)
    Index(name, column, sqlite_where=known, postgresql_where=known)


_where_known(_CALLS + "job", calls.c.job_id)
_where_known(_CALLS + "ticket_id", calls.c.ticket_id)
_where_known(_CALLS + "ticket_key", calls.c.ticket_key)
_where_known(PREFIX + "call_details_body_until", call_details.c.body_until)
_where_known(_TICKETS + "job", tickets.c.job_id)
_where_known(_TICKETS + "ticket_id", tickets.c.ticket_id)
_where_known(_TICKETS + "ticket_key", tickets.c.ticket_key)
_where_known(_TICKETS + "response_due", tickets.c.response_due_at)
_where_known(_TICKETS + "resolution_due", tickets.c.resolution_due_at)
