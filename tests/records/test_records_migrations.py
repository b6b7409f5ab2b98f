"""The tables come to be and grow, on either database; neighbours stay untouched."""

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from records.databases import ONLY_POSTGRESQL
from sqlalchemy import Connection

from gateway.domain.fault import StoreUnavailable
from gateway.pipeline.claim import Claim
from gateway.pipeline.earlier import Opened
from gateway.records.engines import migrating_engine, writing_connection
from gateway.records.location import DatabaseFile, place_of
from gateway.records.migrate import migrate
from gateway.records.migrations import HEAD, VERSION_TABLE
from gateway.records.record import PriorityDay, Promises, Window
from gateway.records.records import Records
from gateway.records.steps import alembic_config
from gateway.records.tables import PREFIX, metadata

OLD_ROW = f"""INSERT INTO {PREFIX}calls (id, upstream, platform, route, operation, method, target, resource, source,
    state, attempts, violations, received_at, last_sent_at, owner, epoch, correlation_value, correlation_place, fenced)
    VALUES ('old-{{0}}', 'servicenow', 'servicenow', 'table', 'create_ticket', 'POST', '/api/now/table/incident',
    'incident', 'proxy', '{{0}}', 1, 0, 1800000000.5, 1800000001.5, 'gone', 0, 'itsmgw-1', 'correlation_id', true)"""


OLD_TICKET = f"""INSERT INTO {PREFIX}tickets (id, upstream, platform, resource, call_id, source, priority, attempts,
    accepted_at, ticket_at, response_state, resolution_state)
    VALUES ('{{0}}', 'sn', 'servicenow', 'incident', '{{0}}', 'proxy', {{1}}, 1, 1800057599.9, 1800057601.0, '{{2}}',
    '{{3}}')"""


async def through(url, run):
    """What `run` returns, done on a connection that may change tables."""
    place = place_of(url)
    if isinstance(place, DatabaseFile):
        with writing_connection(place.file) as connection, connection.begin():
            return run(connection)
    engine = migrating_engine(place.url)
    async with engine.begin() as connection:
        result = await connection.run_sync(run)
    await engine.dispose()
    return result


async def step_by_step(url):
    """The way that an old database has come."""
    await through(url, lambda connection: command.upgrade(alembic_config(connection), "head"))


def shape(url, database):
    """Every column and index, in the database's own words."""
    if url.startswith("sqlite"):
        columns = """SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_master t,
            pragma_table_info(t.name) c WHERE t.type = 'table'"""
        indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        columns = """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
            FROM information_schema.columns WHERE table_schema = 'public'"""
        indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_pk%'"
    found = {*database(columns), *(" ".join(sql.split()) for (sql,) in database(indexes))}
    return {each for each in found if VERSION_TABLE not in each}


async def test_the_migrations_make_exactly_the_tables_that_the_code_knows(url):
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        return compare_metadata(context, metadata)

    await step_by_step(url)

    assert await through(url, differences) == []


async def test_a_new_database_is_the_same_as_one_that_grew_step_by_step(url, database):
    await step_by_step(url)
    grown = shape(url, database)
    await through(url, metadata.drop_all)
    await through(url, lambda connection: connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}"))

    await migrate(url)

    assert shape(url, database) == grown
    assert database(f"SELECT count(*) FROM {VERSION_TABLE} WHERE version_num = '{HEAD}'") == [(1,)]
    assert len(grown) > 80


async def test_a_database_is_told_to_be_up_to_date_by_the_last_step_there_is(url):
    last = await through(url, lambda connection: ScriptDirectory.from_config(alembic_config(connection)))

    assert last.get_current_head() == HEAD


async def test_a_database_that_is_up_to_date_is_left_alone(url, database):
    await step_by_step(url)
    grown = shape(url, database)

    await migrate(url)

    assert shape(url, database) == grown


