"""Hourly sums of tickets and promises, kept by the very commits that change them."""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from gateway.domain.outcome import Outcome
from gateway.records.prepared import Prepared
from gateway.records.sum_tables import sla_durations, sla_hours, sla_priorities
from gateway.records.upsert import insert_or_add
from gateway.sla.standing import PromiseState
from gateway.sla.targets import CREATION_TARGET_SECONDS

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[int, str, str, str]

HOUR: Final = 3_600.0
DAY: Final = 86_400.0
LONGEST_STEP: Final = 60

_RATIO: Final = math.log(1.1)
_PROMISES: Final = ("response", "resolution")
PROMISED: Final = tuple(f"{promise}_promised" for promise in _PROMISES)
DECIDED: Final = tuple(f"{promise}_{figure}" for promise in _PROMISES for figure in ("kept", "breached"))
_COUNTED: Final = frozenset({PromiseState.KEPT.value, PromiseState.BREACHED.value})
_HOURLY: Final = ("hour", "platform", "upstream", "policy")
_TICKETS: Final = ("tickets", *PROMISED)
_PRIORITY: Final = ("day", *_HOURLY[1:], "priority")
_ADD_TICKETS: Final = Prepared(insert_or_add(sla_durations, _TICKETS), (*_HOURLY, "step", *_TICKETS))
_ADD_FIGURES: Final = Prepared(insert_or_add(sla_hours, DECIDED), (*_HOURLY, *PROMISED, *DECIDED))
_ADD_PRIORITIES: Final = Prepared(insert_or_add(sla_priorities, DECIDED), (*_PRIORITY, *DECIDED))


def step_of(seconds: float) -> int:
    """The step of a ladder that a duration falls into: each is a tenth longer, and step 0 ends at the target."""
    raised = math.ceil(math.log(max(seconds, 1e-3) / CREATION_TARGET_SECONDS) / _RATIO)
    return min(max(raised, -LONGEST_STEP), LONGEST_STEP)


def seconds_of(step: int) -> float:
    """The longest duration of a step."""
    return float(CREATION_TARGET_SECONDS * math.exp(step * _RATIO))


def add_tickets(connection: Connection, made: Iterable[Outcome]) -> None:
    """Count the tickets that creates made just now: by how long that took, and what was promised of them."""
    counted: dict[tuple[int, str, str, str, int], list[int]] = {}
    for outcome in made:
        call, sla, more = outcome.call, outcome.sla, 1 + len(outcome.further)
        place = (
            int(call.received_at // HOUR),
            str(call.platform),
            call.upstream,
            outcome.policy.name if outcome.policy else "",
            step_of(outcome.ended_at - call.received_at),
        )
        counts = counted.setdefault(place, [0, 0, 0])
        counts[0] += more
        if sla:
            counts[1] += more * (sla.response_due_at is not None)
            counts[2] += more * (sla.resolution_due_at is not None)
    _ADD_TICKETS.run(connection, [(*place, *counts) for place, counts in sorted(counted.items())])


def count_changes(connection: Connection, changes: Iterable[tuple[Row, Row]]) -> None:
    """Count promises that were kept or broken, or that stand open again; pairs of a ticket's row before and after."""
    figures: dict[Key, Counter[str]] = {}
    priorities: dict[tuple[Key, str], Counter[str]] = {}
    for before, after in changes:
        counts = _decided(before, after)
        if any(counts.values()):
            figures.setdefault(_key(before), Counter()).update(counts)
            priorities.setdefault((_key(before), before["priority"] or ""), Counter()).update(counts)
    _add(connection, figures)
    _add_priorities(connection, priorities)


def _decided(before: Row, after: Row) -> "Counter[str]":
    """By how much each figure moves: a promise that stands open again is taken off where it was counted."""
    counts: Counter[str] = Counter()
    for promise in _PROMISES:
        was, now = before[f"{promise}_state"], after[f"{promise}_state"]
        if was != now:
            for state, by in ((was, -1), (now, 1)):
                if state in _COUNTED:
                    counts[f"{promise}_{state}"] += by
    return counts


def _add_priorities(connection: Connection, priorities: dict[tuple[Key, str], "Counter[str]"]) -> None:
    """Only what is decided is counted here, so a call that makes a ticket writes none of it."""
    summed: dict[tuple[int, str, str, str, str], Counter[str]] = {}
    for ((hour, *rest), priority), counts in priorities.items():
        platform, upstream, policy = rest
        summed.setdefault((int(hour * HOUR // DAY), platform, upstream, policy, priority), Counter()).update(counts)
    rows = [(*key, *(counts[name] for name in DECIDED)) for key, counts in sorted(summed.items())]
    _ADD_PRIORITIES.run(connection, rows)


def _add(connection: Connection, figures: dict[Key, "Counter[str]"]) -> None:
    """In the order of their keys, so that no two writers wait for each other."""
    rows = [(*key, 0, 0, *(counts[name] for name in DECIDED)) for key, counts in sorted(figures.items())]
    _ADD_FIGURES.run(connection, rows)


def _key(row: Row) -> Key:
    return int(row["accepted_at"] // HOUR), row["platform"], row["upstream"], row["policy"] or ""
