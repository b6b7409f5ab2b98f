"""Brings the tables of a database to what this release knows; refuses one that a newer release has changed."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from gateway.domain.fault import StoreUnavailable
from gateway.records.engines import migrating_engine
from gateway.records.faults import DATABASE_ERRORS, said
from gateway.records.location import DatabaseFile, Place, place_of, prepare
from gateway.records.tables import PREFIX
from gateway.records.upsert import is_postgresql

VERSION_TABLE = PREFIX + "schema"
"""Where the revision of our tables is kept: alembic's usual name may be in use by a neighbour."""


_LOCK: Final = 4_977_111_201
"""Of several replicas that start at once, one migrates and the others wait: the number of our lock in PostgreSQL."""


async def migrate(url: str) -> None:
    """Run every migration that the database has not seen; raises StoreUnavailable."""
    place = place_of(url)
    if isinstance(place, DatabaseFile):
        prepare(place.file)
    engine = migrating_engine(place)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade, place)
    except DATABASE_ERRORS as error:
        raise StoreUnavailable(f"{place}: {said(error)}") from error
    finally:
        await engine.dispose()


def upgrade(connection: Connection, place: Place) -> None:
    """Bring this connection's database up to date; raises StoreUnavailable when it is ahead of this release."""
    if is_postgresql(connection):
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    config = alembic_config(connection)
    _refuse_newer(connection, ScriptDirectory.from_config(config), place)
    command.upgrade(config, "head")


def alembic_config(connection: Connection) -> Config:
    """What alembic needs to find the steps and to run them on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection, scripts: ScriptDirectory, place: Place) -> None:
    present = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if present is not None and present not in known:
        raise StoreUnavailable(
            f"{place}: written by a newer release (schema {present}, this one knows {scripts.get_current_head()});"
            " run that release, or name another database in store.url"
        )
