"""Recognising, in the commit that would insert a create, the earlier one that it repeats."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Double, Row, bindparam, exists, literal_column, select, update

from gateway.domain.outcome import OutcomeKind
from gateway.pipeline.earlier import Earlier, Standing
from gateway.records import leases
from gateway.records.entries import Opening
from gateway.records.prepared import Question
from gateway.records.rows import digest, opened_call
from gateway.records.state import AT_WORK_STATES, State
from gateway.records.statements import OPEN_CALL
from gateway.records.stored_row import HELD, Restore, earlier, pending
from gateway.records.tables import calls

Recognised: TypeAlias = Mapping[int, Earlier]
"""By the number of the opening: the row that it repeats."""

_ABANDONED: Final = (
    select(calls.c.id, calls.c.fingerprint)
    .where(
        calls.c.fingerprint.in_(bindparam("fingerprints", expanding=True)),
        calls.c.abandoned_at > bindparam("since"),
    )
    .order_by(calls.c.abandoned_at, calls.c.id)
    .with_for_update(skip_locked=True)
)
"""One caller per row: on PostgreSQL a row that another process is just taking is passed over."""

_ANY_ABANDONED: Final = Question(
    select(literal_column("1")).where(exists().where(calls.c.abandoned_at > bindparam("since", type_=Double))),
    ("since",),
)
"""Callers seldom hang up, and this is asked of every create: so it is asked before which creates they left."""

_BY_CLAIM: Final = HELD.where(calls.c.claim == bindparam("digest")).with_for_update(of=calls)
_BY_ID: Final = HELD.where(calls.c.id == bindparam("call"))
_JOIN: Final = update(calls).where(calls.c.id == bindparam("call")).values(abandoned_at=None)
_TAKE: Final = _JOIN.values(
    state=State.RECONCILING.value, owner=bindparam("by_owner"), epoch=bindparam("in_epoch"), settled_at=None
)
_FREE: Final = update(calls).where(calls.c.id == bindparam("call")).values(claim=None)
_FINISHED: Final = frozenset({OutcomeKind.CREATED.value, OutcomeKind.RECONCILED.value})
_MOST_TRIES: Final = 5


def recognise(connection: Connection, entries: Sequence[Opening], restore: Restore) -> Recognised:
    """Insert the keyed creates among the entries, and tell which entries repeat an earlier row.

    The row that is repeated is taken in the same breath, unless somebody is at work on it.
    """
    keyed = [(number, entry) for number, entry in enumerate(entries) if is_keyed(entry)]
    keyless = [(number, entry) for number, entry in enumerate(entries) if entry.claim and entry.claim.key is None]
    if not keyed and not keyless:
        return {}
    leases.release_gone(connection, entries[0].owner)
    return dict(_by_key(connection, keyed, restore)) | dict(_abandoned(connection, keyless, restore))


def is_keyed(entry: Opening) -> bool:
    """Such a create is inserted when it is seen that nobody has its key: the one shows the other."""
    return entry.claim is not None and entry.claim.key is not None


def join(connection: Connection, call_id: str, owner: str, restore: Restore) -> Earlier | None:
    """How a row stands, taken where nobody is at work on it; None where it left no ticket, or is not there."""
    leases.release_gone(connection, owner)
    row = connection.execute(_BY_ID.with_for_update(of=calls), {"call": call_id}).one_or_none()
    return None if row is None else _taken(connection, row, owner, restore)


def look(connection: Connection, call_id: str, owner: str) -> Earlier | None:
    """How a row stands, and nothing more; None where it left no ticket, or is not there."""
    row = connection.execute(_BY_ID, {"call": call_id}).one_or_none()
    standing = None if row is None else _standing(connection, row, owner)
    return None if row is None or standing is None else earlier(row, standing)


def _by_key(
    connection: Connection, keyed: Sequence[tuple[int, Opening]], restore: Restore
) -> Iterator[tuple[int, Earlier]]:
    for number, entry in keyed:
        met = _insert_or_meet(connection, entry, restore)
        if met is not None:
            yield number, met


def _insert_or_meet(connection: Connection, entry: Opening, restore: Restore) -> Earlier | None:
    """None where the row was inserted; where the key is just being freed, the insert is tried again."""
    row, claimed = opened_call(entry), digest(entry.claim) if entry.claim else None
    for _ in range(_MOST_TRIES):
        if OPEN_CALL.count(connection, [row]):
            return None
        there = connection.execute(_BY_CLAIM, {"digest": claimed}).one_or_none()
        if there is not None and (met := _met(connection, there, entry, restore)):
            return met
    raise ValueError(f"the row of call {entry.forward.call.id} cannot be inserted, and no other has its key")


def _met(connection: Connection, there: Row[Any], entry: Opening, restore: Restore) -> Earlier | None:
    """A key that comes with another body is nobody's to take over, and one that a policy made is free in time."""
    if _has_run_out(there, entry):
        connection.execute(_FREE, {"call": there.id})
        return None
    if entry.claim and there.fingerprint == entry.claim.fingerprint:
        return _taken(connection, there, entry.owner, restore)
    standing = _standing(connection, there, entry.owner)
    return earlier(there, standing) if standing else None


