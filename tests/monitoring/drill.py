"""The drill: every incident at once, each at its own gateway, watched by one Prometheus and one Alertmanager."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from monitoring.compressed import compressed
from monitoring.fleet import Desk, a_desk
from monitoring.incidents import INCIDENTS, Incident
from monitoring.servers import Alertmanager, Prometheus, alertmanager, prometheus
from running import ROOT

MONITORING = ROOT / "k8s" / "monitoring"
FACTOR = 60
"""An hour of the rules is a minute of the drill."""

LONGEST_SECONDS = 50
QUIET_SECONDS = 2.5
"""How long the drill listens for alerts that nobody expects, once all expected ones have come."""

FIRING = 'ALERTS{alertstate="firing"}'


@dataclass
class Drill:
    """The drill while it goes on; everything that was seen is kept in it."""

    prometheus: Prometheus
    alertmanager: Alertmanager
    desks: Mapping[str, Desk]
    began: float = field(default_factory=time.time)

    async def fired(self) -> dict[str, set[str]]:
        """The alerts that have fired so far, by job."""
        fired: dict[str, set[str]] = {name: set() for name in self.desks}
        for series in await self.prometheus.query(f"max_over_time({FIRING}[5m])"):
            fired.setdefault(series["metric"].get("job", ""), set()).add(series["metric"]["alertname"])
        return fired

    def notified(self) -> dict[str, set[tuple[str, str | None]]]:
        """The alerts that reached somebody, with their platform, by job."""
        told: dict[str, set[tuple[str, str | None]]] = {name: set() for name in self.desks}
        for labels in self.alertmanager.notified:
            told.setdefault(labels.get("job", ""), set()).add((labels["alertname"], labels.get("platform")))
        return told


def rules() -> dict[str, str]:
    """The shipped rules, compressed."""
    return {file.name: compressed(file.read_text(), FACTOR) for file in sorted((MONITORING / "rules").glob("*.yaml"))}


@asynccontextmanager
async def drilled(folder: Path) -> AsyncIterator[Drill]:
    """Let everything go wrong, wait for what should come of it, and a little longer for what should not."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(cookie_jar=DummyCookieJar()))
        desks = await _opened(stack, folder, session)
        watching = await stack.enter_async_context(alertmanager(folder, MONITORING / "alertmanager.yaml", session))
        targets = {name: desk.gateway.address("api") for name, desk in desks.items()}
        scraping = await stack.enter_async_context(prometheus(folder, targets, rules(), watching.address, session))
        await _all_scraped(scraping, len(desks))
        drill = Drill(scraping, watching, desks)
        scripts = [asyncio.create_task(one.script(desks[one.name])) for one in INCIDENTS]
        try:
            await _everything_came(drill, scripts)
        finally:
            for script in scripts:
                script.cancel()
            await asyncio.gather(*scripts, return_exceptions=True)
        yield drill


async def _opened(stack: AsyncExitStack, folder: Path, session: ClientSession) -> dict[str, Desk]:
    async def opened(incident: Incident) -> Desk:
        own = folder / incident.name
        own.mkdir()
        return await stack.enter_async_context(a_desk(own, session, incident.config))

    return {incident.name: await opened(incident) for incident in INCIDENTS}


async def _all_scraped(scraping: Prometheus, count: int) -> None:
    """Twice, so that what happens now is an increase."""
    async with asyncio.timeout(20):
        while len(await scraping.query("count_over_time(itsm_build_info[1m]) >= 2")) < count:
            await asyncio.sleep(0.1)


async def _everything_came(drill: Drill, scripts: list[asyncio.Task[None]]) -> None:
    """A script that fails ends the drill; alerts that do not come are left to the tests to tell."""
    expected = {incident.name: incident.firing for incident in INCIDENTS}
    own = {incident.name: {(incident.alert, incident.platform)} for incident in INCIDENTS if incident.alert}
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        for script in scripts:
            if script.done():
                script.result()
        fired, told = await drill.fired(), drill.notified()
        if all(fired[name] >= expected[name] for name in expected) and all(told[name] >= own[name] for name in own):
            return await asyncio.sleep(QUIET_SECONDS)
        await asyncio.sleep(0.25)


async def gone(drill: Drill, stop: Any) -> None:
    """Stop every gateway and wait for the alert that there is none."""
    await stop()
    async with asyncio.timeout(20):
        while "ItsmGatewayGone" not in (await drill.fired()).get("", set()):
            await asyncio.sleep(0.25)
