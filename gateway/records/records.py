"""The records of this process, opened once at start: the journal that is written, the reports that are read."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

from gateway.domain.fault import StoreUnavailable
from gateway.records.engines import reading_engine, writing_connection
from gateway.records.journal import SqliteJournal
from gateway.records.location import claim, database_file, prepare, release
from gateway.records.migrate import migrate
from gateway.records.reports import Reports
from gateway.records.upkeep import Retention, Swept, mark_left_open, sweep
from gateway.records.writer import UNMETERED, Meter, Writer


@dataclass(frozen=True, slots=True)
class Records:
    """`left_open` counts the calls that a process which died had left in mid-call; they show as `unconfirmed`."""

    journal: SqliteJournal
    reports: Reports
    left_open: int
    writer: Writer
    _clock: Callable[[], float]
    _opened: AsyncExitStack

    @classmethod
    async def open(cls, url: str, clock: Callable[[], float] = time.time, meter: Meter = UNMETERED) -> Self:
        """Bring the database up to date and take it for this process; raises StoreUnavailable, in one line."""
        file = database_file(url)
        async with AsyncExitStack() as undo:
            prepare(file)
            undo.callback(release, claim(file))
            await migrate(url)
            reports = Reports(reading_engine(file))
            undo.push_async_callback(reports.close)
            writer = Writer(writing_connection(file), meter)
            undo.push_async_callback(writer.close)
            left_open = await mark_left_open(writer, clock())
            opened = undo.pop_all()
        journal = SqliteJournal(writer, clock, owner=uuid4().hex)
        return cls(journal, reports, left_open, writer, clock, opened)

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

    async def close(self) -> None:
        """Write everything that waits and give the database back."""
        await self._opened.aclose()


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