def _has_run_out(there: Row[Any], entry: Opening) -> bool:
    within = entry.claim.within if entry.claim else None
    return within is not None and there.state == State.CLOSED.value and there.received_at < entry.at - within


def _abandoned(
    connection: Connection, keyless: Sequence[tuple[int, Opening]], restore: Restore
) -> Iterator[tuple[int, Earlier]]:
    if not keyless:
        return
    candidates = _candidates(connection, [entry for _, entry in keyless])
    for number, entry in keyless if candidates else ():
        taken = _first_taken(connection, candidates[_fingerprint(entry)], entry.owner, restore)
        if taken is not None:
            yield number, taken


def _candidates(connection: Connection, asking: Sequence[Opening]) -> Mapping[str, deque[str]]:
    """The rows that were abandoned, the longest ago first, by their fingerprints."""
    since = min(entry.abandoned_since for entry in asking)
    candidates: dict[str, deque[str]] = defaultdict(deque)
    if not _ANY_ABANDONED.has_answer(connection, since):
        return candidates
    fingerprints = list({_fingerprint(entry) for entry in asking})
    for row in connection.execute(_ABANDONED, {"fingerprints": fingerprints, "since": since}):
        candidates[row.fingerprint].append(row.id)
    return candidates


def _first_taken(connection: Connection, waiting: deque[str], owner: str, restore: Restore) -> Earlier | None:
    while waiting:
        row = connection.execute(_BY_ID, {"call": waiting.popleft()}).one()
        if taken := _taken(connection, row, owner, restore):
            return taken
    return None


def _fingerprint(entry: Opening) -> str:
    return entry.claim.fingerprint if entry.claim else ""


def _taken(connection: Connection, row: Row[Any], owner: str, restore: Restore) -> Earlier | None:
    """How the row stands; from now on it is this owner's, or its caller is one who waits for it."""
    standing = _standing(connection, row, owner)
    if standing is Standing.OPEN:
        epoch = row.epoch + 1
        connection.execute(_TAKE, {"call": row.id, "by_owner": owner, "in_epoch": epoch})
        return earlier(row, standing, pending(row, epoch, restore))
    if row.abandoned_at is not None:
        connection.execute(_JOIN, {"call": row.id})
    unread = standing is Standing.FINISHED and row.replay is None
    return earlier(row, standing, pending(row, row.epoch, restore) if unread else None) if standing else None


def _standing(connection: Connection, row: Row[Any], owner: str) -> Standing | None:
    """None where the call ended without a ticket: there is nothing to wait for."""
    if row.state == State.QUEUED.value:
        return Standing.QUEUED
    if row.state == State.CLOSED.value:
        return Standing.FINISHED if row.kind in _FINISHED else None
    if row.state == State.DEAD.value:
        return None
    at_work = row.state in AT_WORK_STATES and leases.is_held(connection, row.id, owner)
    return Standing.IN_FLIGHT if at_work else Standing.OPEN
