"""The journal of this process: each promise of the pipeline's port, kept by one commit of the writer."""

from collections.abc import Callable

from gateway.domain.outcome import Outcome
from gateway.pipeline.decision import Forward
from gateway.records.entries import Closing, Opening, Sending, Settling
from gateway.records.writer import Writer


class SqliteJournal:
    """The pipeline's `Journal`; `clock` tells Unix seconds, `owner` names this process in its rows."""

    def __init__(self, writer: Writer, clock: Callable[[], float], owner: str) -> None:
        self._writer = writer
        self._clock = clock
        self._owner = owner

    async def open(self, forward: Forward) -> None:
        """Returns when the row is on disk."""
        await self._writer.write(Opening(forward, self._clock(), self._owner))

    async def sending(self, call_id: str, at: float) -> None:
        """Returns when the further attempt is on disk."""
        await self._writer.write(Sending(call_id, at))

    async def close(self, forward: Forward, outcome: Outcome) -> None:
        """Returns when the end is on disk, together with the ticket that the call made."""
        await self._writer.write(Closing(forward, outcome))

    async def settle(self, forward: Forward, outcome: Outcome) -> None:
        """Returns when it is on disk what became of the call; what its caller was told stays on record."""
        await self._writer.write(Settling(forward, outcome))

    def note(self, outcome: Outcome) -> None:
        """Never waits; `Records.notes_lost` counts what could not be kept."""
        self._writer.notes.add(outcome)
