"""The work that goes on beside serving: calls that nobody waits for."""

import asyncio
import time
from collections.abc import Callable, Mapping

from gateway.config.settings import Settings
from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.outbox.flights import Flights
from gateway.outbox.proofreader import Proofreader
from gateway.outbox.settler import Settler
from gateway.outbox.sweeper import Sweeper
from gateway.outbox.tracker import Tracker
from gateway.outbox.worker import Schedule, Worker
from gateway.pipeline.ports import Ports
from gateway.records.records import Records
from gateway.telemetry.metrics import Metrics
from gateway.upstream.errand import Line


@frozen
class Unwatched:
    """What goes on with calls that nobody waits for."""

    ports: Ports
    flights: Flights
    settler: Settler
    worker: Worker
    sweeper: Sweeper
    tracker: Tracker
    proofreader: Proofreader


def queued_work(
    lines: Mapping[str, Line], settings: Settings, ports: Ports, settler: Settler, records: Records
) -> Worker:
    """The worker of the outbox, not begun yet."""
    outbox = settings.outbox
    schedule = Schedule(outbox.retry_delays_seconds, outbox.max_age_hours * 3600)
    totals = {name: line.upstream.timeouts.total_timeout_seconds for name, line in lines.items()}
    return Worker(records.outbox, ports, settler, totals, schedule, settler.told)


def call_url(settings: Settings) -> Callable[[str], str]:
    """Where the API shows a call, by its id."""
    base = f"http://{settings.listen.api}/api/v1/calls/"
    return lambda call_id: base + call_id


async def tell_depth(
    records: Records, metrics: Metrics, told: Callable[[StoreUnavailable], None], every_seconds: float = 5.0
) -> None:
    """Let the metrics show how much waits, until cancelled."""
    while True:
        try:
            depth = await records.outbox.depth()
        except StoreUnavailable as unavailable:
            told(unavailable)
        else:
            oldest = 0.0 if depth.oldest is None else max(time.time() - depth.oldest, 0.0)
            metrics.waiting(depth.rows, depth.size, oldest, depth.dead, depth.unsettled)
        await asyncio.sleep(every_seconds)
