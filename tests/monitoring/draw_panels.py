"""Draw the dashboard as people will see it: a gateway, a real Prometheus, two minutes of a day with troubles.

Run it as `.venv/bin/python tests/monitoring/draw_panels.py`; the pictures go to `k8s/monitoring/pictures/`.
"""

import asyncio
import math
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from aiohttp import ClientSession, DummyCookieJar
from monitoring.drawing import SPAN, STEP, Drawn, draw
from monitoring.drill import rules
from monitoring.fleet import Desk, a_desk
from monitoring.incidents import LOGGED_IN
from monitoring.pace import Pace
from monitoring.servers import Prometheus, Watch, alertmanager, prometheus
from monitoring.shipped import MONITORING, dashboard, substituted

from gateway.simulator import CREATES, SEARCHES, When, delayed, hangs, refused, stored_then

PICTURES: Mapping[str, tuple[str, ...]] = {
    "overview": ("Overview: do tickets get through?", "Throughput", "Errors"),
    "latency-and-retries": ("Latency", "Retries"),
    "causes": ("Validation and templates", "Lost answers: searches and late settlements", "Upstreams"),
    "promises": ("SLA compliance", "Outbox: creates that are delivered later", "Process"),
}
SECONDS = SPAN - 2
READS = When(methods=frozenset({"GET"}))
READS_FAIL = 92.0
"""Seconds into the day from which ServiceNow answers no read any more, until its circuit opens."""
CONFIG: Mapping[str, Any] = {
    "retry_policy": {"retry_delay_seconds": 3, "max_retry_delay_seconds": 6},
    "timeout": {"connection_timeout_seconds": 5, "read_timeout_seconds": 8, "total_timeout_seconds": 12},
    "sla": {"poll": True, "poll_seconds": 4},
    "outbox": {"retry_delays_seconds": [6, 9, 12]},
    "upstream": {
        **LOGGED_IN["upstream"],
        "reconcile": {"settle_seconds": 0.1, "late_effect_seconds": 5},
        "circuit_breaker": True,
        "retry_budget_percent": 20,
    },
}
HOURS_ON: Mapping[float, float] = {45: 7.5, 75: 8.5}
"""Seconds into the day from which the promises' clock is so many hours on: 8 h are promised, at the least."""


async def main() -> None:
    """Play, ask, draw."""
    with tempfile.TemporaryDirectory() as folder:
        async with ClientSession(cookie_jar=DummyCookieJar()) as session:
            await _play_and_draw(Path(folder), session)


async def _play_and_draw(folder: Path, session: ClientSession) -> None:
    async with (
        a_desk(folder, session, CONFIG) as desk,
        alertmanager(folder, MONITORING / "alertmanager.yaml", session) as watching,
        prometheus(folder, _watch(desk, watching.address), session) as scraping,
    ):
        await asyncio.sleep(2)
        began = time.time()
        await _day(desk)
        for name, rows in PICTURES.items():
            sections = {row: [await _asked(scraping, panel, began) for panel in _panels_of(row)] for row in rows}
            draw(sections, MONITORING / "pictures" / f"{name}.png")
            print(MONITORING / "pictures" / f"{name}.png")


def _watch(desk: Desk, alertmanager: str) -> Watch:
    pace = Pace()
    return Watch({"gateway": desk.gateway.address("api")}, rules(pace), alertmanager, pace.scrape)


async def _day(desk: Desk) -> None:
    """Steady traffic with troubles in it: a busy platform, then a slow one, then one that says no."""
    luck, clients = Random(7), set()
    began = time.monotonic()
    while (elapsed := time.monotonic() - began) < SECONDS:
        _trouble(desk, elapsed, luck)
        _set_on(desk, elapsed)
        if elapsed > READS_FAIL:
            clients.add(asyncio.create_task(desk.read()))
        clients.add(asyncio.create_task(_client(desk, luck.random())))
        await asyncio.sleep(0.15 + 0.05 * math.sin(elapsed / 9))
    await asyncio.gather(*clients)


