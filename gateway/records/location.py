"""Where the records lie: what a `store.url` means, and a file that only the gateway can read, held by one process."""

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen

_EXAMPLE = "sqlite+aiosqlite:///itsm-gateway.db"
_SERVER_DRIVER = "postgresql+asyncpg"
_SERVER_EXAMPLE = f"{_SERVER_DRIVER}://user@host/database"
_OWNER_ONLY = 0o600


@frozen
class DatabaseFile:
    """Records in SQLite, held by one process."""

    file: Path

    def __str__(self) -> str:
        """As messages name it."""
        return str(self.file)


@frozen
class DatabaseServer:
    """Records in PostgreSQL, shared by several processes."""

    url: URL

    def __str__(self) -> str:
        """As messages name it: without the password."""
        return f"{self.url.host or 'localhost'}/{self.url.database}"


Place: TypeAlias = DatabaseFile | DatabaseServer


def url_fault(url: str) -> str | None:
    """What is wrong with a `store.url`, in one line; None where it can be used. Looks at no file."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return f"store.url is no database URL; write one like {_EXAMPLE}"
    if parsed.drivername == _SERVER_DRIVER:
        return _server_fault(parsed)
    if parsed.drivername.startswith("postgresql"):
        return f"store.url begins with {parsed.drivername}; PostgreSQL is reached by {_SERVER_EXAMPLE}"
    if parsed.drivername != "sqlite+aiosqlite":
        return f"store.url begins with {parsed.drivername}; write one like {_EXAMPLE} or {_SERVER_EXAMPLE}"
    return _file_fault(parsed)


def place_of(url: str) -> Place:
    """What a `store.url` names; raises StoreUnavailable with `url_fault`'s words."""
    if fault := url_fault(url):
        raise StoreUnavailable(fault)
    parsed = make_url(url)
    if parsed.drivername == _SERVER_DRIVER:
        return DatabaseServer(parsed)
    return DatabaseFile(Path(parsed.database or "").absolute())


def prepare(file: Path) -> None:
    """Make sure that the file exists and that nobody but its owner can read it; raises StoreUnavailable."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
        if stat.S_IMODE(file.stat().st_mode) != _OWNER_ONLY:
            file.chmod(_OWNER_ONLY)
    except FileNotFoundError as error:
        raise StoreUnavailable(
            f"{file}: the folder {file.parent} does not exist; make it or change store.url"
        ) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreUnavailable(f"{file}: {why}; the gateway must own and write this file and its folder") from error


def claim(file: Path) -> int:
    """Hold the database for this process, until `release` or its death; raises StoreUnavailable where another does.

    A second process would take the calls in flight of the first for left over.
    """
    lock = file.with_name(file.name + "-lock")
    try:
        held = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OWNER_ONLY)
    except OSError as error:
        raise StoreUnavailable(f"{lock}: {error.strerror}; the gateway must be able to write this folder") from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(held)
        raise StoreUnavailable(
            f"{file}: in use by another gateway; stop it or give this one its own store.url"
        ) from error
    return held


def release(held: int) -> None:
    """Give back what `claim` took."""
    with suppress(OSError):
        os.close(held)


def _file_fault(url: URL) -> str | None:
    if url.host or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return f"store.url names no file, and records in memory would not survive a crash; write one like {_EXAMPLE}"
    if url.query:
        return f"store.url takes no options after `?`; write one like {_EXAMPLE}"
    return None


def _server_fault(url: URL) -> str | None:
    if not url.database:
        return f"store.url names no database; write one like {_SERVER_EXAMPLE}"
    return None
