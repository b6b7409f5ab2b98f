"""What the journal needs of a database, whichever it is."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from gateway.records.entries import Entry
from gateway.records.notes import Notes

Done = TypeVar("Done")


class Store(Protocol):
    """Writes what it is given, durably; everything raises StoreUnavailable where the database cannot."""

    notes: Notes

    def write(self, entry: Entry) -> Awaitable[Any]:
        """The entry's result, once it is on disk."""
        ...

    async def do(self, run: Callable[[Connection], Done]) -> Done:
        """What `run` returned, once it is on disk, by a commit of its own."""
        ...

    async def close(self) -> None:
        """Write everything that waits, then stop."""
        ...
