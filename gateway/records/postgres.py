"""The store on PostgreSQL: each entry is a transaction of its own, over a pool that several replicas' servers share."""

import asyncio
from collections.abc import Callable, Coroutine
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from gateway.domain.fault import StoreUnavailable
from gateway.records.batch import Batch
from gateway.records.entries import Chore, Entry
from gateway.records.faults import ROW_ERRORS, is_store_wide, said
from gateway.records.meter import Meter
from gateway.records.notes import Notes

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

Done = TypeVar("Done")


class PostgresStore:
    """Implements `Store`. A commit that has begun ends, whether or not its caller still waits."""

    def __init__(self, engine: "AsyncEngine", batch: Batch, meter: Meter) -> None:
        self._engine = engine
        self._batch = batch
        self._meter = meter
        self._at_work: set[asyncio.Task[Any]] = set()
        self._wake = asyncio.Event()
        self._closing = False
        self.notes = Notes(asyncio.get_running_loop(), self._wake.set)
        self._noting = asyncio.create_task(self._write_notes())

    async def write(self, entry: Entry) -> Any:
        """The entry's result, once it is committed."""
        if isinstance(entry, Chore):
            return await self.do(entry.run)
        (result,) = await self._finish(self._commit_entries([entry]))
        if isinstance(result, StoreUnavailable):
            raise result
        return result

    async def do(self, run: Callable[[Connection], Done]) -> Done:
        """What `run` returned, once it is committed."""
        done = await self._finish(self._commit(run))
        if isinstance(done, StoreUnavailable):
            raise done
        return done

    async def close(self) -> None:
        """Write everything that waits, then give the connections back."""
        self._closing = True
        self.notes.flush()
        await self._noting
        await asyncio.gather(*self._at_work, return_exceptions=True)
        self.notes.lost(self.notes.pending)
        await self._engine.dispose()

    async def _finish(self, work: Coroutine[Any, Any, Done]) -> Done:
        """Let it end even where its caller is cancelled."""
        if self._closing:
            work.close()
            raise StoreUnavailable("the records are closed")
        task = asyncio.ensure_future(work)
        self._at_work.add(task)
        task.add_done_callback(self._done)
        self._meter.pending(len(self._at_work))
        return await asyncio.shield(task)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._at_work.discard(task)
        if not task.cancelled():
            task.exception()  # where its caller was cancelled, nobody else asks for it

    async def _commit_entries(self, entries: list[Entry]) -> list[Any]:
        began = perf_counter()
        results = await self._commit(lambda connection: self._batch.write(connection, entries))
        self._meter.committed(len(entries), perf_counter() - began)
        return results

    async def _commit(self, run: Callable[[Connection], Done]) -> Done:
        try:
            async with self._engine.begin() as connection:
                return await connection.run_sync(run)
        except ROW_ERRORS as error:
            raise StoreUnavailable(f"the records cannot be written: {said(error)}") from error

    async def _write_notes(self) -> None:
        """Write notes whenever some are due, until the store is closed."""
        while not self._closing or self.notes.due:
            await self._wake.wait()
            self._wake.clear()
            while entries := self.notes.take():
                await self._write_together(entries)

    async def _write_together(self, entries: list[Entry]) -> None:
        """One commit for all; if it fails for one's sake, each by itself; if for the server's, later."""
        try:
            await self._commit_entries(entries)
        except StoreUnavailable as unavailable:
            if is_store_wide(unavailable.__cause__):
                self.notes.put_back(entries)
                return
            for entry in entries:
                await self._write_alone(entry)

    async def _write_alone(self, entry: Entry) -> None:
        try:
            await self._commit_entries([entry])
        except StoreUnavailable:
            self.notes.lost(1)
