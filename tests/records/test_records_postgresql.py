"""What only a database server can do to us: go away, come back, and be written to by others."""

import asyncio

import pytest
from records.databases import ONLY_POSTGRESQL
from sqlalchemy import make_url, text

from gateway.domain.fault import StoreUnavailable
from gateway.pipeline.earlier import Opened
from gateway.records.records import Records

DROP_CONNECTIONS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@ONLY_POSTGRESQL
async def test_a_commit_is_on_disk_when_it_returns(records):
    def setting(connection):
        return [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("synchronous_commit", "fsync")]

    assert await records.writer.do(setting) == ["on", "on"]


@ONLY_POSTGRESQL
async def test_the_reports_cannot_write(records):
    with pytest.raises(StoreUnavailable, match="read-only"):
        await records.reports._rows(text("DELETE FROM itsm_gateway_calls"))


async def test_a_server_that_is_not_there_is_told_in_one_line_without_the_password():
    with pytest.raises(StoreUnavailable) as told:
        await Records.open("postgresql+asyncpg://gateway:planted@127.0.0.1:1/itsm")

    assert str(told.value).startswith("127.0.0.1/itsm: ")
    assert "planted" not in str(told.value)
    assert "\n" not in str(told.value)


@ONLY_POSTGRESQL
async def test_a_database_that_is_not_there_is_named(url):
    with pytest.raises(StoreUnavailable, match='database "never_made" does not exist'):
        await Records.open(str(make_url(url).set(database="never_made")))


@ONLY_POSTGRESQL
async def test_connections_that_the_server_has_dropped_cost_no_call(records, make, database):
    await records.journal.open(make.forward())
    database(DROP_CONNECTIONS)

    opened = await records.journal.open(make.forward(make.call("call-2")))

    assert opened == Opened(1)


@ONLY_POSTGRESQL
async def test_a_bad_row_is_told_and_a_bad_note_is_counted_and_the_others_are_kept(records, make):
    records.journal.note(make.forwarded(make.read("good")))
    records.journal.note(make.forwarded(make.read("bad", upstream=None)))
    with pytest.raises(StoreUnavailable, match=r'^the records cannot be written: null value in column "upstream"'):
        await records.journal.open(make.forward(make.call("bad", upstream=None)))

    await records.writer.close()

    assert (await records.reports.call("good")).call.kind == "forwarded"
    assert records.notes_lost == 1


@ONLY_POSTGRESQL
async def test_a_caller_that_gave_up_does_not_keep_its_row_from_being_written(records, make):
    opening = asyncio.ensure_future(records.journal.open(make.forward()))
    await asyncio.sleep(0)
    opening.cancel()

    await records.writer.close()

    assert (await records.reports.call("call-1")).call.state == "sending"


@ONLY_POSTGRESQL
async def test_a_server_that_takes_no_writes_keeps_notes_for_later(records, make, database, url):
    await records.journal.open(make.forward())
    name = make_url(url).database
    database(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    database(DROP_CONNECTIONS)

    records.journal.note(make.forwarded(make.read()))
    records.writer.notes.flush()

    with pytest.raises(StoreUnavailable, match="read-only"):
        await records.journal.open(make.forward(make.call("call-2")))
    async with asyncio.timeout(10):
        while records.notes_pending != 1:  # noqa: ASYNC110  # notes in hand of a commit that fails come back unannounced
            await asyncio.sleep(0.005)
    assert records.notes_lost == 0


@ONLY_POSTGRESQL
async def test_a_value_that_does_not_fit_is_told_without_the_value(records, make):
    with pytest.raises(StoreUnavailable, match=r"invalid input for query argument \$\d+$"):
        await records.journal.open(make.forward(make.call(received_at="planted")))