async def test_every_table_and_index_carries_the_prefix(url, database):
    await migrate(url)

    if url.startswith("sqlite"):
        names = database("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    else:
        names = database("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 't'")

    assert len(names) > 15
    assert [name for (name,) in names if not name.startswith(PREFIX)] == []


async def test_a_neighbour_s_tickets_table_stays_as_it_was(url, database):
    await through(url, lambda connection: connection.exec_driver_sql("CREATE TABLE tickets (id INTEGER, title TEXT)"))
    await through(url, lambda connection: connection.exec_driver_sql("INSERT INTO tickets VALUES (1, 'mine')"))

    await (await Records.open(url)).close()

    assert database("SELECT * FROM tickets") == [(1, "mine")]


async def test_a_database_of_a_newer_release_is_refused_and_not_changed(url, database):
    await migrate(url)
    await through(
        url, lambda connection: connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = 'r999'")
    )

    with pytest.raises(StoreUnavailable, match=r"newer release \(schema r999"):
        await Records.open(url)

    assert database(f"SELECT version_num FROM {VERSION_TABLE}") == [("r999",)]


async def test_rows_of_the_first_release_are_there_after_the_upgrade_and_go_on(url, clock, make):
    await through(url, lambda connection: command.upgrade(alembic_config(connection), "0001"))
    for state in ("sending", "closed", "ambiguous"):
        await through(url, lambda connection, state=state: connection.exec_driver_sql(OLD_ROW.format(state)))

    records = await Records.open(url, clock)

    taken = await records.journal.expired()
    states = [(await records.reports.call(f"old-{state}")).call.state for state in ("sending", "closed", "ambiguous")]
    opened = await records.journal.open(make.forward(), Claim("servicenow", "key-1", "print"))
    await records.close()
    assert sorted(pending.forward.call.id for pending in taken) == ["old-ambiguous", "old-sending"]
    assert (states, opened) == (["ambiguous", "closed", "ambiguous"], Opened(1))


async def test_a_database_that_is_further_than_it_says_is_brought_up_to_date(url, database):
    await through(url, lambda connection: command.upgrade(alembic_config(connection), "0003"))
    row = OLD_TICKET.format("a", "'1'", "kept", "kept")
    await through(url, lambda connection: connection.exec_driver_sql(row))
    await through(
        url, lambda connection: connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0002'")
    )

    await (await Records.open(url)).close()

    assert database(f"SELECT count(*) FROM {VERSION_TABLE} WHERE version_num = '{HEAD}'") == [(1,)]
    assert database(f"SELECT id FROM {PREFIX}tickets") == [("a",)]


async def test_promises_that_were_decided_before_are_summed_up_by_priority(url, clock):
    await through(url, lambda connection: command.upgrade(alembic_config(connection), "0003"))
    for name, priority, states in (
        ("a", "'1'", ("kept", "breached")),
        ("b", "'1'", ("breached", "kept")),
        ("c", "'1'", ("kept", "running")),
        ("d", "NULL", ("kept", "kept")),
        ("e", "'1'", ("running", "running")),
    ):
        row = OLD_TICKET.format(name, priority, *states)
        await through(url, lambda connection, row=row: connection.exec_driver_sql(row))

    records = await Records.open(url, clock)

    days = await records.reports.priorities(Window())
    await records.close()
    assert days == (PriorityDay(20_833, "", 1, 0, 1, 0), PriorityDay(20_833, "1", 2, 1, 1, 1))


async def test_promises_that_an_earlier_release_counted_are_counted_on(url, clock, make):
    await through(url, lambda connection: command.upgrade(alembic_config(connection), "0005"))
    row = f"INSERT INTO {PREFIX}sla_hours VALUES (500000, 'servicenow', 'servicenow', '', 3, 1, 0, 2, 0, 1)"
    await through(url, lambda connection: connection.exec_driver_sql(row))
    records = await Records.open(url, clock)
    forward = make.forward(make.call(received_at=1_800_000_000.0))
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call))

    figures = await records.reports.sla(Window())

    await records.close()
    assert (figures.response, figures.resolution) == (Promises(4, 1, 0, 0), Promises(3, 0, 1, 0))


@ONLY_POSTGRESQL
async def test_replicas_that_start_at_once_migrate_once(url, database):
    await asyncio.gather(*(migrate(url) for _ in range(5)))

    assert database(f"SELECT count(*) FROM {VERSION_TABLE}") == [(1,)]
