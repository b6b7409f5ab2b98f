"""Alembic's door: runs the steps on the connection it is handed; configures no logging and reads no file."""

from alembic import context

from gateway.records.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)

with context.begin_transaction():
    context.run_migrations()
