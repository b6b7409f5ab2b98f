"""One simulated platform behind a whole gateway, and the create that a test sends it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse
from running import RunningGateway, StartGateway

from gateway.simulator import SEARCHES, Fault, SimulatedJira, SimulatedServiceNow, refused

Platform = SimulatedServiceNow | SimulatedJira

WINDOWS = {"settle_seconds": 0.03, "late_effect_seconds": 0.2}
LATE_SECONDS = WINDOWS["late_effect_seconds"]
PLATFORMS = ("servicenow", "jira")

INCIDENT = {"short_description": "Disk full"}
ISSUE = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}
TARGETS = {"servicenow": "/api/now/table/incident", "jira": "/rest/api/2/issue"}

RETRIES = {"retry_delay_seconds": 0.01, "max_retry_delay_seconds": 0.05}


def waiting(total: float = 10, read: float = 5) -> dict[str, Any]:
    """A config's `timeout`; the defaults are never reached, however slow the machine."""
    return {
        "timeout": {"connection_timeout_seconds": 5, "read_timeout_seconds": read, "total_timeout_seconds": total},
        "retry_policy": RETRIES,
    }


SHORT = waiting(total=0.4)
"""A deadline that comes before anything is certain."""


@dataclass
class Instance:
    """A platform, and the gateway before it."""

    name: str
    simulated: Any
    gateway: RunningGateway

    @property
    def address(self) -> str:
        return self.gateway.address(self.name)

    async def create(self, fields: Mapping[str, Any] | None = None, target: str = "", **headers: str) -> ClientResponse:
        """Open a ticket, with these fields over the usual ones."""
        url = f"{self.address}{target or TARGETS[self.name]}"
        if self.name == "servicenow":
            return await self.gateway.post(url, INCIDENT | dict(fields or {}), **headers)
        return await self.gateway.post(url, {"fields": ISSUE | dict(fields or {})}, **headers)

    async def attempts(self, response: ClientResponse) -> list[dict[str, Any]]:
        """The attempts on record."""
        record = await self.gateway.call(response)
        found: list[dict[str, Any]] = record["attempts"]
        return found

    async def statuses(self, response: ClientResponse) -> list[Any]:
        """How each attempt ended: its status, or how it broke."""
        return [attempt["status"] or attempt["failure"] for attempt in await self.attempts(response)]

    async def settled(self, response: ClientResponse) -> dict[str, Any]:
        """The call's record once nothing about it is open."""
        async with asyncio.timeout(10):
            while (record := await self.gateway.call(response)).get("state") != "closed":  # noqa: ASYNC110  # nobody tells when
                await asyncio.sleep(0.01)
        return record

    async def count(self, metric: str) -> float:
        """A counter's value on /metrics; `metric` with its labels as they stand there."""
        for line in (await self.gateway.metrics()).splitlines():
            if line.startswith(f"{metric} "):
                return float(line.rpartition(" ")[2])
        raise AssertionError(f"{metric} is not there")

    def tickets(self) -> int:
        return len(self.simulated.tickets())

    def creates(self) -> int:
        return len(self.simulated.ledger.creates())

    def searches(self) -> int:
        return len(self.simulated.ledger.searches())


@dataclass
class StartInstance:
    """Starts one platform behind a gateway; `options` are the platform's own."""

    start_gateway: StartGateway

    async def __call__(
        self,
        name: str,
        *faults: Fault,
        config: Mapping[str, Any] | None = None,
        windows: Mapping[str, float] = WINDOWS,
        options: Mapping[str, Any] | None = None,
        upstream: Mapping[str, Any] | None = None,
        **rest: Any,
    ) -> Instance:
        made: dict[str, type[Platform]] = {"servicenow": SimulatedServiceNow, "jira": SimulatedJira}
        simulated = made[name](faults=faults, **(options or {}))
        settings = {"reconcile": dict(windows)} | dict(upstream or {})
        gateway = await self.start_gateway(**{name: simulated}, config=config or waiting(), upstream=settings, **rest)
        return Instance(name, simulated, gateway)

    async def before(self, earlier: Instance, *, upstream: Mapping[str, Any] | None = None, **rest: Any) -> Instance:
        """Another gateway before the same platform, over the same records as far as `rest` does not say otherwise."""
        settings = {"reconcile": dict(WINDOWS)} | dict(upstream or {})
        gateway = await self.start_gateway(**{earlier.name: earlier.simulated}, upstream=settings, **rest)
        return Instance(earlier.name, earlier.simulated, gateway)


async def unsearchable(start: StartInstance, platform: str, *faults: Fault, **rest: Any) -> Instance:
    """An instance whose search is denied until its faults are cleared."""
    instance = await start(platform, *faults, config=SHORT, **rest)
    instance.simulated.faults.every(1, refused(403).on(SEARCHES))
    return instance


def assert_unconfirmed(response: Any) -> None:
    assert response.status == 504
    assert response.headers["ITSM-Outcome"] == "unconfirmed"
    assert response.headers["ITSM-Error"] == "unconfirmed"
    assert response.headers["ITSM-Fenced"] == "true"
    assert 1 <= int(response.headers["Retry-After"]) <= 30
