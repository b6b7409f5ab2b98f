"""Brings the tables of a database to what this release knows; refuses one that a newer release has changed."""

import asyncio
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, func, insert, inspect, select

from gateway.domain.fault import StoreUnavailable
from gateway.records.engines import migrating_engine, writing_connection
from gateway.records.faults import DATABASE_ERRORS, said
from gateway.records.location import DatabaseFile, DatabaseServer, Place, place_of, prepare
from gateway.records.migrations import HEAD, VERSION_TABLE
from gateway.records.tables import calls, metadata, tell_postgresql
from gateway.records.upsert import is_postgresql

_LOCK: Final = 4_977_111_201
"""Of several replicas that start at once, one migrates and the others wait: the number of our lock in PostgreSQL."""

_VERSION: Final = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))
"""As alembic makes it."""


async def migrate(url: str) -> None:
    """Make the tables, or run what migrations the database has not seen; raises StoreUnavailable."""
    place = place_of(url)
    try:
        if isinstance(place, DatabaseFile):
            prepare(place.file)
            await asyncio.to_thread(_migrate_file, place)
        else:
            await _migrate_server(place)
    except DATABASE_ERRORS as error:
        raise StoreUnavailable(f"{place}: {said(error)}") from error


def _migrate_file(place: DatabaseFile) -> None:
    with writing_connection(place.file) as connection, connection.begin():
        _bring_up_to_date(connection, place)


async def _migrate_server(place: DatabaseServer) -> None:
    engine = migrating_engine(place.url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_bring_up_to_date, place)
    finally:
        await engine.dispose()


def _bring_up_to_date(connection: Connection, place: Place) -> None:
    """A new database gets its tables at once, and one that is up to date is left alone: neither needs alembic."""
    if is_postgresql(connection):
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        tell_postgresql()
    tables = inspect(connection)
    present = connection.execute(select(_VERSION)).scalar() if tables.has_table(VERSION_TABLE) else None
    if present == HEAD:
        return
    if present is None and not tables.has_table(calls.name):
        metadata.create_all(connection)
        _VERSION.create(connection, checkfirst=True)
        connection.execute(insert(_VERSION).values(version_num=HEAD))
        return
    from gateway.records.steps import upgrade  # noqa: PLC0415 (10 MB: only for databases that need it)

    upgrade(connection, place, present)
