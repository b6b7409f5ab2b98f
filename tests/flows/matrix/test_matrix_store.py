"""The failure matrix, third part: the journal's disk is full, its database is down, or its server fails over."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from records.databases import Server
from upstream.instances import PLATFORMS, Instance, StartInstance, waiting

from gateway.simulator import CREATES, refused

Down: TypeAlias = Callable[[Instance], AbstractAsyncContextManager[None]]

on_both_platforms = pytest.mark.parametrize("platform", PLATFORMS)
KEY = {"Idempotency_Key": "order-7"}


async def pragma(instance: Instance, statement: str) -> None:
    writer = instance.gateway.running.gateway.records.writer
    await writer.do(lambda connection: connection.exec_driver_sql(statement) and None)


@asynccontextmanager
async def disk_full(instance: Instance) -> AsyncIterator[None]:
    """No page more can be had."""
    await pragma(instance, "PRAGMA max_page_count = 1")
    yield
    await pragma(instance, "PRAGMA max_page_count = 1000000")


@asynccontextmanager
async def database_down(instance: Instance) -> AsyncIterator[None]:
    """Nothing can be written."""
    await pragma(instance, "PRAGMA query_only = ON")
    yield
    await pragma(instance, "PRAGMA query_only = OFF")


in_every_way = pytest.mark.parametrize("down", [disk_full, database_down])


def stored(url: str, on_failure: str) -> dict[str, Any]:
    return waiting() | {"store": {"url": url, "on_failure": on_failure}}


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'gateway.db'}"


def large() -> dict[str, str]:
    """More than the free pages of a new database hold."""
    return {"description": "x" * 30_000}


@in_every_way
@on_both_platforms
async def test_unfenced_there_is_exactly_one_attempt_which_is_marked_and_counted(
    start: StartInstance, sqlite: str, platform: str, down: Down
):
    instance = await start(platform, refused(503).on(CREATES), config=stored(sqlite, "unfenced"))

    async with down(instance):
        failed, made = await instance.create(large()), await instance.create(large())

    assert (failed.status, made.status) == (503, 201)
    assert failed.headers["ITSM-Fenced"] == made.headers["ITSM-Fenced"] == "false"
    assert failed.headers["ITSM-Retry-Attempts"] == "0"
    assert (instance.creates(), instance.searches(), instance.tickets()) == (2, 0, 1)
    assert await instance.count(f'itsm_store_failures_total{{platform="{platform}"}}') >= 2


@in_every_way
@pytest.mark.parametrize("on_failure", ["unfenced", "refuse"])
@on_both_platforms
async def test_a_call_with_a_key_is_refused_as_its_row_may_be_there(
    start: StartInstance, sqlite: str, platform: str, on_failure: str, down: Down
):
    instance = await start(platform, config=stored(sqlite, on_failure))

    async with down(instance):
        response = await instance.create(large(), **KEY)

    assert (response.status, response.headers["ITSM-Error"]) == (503, "store-unavailable")
    assert len(instance.simulated.ledger) == 0


@in_every_way
@on_both_platforms
async def test_refuse_is_503_before_any_send_and_over_once_the_store_is_back(
    start: StartInstance, sqlite: str, platform: str, down: Down
):
    instance = await start(platform, config=stored(sqlite, "refuse"))

    async with down(instance):
        response = await instance.create(large())
    sent_meanwhile = len(instance.simulated.ledger)
    after = await instance.create(large())

    assert (response.status, response.headers["ITSM-Error"]) == (503, "store-unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert sent_meanwhile == 0
    assert (after.status, after.headers["ITSM-Fenced"]) == (201, "true")


@pytest.mark.parametrize(("on_failure", "status"), [("unfenced", 201), ("refuse", 503)])
async def test_a_postgresql_that_fails_over_is_told_by_the_setting_and_is_joined_again_when_it_is_back(
    start: StartInstance, postgresql: Server, on_failure: str, status: int
):
    instance = await start("servicenow", config=stored(postgresql.new_database(), on_failure))
    before = await instance.create()

    with postgresql.stopped():
        meanwhile, keyed = await instance.create(), await instance.create(**KEY)
    after = await instance.create(**KEY)

    assert (before.status, meanwhile.status, keyed.status, after.status) == (201, status, 503, 201)
    assert meanwhile.headers.get("ITSM-Fenced", "false") == "false"
    assert after.headers["ITSM-Fenced"] == "true"
    assert instance.creates() == instance.tickets() == (3 if on_failure == "unfenced" else 2)
