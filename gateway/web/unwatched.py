"""The work that goes on beside serving: calls that nobody waits for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.config.settings import Settings
from gateway.outbox.flights import Flights
from gateway.outbox.settler import Settler
from gateway.outbox.sweeper import Sweeper
from gateway.outbox.worker import Schedule, Worker
from gateway.pipeline.ports import Ports
from gateway.records.records import Records
from gateway.upstream.errand import Line


@dataclass(frozen=True, slots=True)
class Unwatched:
    """What goes on with calls that nobody waits for."""

    ports: Ports
    flights: Flights
    settler: Settler
    worker: Worker
    sweeper: Sweeper


def queued_work(
    lines: Mapping[str, Line], settings: Settings, ports: Ports, settler: Settler, records: Records
) -> Worker:
    """The worker of the outbox, not begun yet."""
    outbox = settings.outbox
    schedule = Schedule(outbox.retry_delays_seconds, outbox.max_age_hours * 3600)
    totals = {name: line.upstream.timeouts.total_timeout_seconds for name, line in lines.items()}
    return Worker(records.outbox, ports, settler, totals, schedule)


def call_url(settings: Settings) -> Callable[[str], str]:
    """Where the API shows a call, by its id."""
    base = f"http://{settings.listen.api}/api/v1/calls/"
    return lambda call_id: base + call_id
