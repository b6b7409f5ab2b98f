"""The one thread that writes: everything that waits goes into one commit, so that many calls share a disk sync.

A commit costs the same for one row as for fifty. So while calls come at the same time, the writer waits a moment for as
many as its last commit carried; a call that comes alone never waits.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection

from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.records.batch import Batch, Result
from gateway.records.entries import Chore, Entry
from gateway.records.faults import ROW_ERRORS, is_store_wide, said
from gateway.records.meter import Meter
from gateway.records.notes import Notes

Done = TypeVar("Done")

GATHER_SECONDS = 0.002
"""The longest that a commit waits for more rows."""

BATCH_ROWS = 500
"""The most that share a commit, so that none waits long for the others."""

Results: TypeAlias = list[Result] | Exception
"""One for each entry, or why all of them failed."""


@frozen
class Waiting:
    """One entry, and who waits for it to be on disk."""

    entry: Entry
    written: "asyncio.Future[Any]"


class Writer:
    """Takes entries on the event loop, writes them on its own thread, and tells the loop once per commit."""

    def __init__(self, connection: Connection, batch: Batch, meter: Meter) -> None:
        self._connection = connection
        self._batch = batch
        self._meter = meter
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Waiting] = deque()
        self._in_hand: list[Waiting] = []
        self._wake = threading.Event()
        self._wanted = 1
        self._closing = False
        self.notes = Notes(self._loop, self._wake.set)
        self._thread = threading.Thread(target=self._run, name="records-writer", daemon=True)
        self._thread.start()

    def write(self, entry: Entry) -> "asyncio.Future[Any]":
        """Done when the entry is on disk; raises StoreUnavailable when it cannot be written."""
        if self._closing:
            raise StoreUnavailable("the records are closed")
        written: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append(Waiting(entry, written))
        if len(self._waiting) == self._wanted:  # only once: whoever looks finds the later ones by itself
            self._wake.set()
        return written

    async def do(self, run: Callable[[Connection], Done]) -> Done:
        """What `run` returned once it is on disk, by a commit of its own; raises StoreUnavailable."""
        done: Done = await self.write(Chore(run))
        return done

    async def close(self) -> None:
        """Write everything that waits, then stop."""
        self._closing = True
        self.notes.flush()
        self._wake.set()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        """The thread's life: rest, gather, commit, tell. However it ends, nobody is left waiting."""
        try:
            gathered = 1
            while self._rest(gathered):
                gathered = self._commit_waiting()
                self._commit_notes()
        finally:
            self._closing = True
            left = [*self._in_hand, *self._take(len(self._waiting))]
            self._tell(left, StoreUnavailable("the records are closed"))
            self.notes.lost(self.notes.pending)
            self._connection.close()

    def _rest(self, gathered: int) -> bool:
        """Wait until there is something to write; False when there never will be again."""
        began = perf_counter()
        while not self._waiting and not self.notes.due:
            if self._closing:
                return False
            self._wait_for(1, None)
        if perf_counter() - began < GATHER_SECONDS:
            self._wait_for(min(gathered, BATCH_ROWS), GATHER_SECONDS)
        return True

    def _wait_for(self, wanted: int, seconds: float | None) -> None:
        self._wanted = wanted
        self._wake.clear()  # before looking: whoever comes after this look will set it
        if len(self._waiting) < wanted and not self.notes.due and not self._closing:
            self._wake.wait(seconds)

    def _commit_waiting(self) -> int:
        self._in_hand = taken = self._take(BATCH_ROWS)
        self._meter.pending(len(self._waiting))
        self._commit_together([one for one in taken if not isinstance(one.entry, Chore)])
        for one in taken:
            if isinstance(one.entry, Chore):
                self._tell([one], self._commit_chore(one.entry))
        self._in_hand = []
        return len(taken)

    def _commit_together(self, taken: Sequence[Waiting]) -> None:
        """One commit for all; if it fails, each row again by itself, so that a bad one fails alone."""
        results = self._commit_rows([one.entry for one in taken])
        if isinstance(results, StoreUnavailable) and len(taken) > 1 and not _is_locked(results):
            for one in taken:
                self._tell([one], self._commit_rows([one.entry]))
        elif taken:
            self._tell(taken, results)

    def _commit_notes(self) -> None:
        """Notes come last and in a commit of their own; they are kept while the store refuses everything."""
        entries = self.notes.take()
        if not entries:
            return
        results = self._commit_rows(entries)
        if not isinstance(results, StoreUnavailable):
            return
        if is_store_wide(results.__cause__):
            self.notes.put_back(entries)
            return
        self.notes.lost(sum(isinstance(self._commit_rows([entry]), StoreUnavailable) for entry in entries))

    def _commit_rows(self, entries: Sequence[Entry]) -> Results:
        if not entries:
            return []
        began = perf_counter()
        results = self._commit(lambda connection: self._batch.write(connection, entries))
        self._meter.committed(len(entries), perf_counter() - began)
        return results

    def _commit_chore(self, chore: Chore) -> Results:
        """A bug in a chore is its caller's to hear of: the thread goes on, for all calls write through it."""
        try:
            return self._commit(lambda connection: [chore.run(connection)])
        except Exception as bug:  # noqa: BLE001  # whoever waits for the chore raises it again
            return bug

    def _commit(self, run: Callable[[Connection], list[Result]]) -> Results:
        try:
            with self._connection.begin():
                done = run(self._connection)
        except ROW_ERRORS as error:
            return self._undone(error)
        return done

    def _undone(self, error: Exception) -> StoreUnavailable:
        unavailable = StoreUnavailable(f"the records cannot be written: {said(error)}")
        unavailable.__cause__ = error
        return unavailable

    def _take(self, most: int) -> list[Waiting]:
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def _tell(self, taken: Sequence[Waiting], results: Results) -> None:
        if taken:
            self._loop.call_soon_threadsafe(_deliver, taken, results)


def _deliver(taken: Sequence[Waiting], results: Results) -> None:
    for number, one in enumerate(taken):
        if one.written.done():  # its caller was cancelled; the row is written all the same
            continue
        result = results[number] if isinstance(results, list) else _for_one(results)
        if isinstance(result, Exception):
            one.written.set_exception(result)
        else:
            one.written.set_result(result)


def _for_one(failure: Exception) -> Exception:
    """Each who waited raises an error of its own, so that none shows another's traceback."""
    return StoreUnavailable(str(failure)) if isinstance(failure, StoreUnavailable) else failure


def _is_locked(result: Exception) -> bool:
    """Whether another process holds the database: each further try would wait as long again."""
    return is_store_wide(result.__cause__) and "locked" in str(result)
