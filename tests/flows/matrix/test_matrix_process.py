"""The failure matrix, fourth part: a process is killed, or stopped, at the worst of moments; or there are two."""

import asyncio
import signal
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientResponse
from fence.clients import CREATE_PATHS, ticket
from fence.crash import LOGIN, configured, served
from fence.gateways import Fleet, Replica, fleet, free_ports
from fence.records_shown import settled
from records.databases import Server

from gateway.simulator import CREATES, Fault, SimulatedJira, SimulatedServiceNow, answered, delayed, hangs

KEY = {"Idempotency-Key": "order-7"}
KINDS: dict[str, Any] = {"servicenow": SimulatedServiceNow, "jira": SimulatedJira}
on_both_platforms = pytest.mark.parametrize("platform", list(KINDS))


def simulate(platform: str, *faults: Fault) -> Any:
    return KINDS[platform](credentials=LOGIN, faults=faults)


async def create(gateways: Fleet, replica: Replica, platform: str, **headers: str) -> ClientResponse | None:
    """None where the connection broke before the answer."""
    url = replica.address(platform) + CREATE_PATHS[platform]
    with suppress(ClientError):
        sent = await gateways.session.post(url, json=ticket(platform, "Disk full"), headers=headers)
        await sent.read()
        return sent
    return None


async def until(happened: Callable[[], Any]) -> None:
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110  # nobody tells when
            await asyncio.sleep(0.01)


