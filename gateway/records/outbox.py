"""Creates that wait to be delivered: claimed by whoever is free, the most urgent first, and never more than fit."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, func, literal, select, update

from gateway.domain.delivery import Attempt
from gateway.domain.frozen import frozen
from gateway.domain.outcome import OutcomeKind
from gateway.pipeline.decision import Forward
from gateway.pipeline.earlier import Pending
from gateway.pipeline.stored import LostLease, OutboxFull, Wait
from gateway.records import leases
from gateway.records.detail_rows import shown_attempts
from gateway.records.entries import Holder
from gateway.records.events import add_attempts, add_events
from gateway.records.state import ACCEPTED, FINAL_STATES, State
from gateway.records.stored_row import HELD, Restore, pending
from gateway.records.tables import NOT_CLOSED, call_details, calls


@frozen
class OutboxLimits:
    """How much may wait, for its upstream or for certainty; `size` is the bodies' bytes together."""

    rows: int = 20_000
    size: int = 512 * 1024 * 1024


@frozen
class Depth:
    """How much waits, and since when the oldest does (Unix seconds, None where nothing waits).

    `dead` were given up; `unsettled` may have taken effect, by platform.
    """

    rows: int
    size: int
    oldest: float | None
    dead: int = 0
    unsettled: Mapping[str, int] = field(default_factory=dict)


IS_ACCEPTED: Final = calls.c.status == ACCEPTED
"""Of a row that is open: its caller was told 202."""

_WAITING: Final = NOT_CLOSED & (calls.c.state == State.QUEUED.value)
_DEPTH: Final = select(
    func.count().label("rows"),
    func.coalesce(func.sum(calls.c.queued_bytes), 0).label("size"),
    func.min(calls.c.received_at).label("oldest"),
).where(_WAITING)
_PROMISED: Final = select(
    func.count().label("rows"), func.coalesce(func.sum(calls.c.queued_bytes), 0).label("size")
).where(NOT_CLOSED, calls.c.state != State.DEAD.value, IS_ACCEPTED)
_SIZE: Final = select(func.length(call_details.c.body)).where(call_details.c.call_id == calls.c.id).scalar_subquery()
_ASKING: Final = select(calls.c.status, _SIZE).where(calls.c.id == bindparam("call"))
_COUNTS: Final = (
    select(calls.c.state, calls.c.platform, func.count().label("rows"))
    .where(NOT_CLOSED, calls.c.state.in_((State.DEAD.value, State.AMBIGUOUS.value)))
    .group_by(calls.c.state, calls.c.platform)
)


def queue(
    connection: Connection, forward: Forward, wait: Wait, holder: Holder, room: OutboxLimits, at: float
) -> LostLease | OutboxFull | None:
    """Put an open call into the outbox, unless that is full; None when it is in, and its caller may be told 202."""
    if full := _full(connection, forward.call.id, room):
        return full
    values: dict[str, Any] = {
        "queued_bytes": len(forward.body),
        "rank": wait.rank,
        "tries": 0,
        "kind": OutcomeKind.QUEUED.value,
        "status": func.coalesce(calls.c.status, literal(ACCEPTED)),
        "ended_at": func.coalesce(calls.c.ended_at, at),
    }
    if not wait.attempts:
        values |= {"attempts": 0, "last_sent_at": None}
    lost = _put_back(connection, forward.call.id, holder, values | {"next_try_at": wait.next_try_at})
    if lost is None and wait.attempts:
        add_attempts(connection, forward.call.id, shown_attempts(wait.attempts))
    return lost


def due(
    connection: Connection, now: float, limit: int, owner: str, restore: Restore, apart: frozenset[str] = frozenset()
) -> tuple[Pending, ...]:
    """Claim what is to be tried by now, apart from what is for certain upstreams."""
    waiting = _WAITING & (calls.c.next_try_at <= now) & leases.held_by_nobody(connection, owner)
    if apart:
        waiting &= calls.c.upstream.not_in(sorted(apart))
    order = (calls.c.rank, calls.c.received_at, calls.c.id)
    return claim(connection, HELD.where(waiting).order_by(*order).limit(limit), owner, restore)


def expired(connection: Connection, limit: int, owner: str, restore: Restore) -> tuple[Pending, ...]:
    """Claim what nobody alive goes on with, the longest open first."""
    leases.release_gone(connection, owner)
    leases.release_unheld(connection, owner)
    left = NOT_CLOSED & (calls.c.state == State.AMBIGUOUS.value) & leases.held_by_nobody(connection, owner)
    return claim(connection, HELD.where(left).order_by(calls.c.received_at, calls.c.id).limit(limit), owner, restore)


