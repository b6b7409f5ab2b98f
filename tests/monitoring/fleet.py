"""Gateways side by side, each before simulated platforms of its own and with files of its own."""

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestServer
from flows.desks import LOGIN, SHIPPED_TEMPLATES
from monitoring.pace import FULL_SPEED, Pace
from running import QUICK, QUICK_WINDOWS, SHIPPED_POLICIES, RunningGateway, Terminal

from gateway.simulator import SimulatedJira, SimulatedServiceNow
from gateway.telemetry.log import Log
from gateway.web.serve import running

INCIDENTS = "/api/now/table/incident"
ISSUES = "/rest/api/2/issue"


@dataclass
class Desk:
    """One gateway, the platforms behind it, and the tickets that its clients file."""

    gateway: RunningGateway
    servicenow: SimulatedServiceNow
    jira: SimulatedJira
    pace: Pace
    titles: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.gateway.config_file.parent / "gateway.db"

    async def incident(self, table: str = "incident", **fields: str) -> ClientResponse:
        """A ticket in ServiceNow."""
        url = f"{self.gateway.servicenow}/api/now/table/{table}"
        return await self.gateway.post(url, {"short_description": self._title(), **fields})

    async def queued_incident(self) -> ClientResponse:
        """A ticket whose client does not wait for it."""
        url = f"{self.gateway.servicenow}{INCIDENTS}"
        return await self.gateway.post(url, {"short_description": self._title()}, Prefer="respond-async")

    async def refused_incident(self) -> ClientResponse:
        """A ticket without what its policy requires."""
        return await self.gateway.post(f"{self.gateway.servicenow}{INCIDENTS}", {"description": "no title"})

    async def issue(self, project: str = "OPS", **fields: Any) -> ClientResponse:
        """A ticket in Jira."""
        ticket = {"project": {"key": project}, "issuetype": {"name": "Task"}, "summary": self._title(), **fields}
        return await self.gateway.post(f"{self.gateway.jira}{ISSUES}", {"fields": ticket})

    async def from_template(self, name: str = "rca_incident", **variables: str) -> ClientResponse:
        """A ticket by the tickets door."""
        asked = {"job_id": "nightly-42", "platform": "servicenow", "template_name": name, "variables": variables}
        return await self.gateway.post(f"{self.gateway.api}/api/v1/tickets/from-template", asked, **LOGIN)

    async def read(self) -> ClientResponse:
        """What other traffic there is."""
        return await self.gateway.get(f"{self.gateway.servicenow}{INCIDENTS}?sysparm_limit=1")

    async def lost(self) -> ClientResponse:
        """A request for an upstream that nobody has configured."""
        return await self.gateway.get(f"{self.gateway.proxy}/nowhere/at/all")

    def _title(self) -> str:
        self.titles.append(f"Job {len(self.titles)} failed")
        return self.titles[-1]


@asynccontextmanager
async def a_desk(
    folder: Path, session: ClientSession, config: Mapping[str, Any], pace: Pace = FULL_SPEED
) -> AsyncIterator[Desk]:
    """A running desk; `config` is merged over the quick defaults, its `upstream` over each upstream."""
    servicenow, jira = SimulatedServiceNow(), SimulatedJira()
    async with AsyncExitStack() as stack:
        upstreams = {}
        for name, simulated in (("servicenow", servicenow), ("jira", jira)):
            server = TestServer(simulated.app())
            await stack.enter_async_context(server)
            upstreams[name] = _upstream(name, str(server.make_url("")).rstrip("/")) | config.get("upstream", {})
        config_file = _written(folder, upstreams, {key: config[key] for key in config if key != "upstream"}, pace)
        policies = Path(shutil.copytree(SHIPPED_POLICIES, folder / "policies"))
        stream = Terminal()
        log = Log("info", stream, readable=False)
        stack.callback(log.close)
        life = await stack.enter_async_context(AsyncExitStack())
        started = await life.enter_async_context(running(config_file, policies, {"PASSWORD": "secret"}, log))
        yield Desk(RunningGateway(started, config_file, policies, stream, session, life), servicenow, jira, pace)


def _upstream(platform: str, base_url: str) -> dict[str, Any]:
    """Protection counts in real seconds, and a drill that runs sixty times as fast would trip it all the time."""
    unprotected = {"circuit_breaker": False, "retry_budget_percent": 100}
    listener = {"listen": "127.0.0.1:0", "reconcile": QUICK_WINDOWS}
    return {"platform": platform, "base_url": base_url, **listener, **unprotected}


def _written(folder: Path, upstreams: Mapping[str, Any], config: Mapping[str, Any], pace: Pace) -> Path:
    whole = {
        **QUICK,
        **SHIPPED_TEMPLATES,
        "listen": {"proxy": "127.0.0.1:0", "api": "127.0.0.1:0"},
        "upstreams": upstreams,
        "store": {"url": f"sqlite+aiosqlite:///{folder / 'gateway.db'}"},
        **config,
    }
    config_file = folder / "itsm_config.json"
    config_file.write_text(json.dumps(pace.stretched(whole)))
    return config_file
