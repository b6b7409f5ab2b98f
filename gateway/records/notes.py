"""Calls to be recorded after the fact: nobody waits for them, and none is forgotten without being counted."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from gateway.domain.outcome import Outcome
from gateway.records.entries import Entry, Noting

FLUSH_SECONDS = 0.1
"""The longest that a note waits for others before it is written."""

FLUSH_ROWS = 250
"""As many notes are written without waiting for more, and at most so many in one commit."""

RETRY_SECONDS = 1.0
MOST_KEPT = 20_000
"""So many notes are kept in memory while the database cannot take them; further ones are counted as lost."""


class Notes:
    """A bounded queue, filled on the event loop and emptied by the writer's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wake: Callable[[], None]) -> None:
        self._loop = loop
        self._wake = wake
        self._kept: deque[Entry] = deque()
        self._scheduled = False
        self.due = False
        self.lost_count = 0

    @property
    def pending(self) -> int:
        """Notes that are not on disk yet."""
        return len(self._kept)

    def add(self, outcome: Outcome) -> None:
        """Keep a call for the next flush; never waits."""
        if len(self._kept) >= MOST_KEPT:
            self.lost_count += 1
            return
        self._kept.append(Noting(_light(outcome)))
        if len(self._kept) == FLUSH_ROWS:
            self.flush()
        elif not self._scheduled:
            self._schedule(FLUSH_SECONDS)

    def flush(self) -> None:
        """Let the writer take what is there."""
        self._scheduled = False
        self.due = bool(self._kept)
        self._wake()

    def take(self) -> list[Entry]:
        """What the next commit of notes carries; empty while it is not yet time. For the writer's thread."""
        if not self.due:
            return []
        self.due = False  # first, so that a flush from the loop meanwhile is not lost
        taken = [self._kept.popleft() for _ in range(min(FLUSH_ROWS, len(self._kept)))]
        if self._kept:
            self.due = True
        return taken

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Keep for a later try what the database would not take. For the writer's thread."""
        self._kept.extendleft(reversed(entries))
        self.due = False
        self._loop.call_soon_threadsafe(self._schedule, RETRY_SECONDS)

    def lost(self, count: int) -> None:
        """Count notes that no database would take. For the writer's thread."""
        self.lost_count += count

    def _schedule(self, seconds: float) -> None:
        self._scheduled = True
        self._loop.call_later(seconds, self.flush)


def _light(outcome: Outcome) -> Outcome:
    """The outcome without the bodies it still holds: a note keeps none, and must not keep memory either."""
    if outcome.call.body is None and not (outcome.answer and outcome.answer.body):
        return outcome
    answer = outcome.answer and replace(outcome.answer, body=b"")
    return replace(outcome, call=replace(outcome.call, body=None), answer=answer)
