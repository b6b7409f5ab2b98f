import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from flows.strict_rules import IN_JIRA, IN_SERVICENOW, STRICT
from flows.wire import Before, Reply
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedServiceNow


@pytest.fixture
async def before(start_gateway: StartGateway) -> AsyncIterator[Before]:
    """A gateway before an upstream that is spoken by the test itself."""
    async with AsyncExitStack() as stack:

        async def start(reply: Reply) -> RunningGateway:
            server = await asyncio.start_server(reply, "127.0.0.1", 0)
            stack.callback(server.close)
            base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            return await start_gateway(servicenow=SimulatedServiceNow(), upstream={"base_url": base_url})

        yield start


@pytest.fixture
async def passage(start_gateway: StartGateway) -> tuple[SimulatedServiceNow, RunningGateway]:
    """A simulated ServiceNow with its ledger, and a gateway before it."""
    servicenow = SimulatedServiceNow()
    return servicenow, await start_gateway(servicenow=servicenow)


@pytest.fixture
def strict(tmp_path: Path):
    """A policies folder with a rule of each kind on both platforms, in the given mode."""

    def written(mode: str = "enforce") -> Path:
        folder = tmp_path / "policies"
        folder.mkdir()
        for names in (IN_SERVICENOW, IN_JIRA):
            (folder / f"{names['platform']}.yaml").write_text(STRICT.format(mode=mode, **names))
        return folder

    return written