def states(folder: Path) -> list[str]:
    """What the rows of creates say, past all code of the gateway."""
    with closing(sqlite3.connect(folder / "gateway.db")) as connection:
        rows = connection.execute("SELECT state FROM itsm_gateway_calls WHERE operation = 'create_ticket'").fetchall()
    return [state for (state,) in rows]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nothing can be written down meanwhile."""
    with closing(sqlite3.connect(folder / "gateway.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def killed_and_back(replica: Replica, gateways: Fleet, creating: Awaitable[Any]) -> None:
    await replica.kill()
    assert await creating is None
    await replica.start(gateways.session)


def on_sqlite(folder: Path, addresses: dict[str, str]) -> dict[str, Any]:
    return configured(addresses, f"sqlite+aiosqlite:///{folder / 'gateway.db'}")


@on_both_platforms
async def test_killed_before_the_row_there_is_nothing_and_the_clients_retry_is_new(tmp_path: Path, platform: str):
    simulated = simulate(platform)
    async with served({platform: simulated}) as addresses, fleet(tmp_path) as gateways:
        replica = await gateways.add(on_sqlite(tmp_path, addresses))

        with locked(tmp_path):
            creating = asyncio.create_task(create(gateways, replica, platform, **KEY))
            await asyncio.sleep(0.2)
            await replica.kill()
        lost, left = await creating, states(tmp_path)
        await replica.start(gateways.session)
        retry = await create(gateways, replica, platform, **KEY)

        assert (lost, left) == (None, [])
        assert retry.headers["ITSM-Outcome"] == "created"
        assert len(simulated.ledger.creates()) == len(simulated.tickets()) == 1


@on_both_platforms
async def test_killed_after_the_row_and_before_sending_is_found_at_start_and_settled_as_never_sent(
    tmp_path: Path, platform: str
):
    (port,) = free_ports(1)
    async with fleet(tmp_path) as gateways:
        with socket.create_server(("127.0.0.1", port), backlog=0), full(port):
            replica = await gateways.add(on_sqlite(tmp_path, {platform: f"http://127.0.0.1:{port}"}))
            creating = asyncio.create_task(create(gateways, replica, platform))
            await until(lambda: states(tmp_path) == ["sending"])
            await replica.kill()
        simulated = simulate(platform)
        async with served({platform: simulated}, {platform: port}):
            lost = await creating
            await replica.start(gateways.session)
            await settled(gateways.session, replica.address("api"))

            assert (lost, states(tmp_path)) == (None, ["closed"])
            assert (simulated.ledger.creates(), simulated.tickets()) == ([], [])


@contextmanager
def full(port: int) -> Iterator[None]:
    """So many wait to be accepted there that no further connection comes about."""
    waiting = [socket.socket() for _ in range(3)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
    yield
    for one in waiting:
        one.close()


@on_both_platforms
async def test_killed_between_send_and_answer_is_looked_for_and_adopted(tmp_path: Path, platform: str):
    simulated = simulate(platform, hangs(stored=True).on(CREATES))
    async with served({platform: simulated}) as addresses, fleet(tmp_path) as gateways:
        replica = await gateways.add(on_sqlite(tmp_path, addresses))
        creating = asyncio.create_task(create(gateways, replica, platform, **KEY))
        await until(simulated.ledger.creates)

        await killed_and_back(replica, gateways, creating)
        retry = await create(gateways, replica, platform, **KEY)

        assert (retry.status, retry.headers["ITSM-Outcome"]) == (201, "replayed")
        assert len(simulated.ledger.creates()) == len(simulated.tickets()) == 1


@on_both_platforms
async def test_killed_between_answer_and_closing_commit_is_looked_for_and_adopted(tmp_path: Path, platform: str):
    simulated = simulate(platform, delayed(0.3).on(CREATES))
    async with served({platform: simulated}) as addresses, fleet(tmp_path) as gateways:
        replica = await gateways.add(on_sqlite(tmp_path, addresses))
        creating = asyncio.create_task(create(gateways, replica, platform))
        await until(simulated.ledger.creates)

        with locked(tmp_path):
            await asyncio.sleep(0.6)
            await replica.kill()
        lost = await creating
        await replica.start(gateways.session)
        await settled(gateways.session, replica.address("api"))

        assert (lost, states(tmp_path)) == (None, ["closed"])
        assert len(simulated.ledger.creates()) == len(simulated.tickets()) == 1


@pytest.mark.parametrize("platform", ["jira"])
async def test_two_replicas_that_get_the_same_key_at_once_make_one_ticket(
    tmp_path: Path, postgresql: Server, platform: str
):
    simulated = simulate(platform, delayed(0.3).on(CREATES))
    async with served({platform: simulated}) as addresses, fleet(tmp_path) as gateways:
        config = configured(addresses, postgresql.new_database())
        replicas = [await gateways.add(config), await gateways.add(config)]

        answers = await asyncio.gather(
            *(create(gateways, replicas[number % 2], platform, **KEY) for number in range(6))
        )

        assert {answer.status for answer in answers} == {201}
        assert [answer.headers["ITSM-Outcome"] for answer in answers].count("created") == 1
        assert len(simulated.ledger.creates()) == len(simulated.tickets()) == 1


@pytest.mark.parametrize("platform", ["servicenow"])
async def test_a_replica_that_was_stopped_past_its_lease_sends_nothing_more_of_what_another_has_taken(
    tmp_path: Path, postgresql: Server, platform: str
):
    url = postgresql.new_database()
    simulated = simulate(platform, answered(429, {"Retry-After": "2"}, "{}").on(CREATES))
    async with served({platform: simulated}) as addresses, fleet(tmp_path) as gateways:
        config = configured(addresses, url)
        paused = await gateways.add(config)
        creating = asyncio.create_task(create(gateways, paused, platform, **KEY))
        await until(simulated.ledger.creates)
        paused.process.send_signal(signal.SIGSTOP)
        other = await gateways.add(config)
        postgresql.ask(
            url, "UPDATE itsm_gateway_owners SET lease_until = 0 WHERE id IN (SELECT owner FROM itsm_gateway_calls)"
        )
        taken_over = await until_answered(gateways, other, platform)

        paused.process.send_signal(signal.SIGCONT)
        late = await creating

        assert taken_over.status == 201
        assert late is not None
        assert late.status != 201 or await late.read() == await taken_over.read()
        assert len(simulated.tickets()) == 1


async def until_answered(gateways: Fleet, replica: Replica, platform: str) -> ClientResponse:
    async with asyncio.timeout(60):
        while True:
            answer = await create(gateways, replica, platform, **KEY)
            if answer is not None and answer.status < 500 and answer.status != 429:
                return answer
            await asyncio.sleep(0.1)
