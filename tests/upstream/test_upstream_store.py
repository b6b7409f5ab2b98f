"""What is on disk when a create leaves, and what becomes of creates while nothing can be written."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from running import StartGateway
from upstream.instances import INCIDENT, Instance, StartInstance, waiting
from upstream.lines import INCIDENTS

from gateway.simulator import refused, stored_then

CALLS = "itsm_gateway_calls"
ON_DISK = f"SELECT state, attempts, last_sent_at FROM {CALLS} WHERE operation = 'create_ticket'"


def ask(database: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(question).fetchall()


def database_of(instance: Instance) -> Path:
    return instance.gateway.config_file.parent / "gateway.db"


class Witness:
    """An upstream that looks into the gateway's database at the moment it receives a create."""

    def __init__(self, database: Path, *statuses: int) -> None:
        self.database = database
        self.statuses = iter(statuses)
        self.seen: list[tuple[Any, ...]] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post(INCIDENTS, self.create)
        return app

    async def create(self, _request: web.Request) -> web.Response:
        self.seen += ask(self.database, ON_DISK)
        status = next(self.statuses)
        return web.json_response({"result": {"sys_id": "0" * 32, "number": "INC1"}}, status=status)


async def test_the_row_of_a_create_is_on_disk_as_sending_before_each_attempt_arrives(
    start_gateway: StartGateway, tmp_path: Path
):
    witness = Witness(tmp_path / "gateway.db", 429, 201)
    gateway = await start_gateway(servicenow=witness, config=waiting())

    response = await gateway.post(f"{gateway.servicenow}{INCIDENTS}", INCIDENT)

    (first, attempts, sent_at), (second, attempts_again, sent_again_at) = witness.seen
    assert response.status == 201
    assert (first, second) == ("sending", "sending")
    assert (attempts, attempts_again) == (1, 2)
    assert 0 < sent_at < sent_again_at
    assert [state for state, *_ in ask(witness.database, ON_DISK)] == ["closed"]


@asynccontextmanager
async def store_down(instance: Instance) -> AsyncIterator[None]:
    """The calls table is out of reach, as if the database were broken; then it is back."""
    with closing(sqlite3.connect(database_of(instance))) as connection:
        connection.execute(f"ALTER TABLE {CALLS} RENAME TO gone")
        try:
            yield
        finally:
            connection.execute(f"ALTER TABLE gone RENAME TO {CALLS}")


def config(on_failure: str, tmp_path: Path) -> dict[str, Any]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'gateway.db'}"
    return waiting() | {"store": {"url": url, "on_failure": on_failure}}


@pytest.mark.parametrize("platform", ["servicenow", "jira"])
async def test_unfenced_a_create_still_goes_through_and_is_marked_and_counted(
    start: StartInstance, tmp_path: Path, platform: str
):
    instance = await start(platform, config=config("unfenced", tmp_path))

    async with store_down(instance):
        response = await instance.create()

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "created"
    assert response.headers["ITSM-Fenced"] == "false"
    assert instance.tickets() == 1
    assert await instance.count(f'itsm_store_failures_total{{platform="{platform}"}}') >= 1


@pytest.mark.parametrize("fault", [refused(429), refused(503), stored_then(500)], ids=["429", "503", "stored 500"])
async def test_unfenced_there_is_exactly_one_attempt(start: StartInstance, tmp_path: Path, fault: Any):
    instance = await start("servicenow", fault, config=config("unfenced", tmp_path))

    async with store_down(instance):
        response = await instance.create()

    assert response.headers["ITSM-Retry-Attempts"] == "0"
    assert response.headers["ITSM-Fenced"] == "false"
    assert (instance.creates(), instance.searches()) == (1, 0)


async def test_reads_pass_while_the_store_is_down(start: StartInstance, tmp_path: Path):
    instance = await start("servicenow", config=config("refuse", tmp_path))

    async with store_down(instance):
        response = await instance.gateway.get(f"{instance.address}{INCIDENTS}?sysparm_limit=1")

    assert response.status == 200


@pytest.mark.parametrize("platform", ["servicenow", "jira"])
async def test_refuse_sends_nothing_and_says_so_in_the_platforms_own_shape(
    start: StartInstance, tmp_path: Path, platform: str
):
    instance = await start(platform, config=config("refuse", tmp_path))

    async with store_down(instance):
        response = await instance.create()

    body = json.dumps(await response.json())
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["ITSM-Outcome"] == "refused"
    assert response.headers["ITSM-Error"] == "store-unavailable"
    assert "nothing was sent" in body
    assert ("errorMessages" in body) is (platform == "jira")
    assert len(instance.simulated.ledger) == 0


@pytest.mark.parametrize(("on_failure", "outcome"), [("unfenced", "created"), ("refuse", "refused")])
async def test_a_call_that_could_not_be_written_down_is_recorded_once_the_store_is_back(
    start_gateway: StartGateway, tmp_path: Path, on_failure: str, outcome: str
):
    instance = await StartInstance(start_gateway)("servicenow", config=config(on_failure, tmp_path))

    async with store_down(instance):
        response = await instance.create()

    record = await instance.settled(response)
    assert record["outcome"] == outcome


@pytest.mark.parametrize("platform", ["servicenow", "jira"])
async def test_a_create_with_a_key_is_refused_whatever_the_setting_as_its_row_may_be_there(
    start: StartInstance, tmp_path: Path, platform: str
):
    instance = await start(platform, config=config("unfenced", tmp_path))

    async with store_down(instance):
        response = await instance.create(Idempotency_Key="order-7")
    again = await instance.create(Idempotency_Key="order-7")

    assert response.status == 503
    assert response.headers["ITSM-Error"] == "store-unavailable"
    assert again.headers["ITSM-Outcome"] == "created"
    assert instance.creates() == instance.tickets() == 1
