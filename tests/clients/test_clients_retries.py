"""The retry loops of unmodified clients end with exactly one ticket; a second here is half a minute in real life."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from running import StartGateway

from gateway.simulator import CREATES, SimulatedJira, SimulatedServiceNow, answered, delayed, hangs, stored_then

OUTAGE_SECONDS = 3.0
BUSY = {"Retry-After": "1"}
CONFIG = {
    "retry_policy": {"retry_delay_seconds": 0.17, "max_retry_delay_seconds": 1},
    "timeout": {"connection_timeout_seconds": 0.3, "read_timeout_seconds": 1, "total_timeout_seconds": 2},
}
UPSTREAM = {"reconcile": {"settle_seconds": 0.2, "late_effect_seconds": 2.5}, "circuit_breaker": False}
LIBRARIES = {"jira": SimulatedJira, "requests": SimulatedServiceNow}
PATIENT, HASTY = 10.0, 0.6


def names(simulated: Any) -> Iterable[str]:
    return [str(one.get("number") or one.get("key")) for one in simulated.tickets()]


class Desk:
    """One library before its platform."""

    def __init__(self, library: str, start: StartGateway, use_client: Any) -> None:
        self.library, self.start, self.use_client = library, start, use_client
        self.simulated = LIBRARIES[library](credentials=("abel", "right"))

    async def file(self, patience: float) -> str:
        """The ticket that the library was told of."""
        platform = "jira" if self.library == "jira" else "servicenow"
        gateway = await self.start(**{platform: self.simulated}, config=CONFIG, upstream=UPSTREAM)
        facts = await self.use_client("retry_create.py", self.library, gateway.address(platform), str(patience))
        return str(facts["ticket"])

    async def recover(self) -> None:
        """The outage ends."""
        await asyncio.sleep(OUTAGE_SECONDS)
        self.simulated.faults.clear()


@pytest.fixture(params=LIBRARIES)
def desk(request: pytest.FixtureRequest, start_gateway: StartGateway, use_client: Any) -> Desk:
    return Desk(request.param, start_gateway, use_client)


@pytest.mark.parametrize("stored", [False, True], ids=["nothing-stored", "first-stored"])
async def test_a_retry_loop_survives_an_outage_with_one_ticket(desk: Desk, stored: bool):
    if stored:
        desk.simulated.faults.add(stored_then(503, BUSY).on(CREATES))
    desk.simulated.faults.every(1, answered(503, BUSY, "down"))
    recovery = asyncio.create_task(desk.recover())

    told = await desk.file(PATIENT)

    await recovery
    assert names(desk.simulated) == [told]


async def test_an_answer_that_comes_after_the_client_gave_up_is_collected_by_its_retry(desk: Desk):
    desk.simulated.faults.add(delayed(0.9).on(CREATES))

    told = await desk.file(HASTY)

    assert names(desk.simulated) == [told]
    assert len(desk.simulated.ledger.creates()) == 1


@pytest.mark.parametrize("stored", [False, True], ids=["nothing-stored", "stored"])
async def test_an_answer_that_never_comes_ends_with_one_ticket(desk: Desk, stored: bool):
    desk.simulated.faults.add(hangs(stored=stored).on(CREATES))

    told = await desk.file(HASTY)

    assert names(desk.simulated) == [told]
