"""What an instance's SLA engine says of its tickets: the rows of `task_sla`, which are stale between two refreshes."""

from collections.abc import Mapping, Sequence
from typing import Final

from gateway.domain.call import Json
from gateway.platforms.conversations import OwnSla, SearchDenied, SlaReading, SlaReadings
from gateway.platforms.servicenow.rows import PLAIN, Ask, rows, unix
from gateway.platforms.servicenow.tickets import stored

AT_ONCE: Final = 100
MOST_ROWS: Final = 1_000

_FIELDS: Final = (
    "task",
    "sla.name",
    "stage",
    "has_breached",
    "planned_end_time",
    "business_percentage",
    "start_time",
    "end_time",
)
_STATES: Final = {"paused": "paused", "completed": "completed", "cancelled": "cancelled"}


def own_slas(names: Sequence[str]) -> OwnSla:
    """All in one question; more rows than it asks for would leave some tickets with a part of theirs."""
    wanted = [name for name in dict.fromkeys(names) if PLAIN.fullmatch(name)][:AT_ONCE]
    if not wanted:
        return SlaReadings({})
    found = yield from rows(Ask("task_sla", f"task.sys_idIN{','.join(wanted)}", _FIELDS, MOST_ROWS))
    if isinstance(found, SearchDenied):
        return found
    if len(found) >= MOST_ROWS:
        return SearchDenied(f"task_sla holds more than {MOST_ROWS} rows of {len(wanted)} tickets")
    readings: dict[str, tuple[SlaReading, ...]] = dict.fromkeys(wanted, ())
    for row in found:
        task = stored(row.get("task"))
        if task in readings:
            readings[task] = (*readings[task], _reading(row))
    return SlaReadings(readings)


def _reading(row: Mapping[str, Json]) -> SlaReading:
    return SlaReading(
        name=stored(row.get("sla.name")),
        state=_STATES.get(stored(row.get("stage")), "running"),
        breached=stored(row.get("has_breached")) == "true",
        due_at=unix(stored(row.get("planned_end_time"))),
        started_at=unix(stored(row.get("start_time"))),
        ended_at=unix(stored(row.get("end_time"))),
        percentage=_number(stored(row.get("business_percentage"))),
    )


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None
