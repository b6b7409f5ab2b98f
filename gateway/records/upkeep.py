"""What is done to rows that no call is waiting for: left-over ones at start, old ones by age."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, or_, select, update

from gateway.domain.outcome import OutcomeKind
from gateway.records.batch import add_events
from gateway.records.entries import Chore
from gateway.records.state import FINAL_STATES, State
from gateway.records.tables import call_details, calls, tickets
from gateway.records.writer import Writer

ROWS_PER_COMMIT = 500
"""So few are deleted at once that calls waiting for their own commit do not notice."""

_DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Retention:
    """How long records are kept, in days; calls that are not settled and promises not yet due are kept longer."""

    calls_days: float = 30
    tickets_days: float = 400


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows a sweep deleted, and how many request bodies it dropped."""

    calls: int
    tickets: int
    bodies: int


async def mark_left_open(writer: Writer, at: float) -> int:
    """Show as unconfirmed what a process that died left in mid-call; how many calls that were."""
    return await writer.write(Chore(lambda connection: _mark_left_open(connection, at)))


async def sweep(writer: Writer, retention: Retention, at: float) -> Swept:
    """Drop everything that is past its age at `at` (Unix seconds), and leave no trace of it in the log file."""
    old_calls = select(calls.c.id).where(
        calls.c.received_at < at - retention.calls_days * _DAY, calls.c.state.in_(FINAL_STATES)
    )
    old_tickets = select(tickets.c.id).where(
        tickets.c.accepted_at < at - retention.tickets_days * _DAY, _kept(tickets.c.resolution_due_at, at)
    )
    swept = Swept(
        calls=await _repeat(writer, _deleting(calls, old_calls)),
        tickets=await _repeat(writer, _deleting(tickets, old_tickets)),
        bodies=await _repeat(writer, lambda connection: _drop_bodies(connection, at)),
    )
    await writer.write(Chore(_empty_log))
    return swept


def _mark_left_open(connection: Connection, at: float) -> int:
    left = calls.c.state.in_((State.SENDING.value, State.RECONCILING.value))
    ids = connection.execute(select(calls.c.id).where(left)).scalars().all()
    for call_id in ids:
        add_events(connection, call_id, [{"at": at, "event": "left_open"}])
    connection.execute(
        update(calls).where(left).values(state=State.AMBIGUOUS.value, kind=OutcomeKind.UNCONFIRMED.value)
    )
    return len(ids)


def _kept(due: ColumnElement[float | None], at: float) -> ColumnElement[bool]:
    return or_(due.is_(None), due < at)


def _deleting(table: Table, old: Select[tuple[str]]) -> Callable[[Connection], int]:
    statement = delete(table).where(table.c.id.in_(old.limit(ROWS_PER_COMMIT)))
    return lambda connection: connection.execute(statement).rowcount


def _drop_bodies(connection: Connection, at: float) -> int:
    past = select(call_details.c.call_id).where(call_details.c.body_until < at).limit(ROWS_PER_COMMIT)
    dropping = update(call_details).where(call_details.c.call_id.in_(past)).values(body=None, body_until=None)
    return connection.execute(dropping).rowcount


def _empty_log(connection: Connection) -> int:
    """Move everything into the database file and cut the log: what was deleted would live on in it."""
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return 0


async def _repeat(writer: Writer, run: Callable[[Connection], int]) -> int:
    """Run a step, a commit each, until it finds less than a full portion; how many rows that were in all."""
    total = done = await writer.write(Chore(run))
    while done >= ROWS_PER_COMMIT:
        done = await writer.write(Chore(run))
        total += done
    return total
