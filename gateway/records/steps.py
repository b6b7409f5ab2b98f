"""Brings older tables up to date by alembic's steps; a room of its own, because alembic is large and rarely needed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from gateway.domain.fault import StoreUnavailable
from gateway.records.location import Place


def upgrade(connection: Connection, place: Place, present: str | None) -> None:
    """Run every step that comes after the present one; raises StoreUnavailable where that is of a newer release."""
    config = alembic_config(connection)
    scripts = ScriptDirectory.from_config(config)
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreUnavailable(
            f"{place}: written by a newer release (schema {present}, this one knows {scripts.get_current_head()});"
            " run that release, or name another database in store.url"
        )
    command.upgrade(config, "head")


def alembic_config(connection: Connection) -> Config:
    """What alembic needs to find the steps and to run them on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