def _trouble(desk: Desk, elapsed: float, luck: Random) -> None:
    servicenow, jira = desk.servicenow.faults, desk.jira.faults
    chance = luck.random()
    if 25 < elapsed < 50 and chance < 0.25:
        servicenow.add(refused(503).on(CREATES) if chance < 0.17 else stored_then(500).on(CREATES))
    if 55 < elapsed < 70 and chance < 0.3:
        jira.add(delayed(0.4 + 2 * chance).on(CREATES))
    if 40 < elapsed < 45 and chance < 0.2:
        servicenow.add(refused(403).on(SEARCHES))
    if 70 < elapsed < 82 and chance > 0.6:
        servicenow.add(refused(503).on(CREATES))
    if elapsed > READS_FAIL:
        servicenow.add(refused(503).on(READS), refused(503).on(READS))
    if elapsed > 85 and chance < 0.07:
        jira.add(refused(403).on(CREATES))
    if 60 < elapsed < 75 and chance < 0.02:
        jira.add(hangs(stored=True).on(CREATES), *[refused(403).on(SEARCHES)] * 7)


def _set_on(desk: Desk, elapsed: float) -> None:
    hours = max((by for since, by in HOURS_ON.items() if elapsed > since), default=0.0)
    desk.gateway.running.gateway.unwatched.tracker.clock = lambda: time.time() + hours * 3600


async def _client(desk: Desk, chance: float) -> None:
    match chance:
        case _ if chance < 0.06:
            await desk.incident(impact="2", urgency="3")
        case _ if chance < 0.36:
            await _answered(desk)
        case _ if chance < 0.40:
            await desk.queued_incident()
        case _ if chance < 0.65:
            await desk.issue()
        case _ if chance < 0.80:
            await desk.from_template(job_name="nightly-etl")
        case _ if chance < 0.84:
            await desk.issue(labels=["on call"]) if chance < 0.825 else await desk.refused_incident()
        case _ if chance < 0.85:
            await desk.from_template(nothing="given")
        case _ if chance < 0.86:
            await desk.issue(project="NOLABEL")
        case _ if chance < 0.87:
            await desk.lost()
        case _:
            await desk.read()


async def _answered(desk: Desk) -> None:
    """Somebody takes the ticket up at once."""
    made = await desk.incident(impact="2", urgency="3")
    if made.status == 201:
        address = f"{desk.gateway.servicenow}/api/now/table/incident/{(await made.json())['result']['sys_id']}"
        await desk.gateway.request("PATCH", address, headers={}, json={"state": "2"})


def _panels_of(row: str) -> list[Mapping[str, Any]]:
    chosen, inside = [], False
    for panel in dashboard()["panels"]:
        if panel["type"] == "row":
            inside = panel["title"] == row
        elif inside:
            chosen.append(panel)
    return chosen


async def _asked(scraping: Prometheus, panel: Mapping[str, Any], began: float) -> Drawn:
    now = time.time()
    series, rows = [], []
    for target in panel["targets"]:
        expr = substituted(target["expr"], "6s", f"{math.ceil(now - began)}s")
        if panel["type"] == "table":
            rows += [list(one["metric"].values()) for one in await scraping.query(expr)]
        elif target["instant"]:
            series += [(_legend(target, one), [0.0], [float(one["value"][1])]) for one in await scraping.query(expr)]
        else:
            for one in await scraping.query_range(expr, began, now, STEP):
                at, values = zip(*one["values"], strict=True)
                series.append((_legend(target, one), [each - began for each in at], [float(each) for each in values]))
    return Drawn(panel, series, rows)


def _legend(target: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    legend: str = target["legendFormat"]
    for name, value in one["metric"].items():
        legend = legend.replace("{{" + name + "}}", value)
    return legend


if __name__ == "__main__":
    asyncio.run(main())
