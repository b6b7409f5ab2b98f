"""A slow create can be looked up: Prometheus keeps the trace of what it measured."""

import asyncio
import time
from pathlib import Path

from aiohttp import ClientSession, DummyCookieJar
from monitoring.pace import FULL_SPEED
from monitoring.servers import Watch, prometheus
from running import StartGateway

from gateway.simulator import SimulatedServiceNow, refused

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
DURATIONS = "itsm_ticket_creation_duration_seconds_bucket"


async def test_a_real_prometheus_finds_the_trace_of_a_create_by_its_duration(
    start_gateway: StartGateway, tmp_path: Path
):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(faults=[refused(503)]))
    address = f"{gateway.servicenow}/api/now/table/incident"
    began = time.time()

    answer = await gateway.post(
        address, {"short_description": "Disk full"}, traceparent=f"00-{TRACE}-00f067aa0ba902b7-01"
    )

    watch = Watch({"gateway": gateway.api}, {}, "http://127.0.0.1:9", FULL_SPEED.scrape)
    async with (
        ClientSession(cookie_jar=DummyCookieJar()) as session,
        prometheus(tmp_path, watch, session) as scraping,
        asyncio.timeout(30),
    ):
        while not (found := await scraping.exemplars(DURATIONS, began - 60, time.time() + 60)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert answer.status == 201
    (series,) = found
    (exemplar,) = series["exemplars"]
    assert series["seriesLabels"]["outcome"] == "created"
    assert exemplar["labels"] == {"trace_id": TRACE}
    assert 0 < float(exemplar["value"]) <= float(series["seriesLabels"]["le"])