def claim(connection: Connection, asked: Any, owner: str, restore: Restore) -> tuple[Pending, ...]:
    """Take the rows asked for; on PostgreSQL those that another process is just taking are passed over."""
    rows: list[Row[Any]] = list(connection.execute(asked.with_for_update(of=calls, skip_locked=True)))
    for row in rows:
        connection.execute(_TAKE, {"call": row.id, "by_owner": owner, "in_epoch": row.epoch + 1})
    return tuple(held for row in rows if (held := pending(row, row.epoch + 1, restore)))


_TAKE: Final = (
    update(calls)
    .where(calls.c.id == bindparam("call"))
    .values(owner=bindparam("by_owner"), epoch=bindparam("in_epoch"))
)


def reschedule(
    connection: Connection, call_id: str, next_try_at: float, holder: Holder, attempts: tuple[Attempt, ...]
) -> LostLease | None:
    """Try it again later: certainly nothing was made."""
    values = {"next_try_at": next_try_at, "tries": func.coalesce(calls.c.tries, 0) + 1}
    lost = _put_back(connection, call_id, holder, values)
    if lost is None and attempts:
        add_attempts(connection, call_id, shown_attempts(attempts))
    return lost


def hasten(connection: Connection, upstream: str, now: float) -> int:
    """Let everything that waits for an upstream be tried now; how much that is."""
    waiting = _WAITING & (calls.c.upstream == upstream) & (calls.c.next_try_at > now)
    return connection.execute(update(calls).where(waiting).values(next_try_at=now)).rowcount


def bury(connection: Connection, call_id: str, reason: str, holder: Holder, at: float) -> LostLease | None:
    """Give it up: it is shown, and tried again only where a person says so; its key is free."""
    values = {
        "state": State.DEAD.value,
        "settled_at": at,
        "next_try_at": None,
        "claim": None,
        "abandoned_at": None,
        "owner": None,
    }
    lost = change(connection, call_id, holder, values)
    if lost is None:
        add_events(connection, call_id, [{"at": at, "event": "buried", "reason": reason}])
    return lost


def park(
    connection: Connection, call_id: str, holder: Holder, told: dict[str, Any], room: OutboxLimits, at: float
) -> LostLease | OutboxFull | None:
    """Nobody can say yet what became of it; None when it waits for that, and its caller may be told 202."""
    if full := _full(connection, call_id, room):
        return full
    values = told | {
        "state": State.AMBIGUOUS.value,
        "kind": OutcomeKind.QUEUED.value,
        "status": func.coalesce(calls.c.status, literal(ACCEPTED)),
        "ended_at": func.coalesce(calls.c.ended_at, at),
        "queued_bytes": _SIZE,
    }
    return change(connection, call_id, holder, values)


def depth(connection: Connection) -> Depth:
    """How much waits now."""
    row = connection.execute(_DEPTH).one()
    return Depth(int(row.rows), int(row.size), row.oldest)


def overall(connection: Connection) -> Depth:
    """How much waits, for its upstream, for a person or for certainty."""
    counted = connection.execute(_COUNTS).all()
    return replace(
        depth(connection),
        dead=sum(row.rows for row in counted if row.state == State.DEAD.value),
        unsettled={row.platform: row.rows for row in counted if row.state == State.AMBIGUOUS.value},
    )


def change(connection: Connection, call_id: str, holder: Holder, values: dict[str, Any]) -> LostLease | None:
    """Change an open row as its holder; a stale one is told that it lost it."""
    changed = connection.execute(update(calls).where(*held_open(calls, call_id, holder)).values(values))
    return None if changed.rowcount else LostLease(f"call {call_id} is in other hands by now")


def held_open(rows: Table, call_id: str, holder: Holder) -> tuple[ColumnElement[bool], ...]:
    """That a row is open, and this holder's."""
    mine = (rows.c.owner == holder.owner) & (rows.c.epoch == holder.epoch)
    return rows.c.id == call_id, mine, rows.c.state.not_in(FINAL_STATES)


def _full(connection: Connection, call_id: str, room: OutboxLimits) -> OutboxFull | None:
    """What was accepted before has its place, whatever it waits for; None where there is one for this call, too."""
    told, size = connection.execute(_ASKING, {"call": call_id}).one_or_none() or (None, 0)
    if told == ACCEPTED:
        return None
    there = connection.execute(_PROMISED).one()
    if there.rows < room.rows and there.size + (size or 0) <= room.size:
        return None
    return OutboxFull(int(there.rows), int(there.size))


def _put_back(connection: Connection, call_id: str, holder: Holder, values: dict[str, Any]) -> LostLease | None:
    """Free for whoever is next."""
    free = {"state": State.QUEUED.value, "owner": None, "evidence": None, "absent_from": None}
    return change(connection, call_id, holder, free | values)
