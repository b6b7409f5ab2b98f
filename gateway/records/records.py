"""The records of this process, opened once at start: the journal that is written, the reports that are read."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import field
from typing import Self
from uuid import uuid4

from sqlalchemy import Connection

from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.records import leases
from gateway.records.alerts import Alerts
from gateway.records.batch import Batch
from gateway.records.desk import Desk
from gateway.records.engines import writing_connection, writing_pool
from gateway.records.journal import Journal
from gateway.records.location import DatabaseFile, DatabaseServer, claim, place_of, prepare, release
from gateway.records.meter import UNMETERED, Meter
from gateway.records.migrate import migrate
from gateway.records.outbox import OutboxLimits
from gateway.records.postgres import PostgresStore
from gateway.records.promises import TicketPromises
from gateway.records.reports import Reports
from gateway.records.restoring import restore_plainly
from gateway.records.store import Store
from gateway.records.stored_row import Restore
from gateway.records.upkeep import Retention, Swept, sweep
from gateway.records.waiting import Outbox
from gateway.records.writer import Writer


@frozen
class Settings:
    """What the records are told about the rest of the gateway.

    `restore` makes calls of rows; a lease must outlast the longest attempt, and be renewed several times within.
    """

    clock: Callable[[], float] = time.time
    meter: Meter = UNMETERED
    restore: Restore = restore_plainly
    outbox: OutboxLimits = field(default_factory=OutboxLimits)
    lease_seconds: float = 90.0


@frozen
class Records:
    """`left_open` counts the calls that a process which died had left in mid-call; they show as `unconfirmed`."""

    journal: Journal
    outbox: Outbox
    desk: Desk
    promises: TicketPromises
    alerts: Alerts
    reports: Reports
    left_open: int
    writer: Store
    _clock: Callable[[], float]
    _opened: AsyncExitStack

    @classmethod
    async def open(
        cls,
        url: str,
        clock: Callable[[], float] = time.time,
        meter: Meter = UNMETERED,
        settings: Settings | None = None,
    ) -> Self:
        """Bring the database up to date and take part in it; raises StoreUnavailable, in one line.

        `settings` replaces `clock` and `meter`.
        """
        settings = settings or Settings(clock, meter)
        place, owner = place_of(url), uuid4().hex
        async with AsyncExitStack() as undo:
            if isinstance(place, DatabaseFile):
                prepare(place.file)
                undo.callback(release, claim(place.file))
            await migrate(url)
            reports = Reports(place)
            undo.push_async_callback(reports.close)
            store = _store(place, owner, settings)
            undo.push_async_callback(store.close)
            left_open = await _take_part(store, place, owner, settings)
            opened = undo.pop_all()
        journal = Journal(store, settings.clock, owner, settings.restore, settings.lease_seconds)
        outbox = Outbox(store, settings.clock, owner, settings.restore, settings.outbox)
        desk = Desk(store, settings.clock)
        promises, alerts = TicketPromises(store), Alerts(store, settings.clock)
        return cls(journal, outbox, desk, promises, alerts, reports, left_open, store, settings.clock, opened)

    @property
    def notes_lost(self) -> int:
        """Calls without a journal row that could not be recorded; anything but 0 deserves an alert."""
        return self.writer.notes.lost_count

    @property
    def notes_pending(self) -> int:
        """Calls without a journal row that are not on disk yet."""
        return self.writer.notes.pending

    async def sweep(self, retention: Retention) -> Swept:
        """Drop what is past its age now; raises StoreUnavailable."""
        return await sweep(self.writer, retention, self._clock())

    async def leads(self) -> bool:
        """Whether this process does what only one of those that share the database need do; raises StoreUnavailable."""
        return await self.writer.do(lambda connection: leases.leads(connection, self.journal.owner))

    async def close(self) -> None:
        """Write everything that waits, leave the rows that are still open to others, and give the database back."""
        with suppress(StoreUnavailable):
            await self.writer.do(lambda connection: leases.release_own(connection, self.journal.owner))
        await self._opened.aclose()


def _store(place: DatabaseFile | DatabaseServer, owner: str, settings: Settings) -> Store:
    batch = Batch(settings.restore)
    if isinstance(place, DatabaseFile):
        return Writer(writing_connection(place.file), batch, settings.meter)
    return PostgresStore(writing_pool(place.url, owner), batch, settings.meter)


async def _take_part(store: Store, place: DatabaseFile | DatabaseServer, owner: str, settings: Settings) -> int:
    """Be known as alive, and free the rows of those that are not; how many calls they left in mid-call."""

    def run(connection: Connection) -> int:
        leases.renew(connection, owner, settings.clock(), settings.lease_seconds)
        if isinstance(place, DatabaseFile):
            return leases.release_others(connection, owner)
        return leases.release_gone(connection, owner) + leases.release_unheld(connection, owner)

    return await store.do(run)


async def keep_sweeping(
    records: Records,
    retention: Retention,
    told: Callable[[Swept | StoreUnavailable], None],
    every_seconds: float = 3600,
) -> None:
    """Sweep now and every hour until cancelled; `told` hears what each sweep did, or why it could not."""
    while True:
        try:
            told(await records.sweep(retention))
        except StoreUnavailable as unavailable:
            told(unavailable)
        await asyncio.sleep(every_seconds)


async def keep_leases(records: Records, told: Callable[[StoreUnavailable], None], every_seconds: float = 5) -> None:
    """Renew this process's lease every few seconds until cancelled; `told` hears why it could not."""
    while True:
        try:
            await records.journal.renew_leases()
        except StoreUnavailable as unavailable:
            told(unavailable)
        await asyncio.sleep(every_seconds)
