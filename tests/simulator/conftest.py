"""What every simulator test starts from: a clock to set, and clients of fresh platforms."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import TestClient

from gateway.simulator import SimulatedJira, SimulatedServiceNow

Open = Callable[[SimulatedServiceNow | SimulatedJira], Awaitable[TestClient]]


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def client_of(aiohttp_client) -> Open:
    async def open_client(platform: SimulatedServiceNow | SimulatedJira) -> TestClient:
        return await aiohttp_client(platform.app())

    return open_client
