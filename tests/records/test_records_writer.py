"""Many calls share a commit, a bad row fails alone, and what cannot be written is told."""

import asyncio
import sqlite3
from contextlib import closing

import pytest
from records.databases import ONLY_SQLITE
from sqlalchemy import Connection, event

from gateway.domain.fault import StoreUnavailable
from gateway.pipeline.earlier import Opened
from gateway.records.entries import Chore
from gateway.records.records import Records

pytestmark = ONLY_SQLITE


@pytest.fixture
def commits(records) -> list[str]:
    """One entry a commit of the writer."""
    seen: list[str] = []
    event.listen(records.writer._connection, "commit", lambda _connection: seen.append("commit"))
    return seen


async def pragma(records: Records, statement: str) -> None:
    """Put the writer's connection into a state, as the world would."""

    def run(connection: Connection) -> int:
        connection.exec_driver_sql(statement)
        return 0

    await records.writer.write(Chore(run))


async def test_two_hundred_calls_that_open_at_once_share_few_commits(records, commits, make, database):
    forwards = [make.forward(make.call(f"call-{number}")) for number in range(200)]

    await asyncio.gather(*(records.journal.open(forward) for forward in forwards))

    assert database("SELECT count(*) FROM itsm_gateway_calls WHERE state = 'sending'") == [(200,)]
    assert len(commits) <= 5


async def test_every_step_of_a_lone_call_is_a_commit_of_its_own(records, commits, make):
    forward = make.forward()

    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call))

    assert len(commits) == 2


async def test_of_many_calls_in_one_commit_a_bad_one_fails_alone(records, make):
    forwards = [make.forward(make.call(f"call-{number}")) for number in range(9)]
    bad = make.forward(make.call("bad", upstream=None))

    results = await asyncio.gather(
        *(records.journal.open(forward) for forward in [*forwards[:4], bad, *forwards[4:]]), return_exceptions=True
    )

    assert [type(result) for result in results] == [Opened] * 4 + [StoreUnavailable] + [Opened] * 5
    assert "upstream" in str(results[4])
    assert (await records.reports.call("call-8")).call.state == "sending"


async def test_a_bad_note_is_counted_and_the_others_are_kept(records, url, make):
    records.journal.note(make.forwarded(make.read("good")))
    records.journal.note(make.forwarded(make.read("bad", upstream=None)))

    await records.close()

    reopened = await Records.open(url)
    found = await reopened.reports.call("good")
    await reopened.close()
    assert found.call.kind == "forwarded"
    assert records.notes_lost == 1


async def test_a_full_disk_is_told_and_the_next_call_is_written_when_there_is_room(records, make):
    await pragma(records, "PRAGMA max_page_count = 1")
    forward = make.forward(body=b"x" * 2_000_000)

    with pytest.raises(StoreUnavailable, match="full"):
        await records.journal.open(forward)

    await pragma(records, "PRAGMA max_page_count = 1000000")
    await records.journal.open(forward)
    assert (await records.reports.call("call-1")).call.state == "sending"


async def test_a_read_only_database_is_told_and_keeps_notes_for_later(records, make):
    await pragma(records, "PRAGMA query_only = ON")
    records.journal.note(make.forwarded(make.read()))
    records.writer.notes.flush()

    with pytest.raises(StoreUnavailable, match="readonly"):
        await records.journal.open(make.forward())

    await pragma(records, "PRAGMA query_only = OFF")
    assert (records.notes_pending, records.notes_lost) == (1, 0)


async def test_a_database_that_another_program_holds_is_told_to_all_at_once(records, file, make):
    await pragma(records, "PRAGMA busy_timeout = 1")
    tries: list[str] = []
    event.listen(records.writer._connection, "rollback", lambda _connection: tries.append("rollback"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        results = await asyncio.gather(
            *(records.journal.open(make.forward(make.call(f"call-{number}"))) for number in range(5)),
            return_exceptions=True,
        )

    assert {str(result) for result in results} == {"the records cannot be written: database is locked"}
    assert len(tries) == 1


async def test_closed_records_take_nothing_more(records, make):
    await records.close()

    with pytest.raises(StoreUnavailable, match="closed"):
        await records.journal.open(make.forward())


async def test_a_caller_that_gave_up_does_not_keep_its_row_from_being_written(records, make):
    opening = asyncio.ensure_future(records.journal.open(make.forward()))
    await asyncio.sleep(0)
    opening.cancel()

    await records.journal.open(make.forward(make.call("call-2")))

    assert (await records.reports.call("call-1")).call.state == "sending"


async def test_notes_beyond_what_memory_may_hold_are_counted_not_forgotten(records, make, monkeypatch):
    monkeypatch.setattr("gateway.records.notes.MOST_KEPT", 3)
    await pragma(records, "PRAGMA query_only = ON")

    for number in range(5):
        records.journal.note(make.forwarded(make.read(f"read-{number}")))

    assert (records.notes_pending, records.notes_lost) == (3, 2)
    await pragma(records, "PRAGMA query_only = OFF")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_writer_that_dies_leaves_nobody_waiting(records, make, monkeypatch):
    def broken(*_given: object) -> None:
        raise KeyError("a fault in the program")

    monkeypatch.setattr("gateway.records.batch.Batch.write", broken)

    with pytest.raises(StoreUnavailable, match="closed"):
        await records.journal.open(make.forward())


async def test_a_bug_in_a_chore_is_its_callers_alone_and_the_writer_goes_on(records, make):
    def broken(connection):
        connection.exec_driver_sql("DELETE FROM itsm_gateway_calls")
        raise KeyError("a fault in the program")

    await records.journal.open(make.forward())
    with pytest.raises(KeyError, match="a fault in the program"):
        await records.writer.do(broken)
    await records.journal.close(make.forward(), make.forwarded(make.forward().call))

    assert (await records.reports.call("call-1")).call.state == "closed"
