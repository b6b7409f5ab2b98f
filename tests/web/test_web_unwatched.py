"""What the metrics show of calls that nobody waits for."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from running import RunningGateway, StartGateway

from gateway import __version__
from gateway.domain.fault import StoreUnavailable
from gateway.simulator import CREATES, SimulatedServiceNow, refused
from gateway.web.unwatched import tell_depth

INCIDENTS = "/api/now/table/incident"


class AStoreThatIsDown:
    @property
    def outbox(self) -> "AStoreThatIsDown":
        return self

    async def depth(self) -> None:
        raise StoreUnavailable("disk full")


async def shown_once(gateway: RunningGateway, is_so: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    """The series without labels, as soon as they are so."""
    running = gateway.running.gateway
    telling = asyncio.create_task(tell_depth(running.records, running.metrics, _never, 0.01))
    try:
        async with asyncio.timeout(20):
            while not is_so(shown := await _shown(gateway)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    finally:
        telling.cancel()
    return shown


def _never(unavailable: StoreUnavailable) -> None:
    raise AssertionError(unavailable)


async def _shown(gateway: RunningGateway) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in (await gateway.metrics()).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


@pytest.fixture
def settings() -> dict[str, Any]:
    return {
        "config": {"outbox": {"retry_delays_seconds": [600]}},
        "upstream": {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}},
        "environ": {"TOKEN": "s3cret"},
    }


async def test_what_waits_shows_by_number_size_and_age(start_gateway: StartGateway, settings: dict[str, Any]):
    servicenow = SimulatedServiceNow()
    servicenow.faults.every(1, refused(503).on(CREATES))
    gateway = await start_gateway(servicenow=servicenow, **settings)

    await gateway.post(gateway.servicenow + INCIDENTS, {"short_description": "Disk full"}, Prefer="respond-async")

    shown = await shown_once(gateway, lambda shown: shown["itsm_outbox_oldest_seconds"] > 0)
    assert shown["itsm_outbox_calls"] == 1
    assert shown["itsm_outbox_bytes"] > len('{"short_description": "Disk full"}')
    assert shown["itsm_outbox_oldest_seconds"] < 60


async def test_a_dead_letter_waits_for_a_person_and_no_more_in_the_outbox(
    start_gateway: StartGateway, settings: dict[str, Any]
):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(faults=[refused(403).on(CREATES)]), **settings)

    await gateway.post(gateway.servicenow + INCIDENTS, {"short_description": "Disk full"}, Prefer="respond-async")

    shown = await shown_once(gateway, lambda shown: shown["itsm_dead_letters"] > 0)
    assert shown["itsm_dead_letters"] == 1
    assert shown["itsm_outbox_calls"] == shown["itsm_outbox_bytes"] == shown["itsm_outbox_oldest_seconds"] == 0


async def test_a_store_that_is_down_is_told_of_and_asked_again():
    told: list[StoreUnavailable] = []
    again = asyncio.Event()

    def tell(unavailable: StoreUnavailable) -> None:
        told.append(unavailable)
        if len(told) > 1:
            again.set()

    telling = asyncio.create_task(tell_depth(AStoreThatIsDown(), None, tell, 0.001))
    await asyncio.wait_for(again.wait(), 20)
    telling.cancel()

    assert str(told[0]) == "disk full"


async def test_what_is_running_says_its_version(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    assert f'version="{__version__}"' in await gateway.metrics()
