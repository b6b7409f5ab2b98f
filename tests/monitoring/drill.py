"""The drill: every incident at once, each at its own gateway, watched by one Prometheus and one Alertmanager."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientSession, DummyCookieJar
from monitoring.compressed import compressed
from monitoring.fleet import Desk, a_desk
from monitoring.incidents import INCIDENTS, Incident
from monitoring.pace import Pace, measured_pace
from monitoring.servers import Alertmanager, Prometheus, Watch, alertmanager, prometheus
from monitoring.shipped import MONITORING, RULE_FILES

LONGEST_SECONDS = 75
GONE_SECONDS = 40
QUIET_SECONDS = 2.5
"""How long the drill listens for alerts that nobody expects, once all expected ones have come; all at full speed."""

FIRING = 'ALERTS{alertstate="firing"}'


@dataclass
class Drill:
    """The drill while it goes on; everything that was seen is kept in it."""

    prometheus: Prometheus
    alertmanager: Alertmanager
    desks: Mapping[str, Desk]
    stop_gateways: Callable[[], Awaitable[None]]
    pace: Pace
    began: float = field(default_factory=time.time)

    async def fired(self) -> dict[str, set[str]]:
        """The alerts that have fired so far, by job; that nobody is there at all names none, and is asked apart."""
        fired: dict[str, set[str]] = {name: set() for name in self.desks}
        for series in await self.prometheus.query(f"max_over_time({FIRING}[15m])"):
            if job := series["metric"].get("job"):
                fired.setdefault(job, set()).add(series["metric"]["alertname"])
        return fired

    def notified(self) -> dict[str, list[tuple[str, str | None]]]:
        """The alerts that reached somebody, with their platform, by job; each once, in the order they came."""
        told: dict[str, list[tuple[str, str | None]]] = {name: [] for name in self.desks}
        for labels in self.alertmanager.notified:
            so_far, alert = told.setdefault(labels.get("job", ""), []), (labels["alertname"], labels.get("platform"))
            if alert not in so_far:
                so_far.append(alert)
        return told

    async def is_noticed_gone(self) -> bool:
        """Stop every gateway, and see whether anybody is told that there is none."""
        await self.stop_gateways()
        until = time.monotonic() + self.pace.seconds(GONE_SECONDS)
        while not self._told_gone() and time.monotonic() < until:  # noqa: ASYNC110  # other processes tell, not tasks
            await asyncio.sleep(0.25)
        return self._told_gone()

    def _told_gone(self) -> bool:
        return ("ItsmGatewayGone", None) in self.notified().get("", [])


def rules(pace: Pace) -> dict[str, str]:
    """The shipped rules, compressed."""
    return {file.name: compressed(file.read_text(), pace.factor) for file in RULE_FILES}


@asynccontextmanager
async def drilled(folder: Path) -> AsyncIterator[Drill]:
    """Let everything go wrong, wait for what should come of it, and a little longer for what should not."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(cookie_jar=DummyCookieJar()))
        running = await stack.enter_async_context(AsyncExitStack())
        pace = await _pace(folder, session)
        desks = await _opened(running, folder, session, pace)
        watching = await stack.enter_async_context(alertmanager(folder, MONITORING / "alertmanager.yaml", session))
        targets = {name: desk.gateway.address("api") for name, desk in desks.items()}
        watch = Watch(targets, rules(pace), watching.address, pace.scrape)
        scraping = await stack.enter_async_context(prometheus(folder, watch, session))
        await _all_scraped(scraping, len(desks))
        drill = Drill(scraping, watching, desks, running.aclose, pace)
        scripts = [asyncio.create_task(one.script(desks[one.name])) for one in INCIDENTS]
        try:
            await _everything_came(drill, scripts)
        finally:
            for script in scripts:
                script.cancel()
            await asyncio.gather(*scripts, return_exceptions=True)
        yield drill


async def _pace(folder: Path, session: ClientSession) -> Pace:
    """By a gateway that is there for nothing else."""
    own = folder / "pace"
    own.mkdir()
    async with a_desk(own, session, {}) as desk:
        return await measured_pace(session, desk.gateway.address("api"), len(INCIDENTS))


async def _opened(stack: AsyncExitStack, folder: Path, session: ClientSession, pace: Pace) -> dict[str, Desk]:
    async def opened(incident: Incident) -> Desk:
        own = folder / incident.name
        own.mkdir()
        return await stack.enter_async_context(a_desk(own, session, incident.config, pace))

    return {incident.name: await opened(incident) for incident in INCIDENTS}


async def _all_scraped(scraping: Prometheus, count: int) -> None:
    """Twice, so that what happens now is an increase."""
    async with asyncio.timeout(120):
        scraped_twice = "count_over_time(itsm_build_info[2m]) >= 2"
        while len(await scraping.query(scraped_twice)) < count:  # noqa: ASYNC110  # another process scrapes
            await asyncio.sleep(0.1)


async def _everything_came(drill: Drill, scripts: list[asyncio.Task[None]]) -> None:
    """A script that fails ends the drill; alerts that do not come are left to the tests to tell."""
    until = time.monotonic() + drill.pace.seconds(LONGEST_SECONDS)
    while not await _has_come(drill) and time.monotonic() < until:
        for script in scripts:
            if script.done():
                script.result()
        await asyncio.sleep(0.25)
    await asyncio.sleep(drill.pace.seconds(QUIET_SECONDS))


async def _has_come(drill: Drill) -> bool:
    """Whether everything that is expected has fired, and what is to reach somebody has."""
    fired, told = await drill.fired(), drill.notified()
    return all(
        fired[one.name] >= one.firing and (one.alert is None or (one.alert, one.platform) in told[one.name])
        for one in INCIDENTS
    )
