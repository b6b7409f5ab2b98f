"""Who holds a row, for how long, and what becomes of the rows of a process that is gone.

On SQLite one process holds the file, so every other owner is gone. On PostgreSQL an owner is gone when its lease, in
the database's time, has run out, or when none of its connections is left: a killed process is noticed at once.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Row,
    Select,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    extract,
    func,
    or_,
    select,
    table,
    update,
)

from gateway.domain.outcome import OutcomeKind
from gateway.domain.verdict import Evidence
from gateway.records.events import add_events
from gateway.records.state import AT_WORK_STATES, State
from gateway.records.tables import NOT_CLOSED, calls, owners
from gateway.records.upsert import insert_or_change, is_postgresql

APPLICATION: Final = "itsm-gateway "
"""A connection's name in PostgreSQL is this and its owner's id."""

_UNREAD_SECONDS: Final = 1.0
"""An answer written down so shortly before its process died may never have reached its caller."""
_LONGEST_CALL_SECONDS: Final = 3600.0

_database_now: Final = cast(extract("epoch", func.clock_timestamp()), Double)
_activity: Final = table("pg_stat_activity", column("application_name"))
_connected: Final = exists().where(_activity.c.application_name == APPLICATION + owners.c.id)

_RENEW: Final = insert_or_change(owners, {"seen_at": None, "lease_until": None})
_GONE: Final = (
    select(owners)
    .where(owners.c.id != bindparam("me"), or_(owners.c.lease_until <= _database_now, ~_connected))
    .with_for_update(skip_locked=True)
)
_HAS_LEASE: Final = exists().where(owners.c.id == calls.c.owner, owners.c.lease_until > _database_now)


def renew(connection: Connection, owner: str, at: float, seconds: float) -> None:
    """Hold all rows of this owner for so many seconds from now, by one row; `at` is its own clock."""
    now = connection.execute(select(_database_now)).scalar_one() if is_postgresql(connection) else at
    connection.execute(_RENEW[connection.dialect.name], {"id": owner, "seen_at": at, "lease_until": now + seconds})


def held_by_nobody(connection: Connection, me: str) -> ColumnElement[bool]:
    """The condition that neither this process nor another living one holds a row."""
    not_mine = calls.c.owner.is_(None) | (calls.c.owner != me)
    return not_mine & ~_HAS_LEASE if is_postgresql(connection) else not_mine


def is_held(connection: Connection, call_id: str, me: str) -> bool:
    """Whether this process or another living one holds a row."""
    free = select(calls.c.id).where(calls.c.id == call_id, held_by_nobody(connection, me))
    return connection.execute(free).one_or_none() is None


def leads(connection: Connection, me: str) -> bool:
    """Whether this process is the one, of those that share the database, that does what is to be done once."""
    if not is_postgresql(connection):
        return True
    first = select(func.min(owners.c.id)).where(owners.c.lease_until > _database_now)
    return bool(connection.execute(first).scalar() == me)


def release_gone(connection: Connection, me: str) -> int:
    """Free the rows of owners that are gone; how many calls they left in mid-call."""
    if not is_postgresql(connection):
        return 0  # whoever was there before was released when the file was opened
    return _release(connection, connection.execute(_GONE, {"me": me}).all())


def release_others(connection: Connection, me: str) -> int:
    """Free the rows of every other owner, for whoever is alone; how many calls they left in mid-call."""
    others = connection.execute(select(owners).where(owners.c.id != me)).all()
    return _release(connection, others) + release_unheld(connection, me)


def release_unheld(connection: Connection, me: str) -> int:
    """Free what is at work by its state, and by nobody; how many calls that were."""
    return _leave(connection, held_by_nobody(connection, me), last_seen=0.0)


def release_own(connection: Connection, me: str) -> int:
    """Free this owner's own rows at its orderly end: the answers it wrote down have left."""
    left = _leave(connection, calls.c.owner == me, last_seen=0.0)
    connection.execute(delete(owners).where(owners.c.id == me))
    return left


def _release(connection: Connection, gone: Sequence[Row[Any]]) -> int:
    left = 0
    for owner in gone:
        left += _leave(connection, calls.c.owner == owner.id, owner.seen_at)
        _offer_unread(connection, owner)
        connection.execute(delete(owners).where(owners.c.id == owner.id))
    return left


def _leave(connection: Connection, whose: ColumnElement[bool], last_seen: float) -> int:
    """Show as unconfirmed and abandoned what was in mid-call: no caller can have got an answer."""
    left = NOT_CLOSED & calls.c.state.in_(AT_WORK_STATES) & whose
    ids = connection.execute(select(calls.c.id).where(left).with_for_update(skip_locked=True)).scalars().all()
    died_at = func.coalesce(calls.c.last_sent_at, calls.c.received_at)
    for call_id in ids:
        add_events(connection, call_id, [{"at": last_seen or _instant(connection, call_id), "event": "left_open"}])
    connection.execute(
        update(calls)
        .where(calls.c.id.in_(ids))
        .values(
            state=State.AMBIGUOUS.value,
            kind=OutcomeKind.UNCONFIRMED.value,
            evidence=func.coalesce(calls.c.evidence, Evidence.SILENT.value),
            abandoned_at=case((died_at > last_seen, died_at), else_=last_seen),
        )
    )
    return len(ids)


def _instant(connection: Connection, call_id: str) -> float:
    sent = select(func.coalesce(calls.c.last_sent_at, calls.c.received_at)).where(calls.c.id == call_id)
    return float(connection.execute(sent).scalar_one())


def _offer_unread(connection: Connection, owner: Row[Any]) -> None:
    """Count tickets as abandoned whose answer was written down last of all: their callers may not have read it."""
    answered = (
        (calls.c.received_at > owner.seen_at - _LONGEST_CALL_SECONDS)
        & (calls.c.owner == owner.id)
        & (calls.c.state == State.CLOSED.value)
    )
    last: Select[Any] = select(func.max(calls.c.ended_at)).where(answered)
    sign_of_life = max(connection.execute(last).scalar() or 0.0, owner.seen_at)
    made = calls.c.kind.in_((OutcomeKind.CREATED.value, OutcomeKind.RECONCILED.value))
    unread = made & calls.c.fingerprint.is_not(None) & (calls.c.ended_at > sign_of_life - _UNREAD_SECONDS)
    connection.execute(update(calls).where(answered, unread).values(abandoned_at=calls.c.ended_at))
