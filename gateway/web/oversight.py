"""What watches over the upstreams beside the calls: gauges that are read at a scrape, and the sweep."""

import time
from collections import Counter
from collections.abc import Mapping
from functools import partial

from gateway.config.settings import SweepSettings
from gateway.outbox.sweeper import Sweeper, SweepPlan
from gateway.records.records import Records
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.sweeping import Sweeping
from gateway.telemetry.upstream_gauges import UpstreamReading
from gateway.upstream.errand import Line
from gateway.upstream.onlooker import Onlooker
from gateway.upstream.protection.breaker import BreakerState

_STATES = {BreakerState.CLOSED: 0, BreakerState.HALF_OPEN: 1, BreakerState.OPEN: 2}


def show_upstreams(lines: Mapping[str, Line], metrics: Metrics) -> None:
    """Let the metrics tell how each upstream stands."""
    for name, line in lines.items():
        metrics.upstreams.show(name, partial(_reading, line))


def sweeper(lines: Mapping[str, Line], records: Records, settings: SweepSettings, told: Sweeping) -> Sweeper:
    """The sweep of every upstream where the gateway has a login of its own; of the others it is told once."""
    watched = []
    for name, line in lines.items() if settings.enabled else ():
        if line.upstream.credentials is None:
            told.not_swept(name)
        else:
            watched.append(Onlooker(line))
    plan = SweepPlan(settings.every_seconds, settings.looks_after_seconds, settings.reach_hours * 3600)
    return Sweeper(records, watched, told, time.time, plan)


def _reading(line: Line) -> UpstreamReading:
    protection = line.protection
    standing = protection.standing(time.monotonic())
    breakers = standing.breakers.items() if protection.breaks else ()
    return UpstreamReading(
        in_flight=protection.turnstile.inside,
        breakers={operation: _STATES[state] for operation, state in breakers},
        closed_gates=Counter(gate.reason.value for gate in standing.closed_gates),
        retries_left=standing.retries_left,
    )
