"""Opening the records: one holder of a file, set up to last, and what hinders it is told in one line."""

import stat

import pytest
from records.databases import ONLY_SQLITE

from gateway.domain.fault import StoreUnavailable
from gateway.records.location import url_fault
from gateway.records.records import Records


async def test_opening_twice_migrates_once_and_keeps_the_rows(url, make):
    first = await Records.open(url)
    await first.journal.open(make.forward())
    await first.close()

    second = await Records.open(url)
    found = await second.reports.call("call-1")
    await second.close()

    assert found.call.id == "call-1"


@ONLY_SQLITE
async def test_the_files_are_for_their_owner_only_even_where_one_was_there_before(url, file, make):
    file.touch(mode=0o644)
    records = await Records.open(url)
    await records.journal.open(make.forward())

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}

    await records.close()
    assert set(modes) >= {"gateway.db", "gateway.db-wal"}
    assert set(modes.values()) == {0o600}


@ONLY_SQLITE
async def test_a_second_gateway_on_the_same_file_is_refused_until_the_first_has_stopped(url):
    first = await Records.open(url)

    with pytest.raises(StoreUnavailable, match="in use by another gateway"):
        await Records.open(url)

    await first.close()
    await (await Records.open(url)).close()


@ONLY_SQLITE
async def test_commits_are_synced_and_deleted_content_is_overwritten(records):
    settings = {
        name: records.writer._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "no database URL"),
        ("postgresql+asyncpg://user@db", "names no database"),
        ("postgresql://db/gateway", "PostgreSQL is reached by postgresql+asyncpg://"),
        ("sqlite:///gateway.db", "begins with sqlite"),
        ("mysql+aiomysql://db/gateway", "begins with mysql+aiomysql"),
        ("sqlite+aiosqlite://", "names no file"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
        ("sqlite+aiosqlite:///gateway.db?mode=ro", "takes no options"),
    ],
)
async def test_a_store_url_that_cannot_be_used_says_why_and_what_to_write(url, said):
    fault = url_fault(url)

    assert said in fault
    assert "sqlite+aiosqlite:///itsm-gateway.db" in fault or "postgresql+asyncpg://user@host/database" in fault
    with pytest.raises(StoreUnavailable, match=r"store\.url"):
        await Records.open(url)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///gateway.db",
        "sqlite+aiosqlite:////var/lib/gateway.db",
        "postgresql+asyncpg://gateway:secret@db.example:5432/itsm",
        "postgresql+asyncpg://gateway@/itsm?host=/run/postgresql",
    ],
)
def test_a_store_url_that_names_a_database_has_no_fault(url):
    assert url_fault(url) is None


async def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(StoreUnavailable, match=r"the folder .*missing does not exist"):
        await Records.open(f"sqlite+aiosqlite:///{tmp_path}/missing/gateway.db")


async def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    with pytest.raises(StoreUnavailable, match="Is a directory"):
        await Records.open(f"sqlite+aiosqlite:///{tmp_path}")


@ONLY_SQLITE
async def test_a_file_that_is_no_database_is_named(url, file):
    file.write_text("shopping list: milk, and enough words to be longer than a header of a database would be" * 3)

    with pytest.raises(StoreUnavailable, match="not a database"):
        await Records.open(url)

    assert file.read_text().startswith("shopping list")
