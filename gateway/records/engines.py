"""Connections to the database, each set up for records that survive a crash.

SQLite has one that writes and some that only read; PostgreSQL has a pool for each.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from gateway.domain.fault import StoreUnavailable
from gateway.records.faults import said
from gateway.records.leases import APPLICATION
from gateway.records.location import DatabaseFile, Place

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine

_WRITER = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 4000",
)
"""A commit is on disk when it returns; what is deleted is overwritten. The log holds 16 MB before it is moved over."""

_POOL: Final[dict[str, Any]] = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 5, "pool_pre_ping": True}
"""Before a connection is used it is tried: after a failover the first calls must not fail for it."""

_READER = ("PRAGMA busy_timeout = 5000", "PRAGMA query_only = ON")


def writing_connection(file: Path) -> Connection:
    """The one connection that writes; it may be handed to another thread. Raises StoreUnavailable."""
    url = URL.create("sqlite", database=str(file))
    engine = create_engine(url, poolclass=NullPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_up_writer)
    try:
        connection = engine.connect()
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        connection.rollback()
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"{file}: {said(error)}") from error
    if mode != "wal":
        connection.close()
        raise StoreUnavailable(f"{file}: its file system cannot hold a write-ahead log; put it on a local disk")
    return connection


def writing_pool(url: URL, owner: str) -> "AsyncEngine":
    """Connections to PostgreSQL that write, named after their owner, so that others see when it is gone."""
    settings = {"application_name": APPLICATION + owner, "synchronous_commit": "on"}
    return _async_engine(url, **_POOL, connect_args=_arguments(settings))


def reading_engine(place: Place) -> "AsyncEngine":
    """Connections that cannot write, for the questions of the API."""
    if not isinstance(place, DatabaseFile):
        return _async_engine(place.url, **_POOL, connect_args=_arguments({"default_transaction_read_only": "on"}))
    engine = _async_engine(URL.create("sqlite+aiosqlite", database=str(place.file)))
    event.listen(engine.sync_engine, "connect", _set_up_reader)
    return engine


def migrating_engine(url: URL) -> "AsyncEngine":
    """A connection to PostgreSQL for changes to the tables themselves."""
    return _async_engine(url, poolclass=NullPool, connect_args=_arguments({}))


def _async_engine(url: URL, **settings: Any) -> "AsyncEngine":
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 (6 MB, for who asks the API only)

    return create_async_engine(url, **settings)


def _arguments(settings: dict[str, str]) -> dict[str, Any]:
    """Seconds to connect, seconds for a statement, and settings of the session."""
    session = {"application_name": APPLICATION, **settings}
    return {"timeout": 5, "command_timeout": 30, "server_settings": session, "async_creator_fn": _connect}


async def _connect(*address: Any, **settings: Any) -> Any:
    """While connecting, the driver's own errors come as they are: here they become what any refused connection is."""
    import asyncpg  # type: ignore[import-untyped] # noqa: PLC0415 (for PostgreSQL only; it ships no types)

    try:
        return await asyncpg.connect(*address, **settings)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ConnectionError(str(error)) from error


def _set_up_writer(connection: "DBAPIConnection", _record: object) -> None:
    _run(connection, _WRITER)


def _set_up_reader(connection: "DBAPIConnection", _record: object) -> None:
    _run(connection, _READER)


def _run(connection: "DBAPIConnection", pragmas: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(pragma)
    cursor.close()
