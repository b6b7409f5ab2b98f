"""Brings the tables of a database to what this release knows; refuses one that a newer release has changed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from gateway.domain.fault import StoreUnavailable
from gateway.records.engines import migrating_engine, said
from gateway.records.location import database_file, prepare
from gateway.records.tables import PREFIX

VERSION_TABLE = PREFIX + "schema"
"""Where the revision of our tables is kept: alembic's usual name may be in use by a neighbour."""


async def migrate(url: str) -> None:
    """Run every migration that the database has not seen; raises StoreUnavailable."""
    file = database_file(url)
    prepare(file)
    engine = migrating_engine(file)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade, file)
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"{file}: {said(error)}") from error
    finally:
        await engine.dispose()


def upgrade(connection: Connection, file: Path) -> None:
    """Bring this connection's database up to date; raises StoreUnavailable when it is ahead of this release."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    _refuse_newer(connection, ScriptDirectory.from_config(config), file)
    command.upgrade(config, "head")


def _refuse_newer(connection: Connection, scripts: ScriptDirectory, file: Path) -> None:
    present = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if present is not None and present not in known:
        raise StoreUnavailable(
            f"{file}: written by a newer release (schema {present}, this one knows {scripts.get_current_head()});"
            " run that release, or name another file in store.url"
        )
