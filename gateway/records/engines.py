"""Connections to SQLite: one that writes, some that only read, each set up for records that survive a crash."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from gateway.domain.fault import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

_WRITER = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)
"""A commit is on disk when it returns; what is deleted is overwritten."""

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


def reading_engine(file: Path) -> AsyncEngine:
    """Connections that cannot write, for the questions of the API."""
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(file)))
    event.listen(engine.sync_engine, "connect", _set_up_reader)
    return engine


def migrating_engine(file: Path) -> AsyncEngine:
    """A connection for changes to the tables themselves."""
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(file)), poolclass=NullPool)
    event.listen(engine.sync_engine, "connect", _set_up_writer)
    return engine


def said(error: Exception) -> str:
    """What the database itself said, in one line: no statement and no parameter, which may hold a user's text."""
    cause = error.orig if isinstance(error, StatementError) else error
    return str(cause).partition("\n")[0]


def _set_up_writer(connection: "DBAPIConnection", _record: object) -> None:
    _run(connection, _WRITER)


def _set_up_reader(connection: "DBAPIConnection", _record: object) -> None:
    _run(connection, _READER)


def _run(connection: "DBAPIConnection", pragmas: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(pragma)
    cursor.close()
