"""One ticket and one read on either platform, so that a test can say the same of both."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pytest
from aiohttp import ClientResponse
from running import ROOT, RunningGateway, StartGateway

from gateway.simulator import Exchange, SimulatedJira, SimulatedServiceNow

Simulated: TypeAlias = SimulatedServiceNow | SimulatedJira


@dataclass(frozen=True, slots=True)
class Desk:
    """One platform as a client meets it; its name is also that of its upstream and its listener."""

    platform: str
    simulate: Callable[..., Simulated]
    create_path: str
    ticket: Mapping[str, Any]
    read_path: str
    template: str
    """The shipped template; `job_name` is all it needs."""

    async def before(self, start: StartGateway, simulated: Simulated, **settings: Any) -> RunningGateway:
        """A gateway before this simulated platform alone."""
        return await start(**{self.platform: simulated}, **settings)

    async def create(self, gateway: RunningGateway, **headers: str) -> ClientResponse:
        """The ticket, as a client of the platform files it."""
        return await gateway.post(gateway.address(self.platform) + self.create_path, dict(self.ticket), **headers)

    async def read(self, gateway: RunningGateway) -> ClientResponse:
        """The read, as a client of the platform makes it."""
        return await gateway.get(gateway.address(self.platform) + self.read_path)

    def reads(self, simulated: Simulated) -> list[Exchange]:
        """The client's reads that reached the platform; the gateway's own searches ask for other things."""
        return [exchange for exchange in simulated.ledger if exchange.target == self.read_path]


SERVICENOW: Final = Desk(
    platform="servicenow",
    simulate=SimulatedServiceNow,
    create_path="/api/now/table/incident",
    ticket={"short_description": "Disk full"},
    read_path="/api/now/table/incident?sysparm_limit=1",
    template="rca_incident",
)
JIRA: Final = Desk(
    platform="jira",
    simulate=SimulatedJira,
    create_path="/rest/api/2/issue",
    ticket={"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}},
    read_path="/rest/api/2/project/OPS",
    template="rca_task",
)

on_both_platforms: Final = pytest.mark.parametrize("desk", [SERVICENOW, JIRA], ids=lambda desk: desk.platform)

_SHIPPED: Final = json.loads((ROOT / "config" / "itsm_config.json").read_text())
SHIPPED_TEMPLATES: Final = {key: _SHIPPED[key] for key in ("templates", "template_settings")}

LOGIN: Final = {"ITSM_Upstream_Authorization": "Basic am9iOnNlY3JldA=="}
"""The tickets door's caller lends its own credentials, as the gateways of these tests have none."""


async def recorded(gateway: RunningGateway, response: ClientResponse) -> dict[str, Any]:
    """The record of the call that was answered so; what was not sent is written down a moment after its answer."""
    for _ in range(500):
        if "id" in (record := await gateway.call(response)):
            return record
        await asyncio.sleep(0.01)
    raise AssertionError("the call was never recorded")


async def from_template(gateway: RunningGateway, desk: Desk, **request: Any) -> ClientResponse:
    """Ask the tickets door for the desk's shipped template, or for what `request` says instead."""
    asked = {
        "job_id": "nightly-42",
        "platform": desk.platform,
        "template_name": desk.template,
        "variables": {"job_name": "nightly-etl"},
    }
    return await gateway.post(f"{gateway.api}/api/v1/tickets/from-template", asked | request, **LOGIN)
