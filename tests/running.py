"""A whole gateway before simulated platforms, in this process, on ports of its own."""

import io
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession

from gateway.web.serve import Running

ROOT = Path(__file__).parents[1]
SHIPPED_POLICIES = ROOT / "policies"

QUICK: Mapping[str, Any] = {
    "retry_policy": {"retry_delay_seconds": 0.01, "max_retry_delay_seconds": 0.05},
    "timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 1, "total_timeout_seconds": 5},
}
QUICK_WINDOWS = {"settle_seconds": 0.02, "late_effect_seconds": 0.3}
"""The windows scaled down as the delays are, so that no test waits for what an operator would."""


@dataclass
class RunningGateway:
    """A gateway that listens: `servicenow` and `jira` are the upstreams' own addresses, `proxy` the shared one."""

    running: Running
    config_file: Path
    policies_dir: Path
    log: io.StringIO
    session: ClientSession
    life: AsyncExitStack

    async def stop(self) -> None:
        """As SIGTERM does; another gateway may then open the same records."""
        await self.life.aclose()

    def address(self, listener: str) -> str:
        """A listener's URL; by name, because cookie jars ignore bare addresses."""
        return f"http://localhost:{self.running.bound[listener].port}"

    @property
    def proxy(self) -> str:
        return self.address("proxy")

    @property
    def api(self) -> str:
        return self.address("api")

    @property
    def servicenow(self) -> str:
        return self.address("servicenow")

    @property
    def jira(self) -> str:
        return self.address("jira")

    async def post(self, url: str, body: Any, **headers: str) -> ClientResponse:
        """POST JSON as an ordinary client does; `ITSM_Dry_Run="true"` becomes the header `ITSM-Dry-Run`."""
        return await self.request("POST", url, json=body, headers=headers)

    async def get(self, url: str, **headers: str) -> ClientResponse:
        """GET and read."""
        return await self.request("GET", url, headers=headers)

    async def request(self, method: str, url: str, *, headers: Mapping[str, str], **rest: Any) -> ClientResponse:
        """Send and read the whole answer."""
        spelt = {name.replace("_", "-"): value for name, value in headers.items()}
        response = await self.session.request(method, url, headers={"Accept": "application/json"} | spelt, **rest)
        await response.read()
        return response

    async def metrics(self) -> str:
        """What Prometheus would scrape now."""
        return await (await self.get(f"{self.api}/metrics")).text()

    async def call(self, response: ClientResponse) -> dict[str, Any]:
        """The record of the call that was answered so."""
        shown = await self.get(f"{self.api}/api/v1/calls/{response.headers['ITSM-Call-Id']}")
        record: dict[str, Any] = await shown.json()
        return record

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log's events of one name."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["event"] == name]


class Terminal(io.StringIO):
    """A stream whose lines are there at once, as on a terminal."""

    def isatty(self) -> bool:
        return True


StartGateway = Callable[..., Awaitable[RunningGateway]]
