"""What every test may ask for."""

import gc
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar
from aiohttp.test_utils import TestServer
from running import QUICK, QUICK_WINDOWS, SHIPPED_POLICIES, RunningGateway, StartGateway, Terminal

from gateway.simulator import SimulatedJira, SimulatedServiceNow
from gateway.telemetry.log import Log
from gateway.web.serve import running


def pytest_collection_finish() -> None:
    """What was collected stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def short_pauses() -> Iterator[None]:
    """Looking through all that thousands of tests leave takes seconds, in which deadlines of calls pass."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
async def start_gateway(tmp_path: Path) -> AsyncIterator[StartGateway]:
    """Start gateways before simulated platforms.

    `config` is merged over the quick defaults, `upstream` over each upstream; `policies` is a folder, by default the
    shipped one; `environ` is what the process would have.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(cookie_jar=DummyCookieJar()))

        async def start(
            *,
            servicenow: SimulatedServiceNow | None = None,
            jira: SimulatedJira | None = None,
            config: Mapping[str, Any] | None = None,
            upstream: Mapping[str, Any] | None = None,
            policies: Path = SHIPPED_POLICIES,
            environ: Mapping[str, str] | None = None,
        ) -> RunningGateway:
            upstreams: dict[str, Any] = {}
            for name, simulated in (("servicenow", servicenow), ("jira", jira)):
                if simulated is not None:
                    base_url = await _served(stack, simulated)
                    upstreams[name] = _upstream(name, base_url) | dict(upstream or {})
            config_file = _written(tmp_path, upstreams, config or {})
            log_stream = Terminal()
            log = Log("info", log_stream, readable=False)
            stack.callback(log.close)
            life = await stack.enter_async_context(AsyncExitStack())
            started = await life.enter_async_context(running(config_file, policies, environ or {}, log))
            return RunningGateway(started, config_file, policies, log_stream, session, life)

        yield start


async def _served(stack: AsyncExitStack, simulated: SimulatedServiceNow | SimulatedJira) -> str:
    server = TestServer(simulated.app())
    await server.start_server()
    stack.push_async_callback(server.close)
    return str(server.make_url("")).rstrip("/")


def _upstream(platform: str, base_url: str) -> dict[str, Any]:
    return {"platform": platform, "base_url": base_url, "listen": "127.0.0.1:0", "reconcile": QUICK_WINDOWS}


def _written(folder: Path, upstreams: Mapping[str, Any], config: Mapping[str, Any]) -> Path:
    config_file = folder / "itsm_config.json"
    whole = {
        **QUICK,
        "listen": {"proxy": "127.0.0.1:0", "api": "127.0.0.1:0"},
        "upstreams": upstreams,
        "store": {"url": f"sqlite+aiosqlite:///{folder / 'gateway.db'}"},
        **config,
    }
    config_file.write_text(json.dumps(whole, indent=2))
    return config_file
