"""What is done to rows that no call is waiting for: old ones go, by age."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import ColumnElement, Connection, Select, Table, case, delete, or_, select, update

from gateway.domain.frozen import frozen
from gateway.records.alert_table import alerts
from gateway.records.events import add_events
from gateway.records.outbox import IS_ACCEPTED
from gateway.records.state import FINAL_STATES, State
from gateway.records.store import Store
from gateway.records.sum_tables import sla_durations, sla_hours, sla_priorities, upstream_hours
from gateway.records.sums import DAY, HOUR
from gateway.records.tables import NOT_CLOSED, call_details, calls, tickets
from gateway.records.upsert import is_postgresql

ROWS_PER_COMMIT = 500
"""So few are deleted at once that calls waiting for their own commit do not notice."""

_DAY = 24 * 3600.0


@frozen
class Retention:
    """How long records are kept, in days; calls that are not settled and promises not yet due are kept longer.

    What nobody could settle for `unsettled_hours` is given up: accepted calls as dead letters, all others as they are.
    """

    calls_days: float = 30
    tickets_days: float = 400
    unsettled_hours: float = 72


@frozen
class Swept:
    """How many rows a sweep deleted, and how many request bodies it dropped."""

    calls: int
    tickets: int
    bodies: int


async def sweep(store: Store, retention: Retention, at: float) -> Swept:
    """Drop everything that is past its age at `at` (Unix seconds), and leave no trace of it in the log file."""
    old_calls = select(calls.c.id).where(
        calls.c.received_at < at - retention.calls_days * _DAY, calls.c.state.in_(FINAL_STATES)
    )
    old_tickets = select(tickets.c.id).where(
        tickets.c.accepted_at < at - retention.tickets_days * _DAY, _kept(tickets.c.resolution_due_at, at)
    )
    old_alerts = select(alerts.c.id).where(alerts.c.seen_at < at - retention.calls_days * _DAY)
    for whose in (call_details.c.body_until < at, call_details.c.body_until.is_(None)):  # each by an index of its own
        await _repeat(store, partial(_drop_replays, at=at, whose=whose))
    await _repeat(store, _deleting(alerts, old_alerts))
    await store.do(lambda connection: _drop_sums(connection, at - retention.tickets_days * _DAY))
    await _repeat(store, lambda connection: _give_up(connection, at - retention.unsettled_hours * 3600, at))
    swept = Swept(
        calls=await _repeat(store, _deleting(calls, old_calls)),
        tickets=await _repeat(store, _deleting(tickets, old_tickets)),
        bodies=await _repeat(store, lambda connection: _drop_bodies(connection, at)),
    )
    await store.do(_empty_log)
    return swept


def _give_up(connection: Connection, before: float, at: float) -> int:
    """Ask no more about calls that were received so long ago; their keys are free."""
    old = select(calls.c.id).where(NOT_CLOSED, calls.c.state == State.AMBIGUOUS.value, calls.c.received_at < before)
    ids = connection.execute(old.limit(ROWS_PER_COMMIT).with_for_update(skip_locked=True)).scalars().all()
    given_up = {
        "state": case((IS_ACCEPTED, State.DEAD.value), else_=State.CLOSED.value),
        "settled_at": at,
        "owner": None,
        "epoch": calls.c.epoch + 1,
        "claim": None,
        "abandoned_at": None,
    }
    connection.execute(update(calls).where(calls.c.id.in_(ids)).values(given_up))
    for call_id in ids:
        add_events(connection, call_id, [{"at": at, "event": "given_up"}])
    return len(ids)


def _kept(due: ColumnElement[float | None], at: float) -> ColumnElement[bool]:
    return or_(due.is_(None), due < at)


def _deleting(table: Table, old: Select[tuple[str]]) -> Callable[[Connection], int]:
    statement = delete(table).where(table.c.id.in_(old.limit(ROWS_PER_COMMIT)))
    return lambda connection: connection.execute(statement).rowcount


def _drop_bodies(connection: Connection, at: float) -> int:
    past = select(call_details.c.call_id).where(call_details.c.body_until < at).limit(ROWS_PER_COMMIT)
    dropping = (
        update(call_details).where(call_details.c.call_id.in_(past)).values(body=None, request=None, body_until=None)
    )
    return connection.execute(dropping).rowcount


def _drop_replays(connection: Connection, at: float, whose: ColumnElement[bool]) -> int:
    """Forget first answers that are past their time; the keys that asked for them are free."""
    past = select(call_details.c.call_id).where(call_details.c.replay_until < at, whose).limit(ROWS_PER_COMMIT)
    ids = connection.execute(past).scalars().all()
    forgetting = update(call_details).where(call_details.c.call_id.in_(ids)).values(replay=None, replay_until=None)
    connection.execute(forgetting)
    connection.execute(update(calls).where(calls.c.id.in_(ids)).values(claim=None))
    return len(ids)


def _drop_sums(connection: Connection, before: float) -> None:
    """Sums go with the tickets they are of."""
    for table in (sla_hours, sla_durations, upstream_hours):
        connection.execute(delete(table).where(table.c.hour < int(before // HOUR)))
    connection.execute(delete(sla_priorities).where(sla_priorities.c.day < int(before // DAY)))


def _empty_log(connection: Connection) -> int:
    """Move everything into SQLite's file and cut the log: what was deleted would live on in it."""
    if is_postgresql(connection):
        return 0
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return 0


async def _repeat(store: Store, run: Callable[[Connection], int]) -> int:
    """Run a step, a commit each, until it finds less than a full portion; how many rows that were in all."""
    total = done = await store.do(run)
    while done >= ROWS_PER_COMMIT:
        done = await store.do(run)
        total += done
    return total
