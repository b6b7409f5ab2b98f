"""What watches over the upstreams beside the calls: gauges that are read at a scrape, and the sweep."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from gateway.config.settings import Settings, SlaSettings, SweepSettings
from gateway.outbox.attendance import Attendance
from gateway.outbox.proofreader import Proofreader
from gateway.outbox.second_opinion import SecondOpinion
from gateway.outbox.sweeper import Sweeper, SweepPlan
from gateway.outbox.tracker import Tracker
from gateway.platforms.registry import PLATFORMS
from gateway.policy.rules import Rules
from gateway.records.availability import UpstreamHours
from gateway.records.records import Records
from gateway.telemetry.logger import Logger
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.promising import Promising
from gateway.telemetry.proofs import Proofs
from gateway.telemetry.sweeping import Sweeping
from gateway.telemetry.upstream_gauges import UpstreamReading
from gateway.upstream.errand import Line
from gateway.upstream.onlooker import Onlooker
from gateway.upstream.protection.breaker import BreakerState

Told: TypeAlias = tuple[Metrics, Logger]
"""Who counts, and who tells."""

_STATES = {BreakerState.CLOSED: 0, BreakerState.HALF_OPEN: 1, BreakerState.OPEN: 2}


def show_upstreams(lines: Mapping[str, Line], metrics: Metrics) -> None:
    """Let the metrics tell how each upstream stands."""
    for name, line in lines.items():
        metrics.upstreams.show(name, partial(_reading, line))


def sweeper(lines: Mapping[str, Line], records: Records, settings: SweepSettings, told: Told) -> Sweeper:
    """The sweep of every upstream where the gateway has a login of its own; of the others it is told once."""
    sweeping, watched = Sweeping(*told), list[Onlooker]()
    for name, line in lines.items() if settings.enabled else ():
        if line.upstream.credentials is None:
            sweeping.not_swept(name)
        else:
            watched.append(Onlooker(line))
    plan = SweepPlan(settings.every_seconds, settings.looks_after_seconds, settings.reach_hours * 3600)
    return Sweeper(records, watched, sweeping, time.time, plan)


def tracker(
    lines: Mapping[str, Line], records: Records, settings: SlaSettings, rules: Callable[[], Rules], told: Told
) -> Tracker:
    """What keeps promises true; it asks only where polling is on and the gateway has a login of its own."""
    promising, polled = Promising(*told), list[Onlooker]()
    lookers = {name: Onlooker(line) for name, line in lines.items() if line.upstream.credentials is not None}
    for name in lines if settings.poll else ():
        if name in lookers:
            polled.append(lookers[name])
        else:
            promising.not_polled(name)
    return Tracker(
        records=records,
        rules=rules,
        platforms=PLATFORMS,
        told=promising,
        attendance=Attendance(UpstreamHours(records.writer)),
        opinion=SecondOpinion(records.promises, promising, time.time),
        clock=time.time,
        polled=polled,
        poll_seconds=settings.poll_seconds,
        lookers=lookers,
    )


def proofreader(lines: Mapping[str, Line], records: Records, settings: Settings, told: Told) -> Proofreader:
    """What reads new tickets back, where that is wanted and the gateway has a login of its own."""
    read = {
        name: Onlooker(line)
        for name, line in lines.items()
        if settings.upstreams[name].read_back and line.upstream.credentials is not None
    }
    return Proofreader(read, records.journal.remark, Proofs(*told))


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
