"""Creates through gateways that are killed at random moments, before platforms where every seventh exchange fails."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from aiohttp.test_utils import TestServer
from fence.clients import Client, Told
from fence.faultspace import Space
from fence.gateways import SECRET, Fleet, Scaled, fleet, upstream
from fence.records_shown import settled, tickets_recorded
from fence.tally import Books, Tally, tally

from gateway.simulator import SimulatedJira, SimulatedServiceNow

Simulated = dict[str, SimulatedServiceNow | SimulatedJira]

SCALE = Scaled()
FAULTS_SHARE = 0.15
LOGIN = ("gateway", SECRET)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much happens, and by which seed."""

    creates: int
    kills: int
    replicas: int
    seed: int
    clients: int = 16


@dataclass(frozen=True, slots=True)
class Crashed:
    """How it ended."""

    tally: Tally
    told: Sequence[Told]
    exchanges: int
    faults: int
    starts: int

    def figures(self) -> dict[str, Any]:
        """A row of the table."""
        counted = self.tally
        return {
            "creates": counted.creates,
            "exchanges": self.exchanges,
            "faults": self.faults,
            "kills": self.starts,
            "tickets": counted.tickets,
            "duplicated": counted.duplicated,
            "lost": counted.lost,
            "unrecorded": counted.unrecorded,
            "lied to": counted.lied_to,
        }


async def crash(plan: Plan, folder: Path, store_url: str) -> Crashed:
    """Run the plan to its end, and count once everything is settled."""
    simulated: Simulated = {
        "servicenow": SimulatedServiceNow(credentials=LOGIN, random=Random(plan.seed)),
        "jira": SimulatedJira(credentials=LOGIN, random=Random(plan.seed + 1), index_delay=SCALE.settle / 2),
    }
    async with served(simulated) as addresses, fleet(folder) as gateways:
        config = configured(addresses, store_url)
        for _ in range(plan.replicas):
            await gateways.add(config)
        for name, one in simulated.items():
            space = Space(name, late=SCALE.late_effect / 4, slow=SCALE.read_timeout / 4)
            one.faults.sometimes(FAULTS_SHARE, *space.of_creates(), *space.of_searches())
        told, kills = await _under_fire(plan, gateways, simulated)
        for one in simulated.values():
            one.faults.clear()
        return await _counted(told, kills, gateways, simulated)


@asynccontextmanager
async def served(
    simulated: Simulated, ports: Mapping[str, int] = MappingProxyType({})
) -> AsyncIterator[dict[str, str]]:
    """The platforms' addresses while they serve; any ports but for `ports`."""
    servers = {name: TestServer(one.app(), port=ports.get(name)) for name, one in simulated.items()}
    try:
        for server in servers.values():
            await server.start_server()
        yield {name: str(server.make_url("")).rstrip("/") for name, server in servers.items()}
    finally:
        await asyncio.gather(*(server.close() for server in servers.values()))


def configured(addresses: dict[str, str], store_url: str, scale: Scaled = SCALE) -> dict[str, Any]:
    """What every replica's config file says."""
    upstreams = {name: upstream(name, address, scale) for name, address in addresses.items()}
    return {**scale.settings(), "upstreams": upstreams, "store": {"url": store_url}}


async def _under_fire(plan: Plan, gateways: Fleet, simulated: Simulated) -> tuple[list[Told], int]:
    replicas = gateways.replicas
    addresses = {name: [replica.address(name) for replica in replicas] for name in simulated}
    client = Client(gateways.session, addresses, patience=SCALE.total + 1)
    waiting, told = iter(range(plan.creates)), []

    async def one_after_another() -> None:
        for number in waiting:
            one = await client.file(number, "jira" if number % 2 else "servicenow")
            told.append(one)

    killing = asyncio.create_task(_kill_at_random(plan, gateways, told))
    await asyncio.gather(*(one_after_another() for _ in range(plan.clients)))
    return told, await killing


async def _kill_at_random(plan: Plan, gateways: Fleet, told: Sequence[Told]) -> int:
    """Each kill comes when so many creates are through, and a random moment later; how many there were."""
    random = Random(plan.seed)
    for done in sorted(random.sample(range(plan.creates - plan.clients * 2), plan.kills)):
        while len(told) < done:  # noqa: ASYNC110  # nobody tells when
            await asyncio.sleep(0.01)
        await asyncio.sleep(random.random() * 0.2)
        replica = random.choice(gateways.replicas)
        await replica.kill()
        await replica.start(gateways.session)
    return plan.kills


async def _counted(told: list[Told], kills: int, gateways: Fleet, simulated: Simulated) -> Crashed:
    api, session = gateways.replicas[0].address("api"), gateways.session
    await settled(session, api)
    exchanges = [exchange for one in simulated.values() for exchange in one.ledger]
    counted = tally(told, Books.of(*simulated.values()), await tickets_recorded(session, api))
    return Crashed(counted, told, len(exchanges), sum(one.fault is not None for one in exchanges), kills)
