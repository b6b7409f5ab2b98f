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
    literal_column,
    or_,
    text,
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
    Column("claim", String(64)),
    Column("fingerprint", String(200)),
    Column("abandoned_at", Double),
    Column("absent_from", Double),
    Column("next_try_at", Double),
    Column("rank", Integer),
    Column("tries", Integer),
    Column("queued_bytes", Integer),
)
"""One row a call. `status` and `ended_at` say what its caller was told and when.

`settled_at` is since when `kind` is final.
`ticket_id` is what names the ticket in the platform's API: from its answer, else from the call's own target.
`owner` and `epoch` name who may write the row: each new holder has a higher epoch. `lease_until` is no longer used: an
owner's lease stands in `owners`. `claim` is a digest of an idempotency key and its scope, null once the key is free.
`abandoned_at` is since when nobody knows the answer who asked. `rank`, `tries` and `queued_bytes` are the outbox's: 1
is the most urgent.
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
    Column("request", JSON(none_as_null=True)),
    Column("replay", LargeBinary),
    Column("replay_until", Double),
)
"""What a person looks up call by call, and what a process needs to go on with a call that another one left.

`attempts` is null where the call's own row tells of its one attempt: sent at `last_sent_at`, answered at `ended_at`.
After `body_until` body and request are dropped; null keeps them as long as the call. `replay` is the first answer of a
create that made its ticket, for whoever asks again; after `replay_until` it is dropped, and the key is free.
"""

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
    Column("response_seconds", Double),
    Column("resolution_seconds", Double),
    Column("calendar", String(100)),
    Column("response_state", String(10)),
    Column("resolution_state", String(10)),
    Column("phase", String(10)),
    Column("platform_state", String(100)),
    Column("responded_at", Double),
    Column("resolved_at", Double),
    Column("stopped_at", Double),
    Column("stops", JSON(none_as_null=True)),
    Column("reopened", Integer),
    Column("seen_at", Double),
    Column("polled_at", Double),
    Column("platform_sla", JSON(none_as_null=True)),
    Column("watch_at", Double),
)
"""One row a ticket made through the gateway, kept long after its call; `id` is that call's id.

A call that made several has `-2`, `-3` … behind it in the ids of the others.

`ticket_at` is when the gateway knew of the ticket. Id and key are null where the platform's answer did not name them.
`phase` and what follows is how it stands towards its promises, null where nothing was promised: `stops` are stretches
(Unix seconds) in which the resolution's clock stood, `stopped_at` since when it stands now, `seen_at` when the platform
was last seen to say so, `watch_at` when time alone will change a promise's state, `platform_sla` what the
platform says.
"""

owners = Table(
    PREFIX + "owners",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("seen_at", Double, nullable=False),
    Column("lease_until", Double, nullable=False),
)
"""The processes that hold rows. Past `lease_until` (the database's time) one counts as dead, and its rows are free."""

findings = Table(
    PREFIX + "findings",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("upstream", String(100), nullable=False),
    Column("tickets", JSON, nullable=False),
    Column("call_id", String(64)),
    Column("found_at", Double, nullable=False),
    Column("state", String(20), nullable=False),
    Column("note", Text),
)
"""Where the journal and the platform disagree; `id` is a digest of what was found, so it is found once."""

audit = Table(
    PREFIX + "audit",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", Double, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("detail", Text),
)
"""What people did to rows."""

_CALLS = PREFIX + "calls_"
_TICKETS = PREFIX + "tickets_"
_FINDINGS = PREFIX + "findings_"

NOT_CLOSED = calls.c.state != literal_column("'closed'")
"""What a question about open rows must say in these words, so that the small index over them alone is used."""

MADE_NONE = or_(calls.c.operation != literal_column("'create_ticket'"), calls.c.kind == literal_column("'replayed'"))
"""Of a call that names a ticket: another one made it. A call that made one is found by its row of `tickets`."""

Index(_CALLS + "received", calls.c.received_at, calls.c.id)
Index(_CALLS + "kind", calls.c.kind, calls.c.received_at, calls.c.id, sqlite_where=calls.c.kind.is_not(None))
Index(_CALLS + "open", calls.c.state, calls.c.received_at, sqlite_where=NOT_CLOSED)
Index(_FINDINGS + "found", findings.c.found_at, findings.c.id)
Index(PREFIX + "audit_at", audit.c.at, audit.c.id)
Index(_TICKETS + "accepted", tickets.c.accepted_at, tickets.c.id, tickets.c.platform)


def _where_known(name: str, column: Column[object], *more: Column[object], unique: bool = False) -> None:
    """An index over the rows that have a value: most have none and then cost nothing."""
    Index(name, column, *more, unique=unique, sqlite_where=column.is_not(None))


_where_known(_CALLS + "claim", calls.c.claim, unique=True)
_where_known(_CALLS + "abandoned", calls.c.abandoned_at, calls.c.fingerprint)
_where_known(_CALLS + "next_try", calls.c.next_try_at)
_where_known(_CALLS + "job", calls.c.job_id)
for _name in (calls.c.ticket_id, calls.c.ticket_key):
    Index(f"{_CALLS}{_name.name}", _name, sqlite_where=_name.is_not(None) & MADE_NONE)
_where_known(PREFIX + "call_details_body_until", call_details.c.body_until)
Index(
    PREFIX + "call_details_replay_until",
    call_details.c.replay_until,
    sqlite_where=call_details.c.replay_until.is_not(None) & call_details.c.body_until.is_(None),
)
_where_known(_TICKETS + "job", tickets.c.job_id)
_where_known(_TICKETS + "ticket_id", tickets.c.ticket_id)
_where_known(_TICKETS + "ticket_key", tickets.c.ticket_key)


def _where_it_is(suffix: str, state: Column[object], values: tuple[str, ...], *indexed: Column[object]) -> None:
    """An index over the few rows in these states."""
    listed = " OR ".join(f"{state.name} = '{value}'" for value in values)
    Index(_TICKETS + suffix, *indexed, sqlite_where=text(listed))


_where_known(_TICKETS + "watch", tickets.c.watch_at)
_where_it_is("unresolved", tickets.c.phase, ("open", "paused"), tickets.c.upstream, tickets.c.polled_at)
for _promise in ("response", "resolution"):
    _state = tickets.c[f"{_promise}_state"]
    _where_it_is(f"{_promise}_soon", _state, ("soon",), tickets.c[f"{_promise}_due_at"])
    _where_it_is(f"{_promise}_breached", _state, ("breached",), tickets.c.accepted_at, tickets.c.id)


def tell_postgresql() -> None:
    """Give the conditions of partial indexes to PostgreSQL, too; to name it loads 2 MB, which SQLite never needs."""
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        index.dialect_kwargs["postgresql_where"] = index.dialect_options["sqlite"]["where"]
