"""The SLA engine of an instance: one row of `task_sla` for each incident, which follows its state."""

from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from gateway.simulator.servicenow.business_rules import Stamp, inserted, updated, written
from gateway.simulator.servicenow.records import Record, Tables

TASK_SLA: Final = "task_sla"
CONTRACT: Final = "contract_sla"

_HOURS: Final = {"1": 4, "2": 8}
_LONGEST_HOURS: Final = 48
_FORM: Final = "%Y-%m-%d %H:%M:%S"
_ON_HOLD, _RESOLVED, _CANCELED = "3", frozenset({"6", "7"}), "8"


def follow(tables: Tables, task: Record, stamp: Stamp) -> None:
    """Attach the SLA of its priority to a new incident, or move the one it has on; other tasks have none."""
    if task["sys_class_name"] != "incident":
        return
    identity = uuid5(NAMESPACE_OID, task["sys_id"]).hex
    known = tables.find(TASK_SLA, identity)
    row = known or _attached(tables, task, identity, stamp)
    moved = _moved(row, _stage(task["state"]), stamp.at)
    tables.store(updated(row, tables.dictionary.columns(TASK_SLA), moved, stamp))


def _attached(tables: Tables, task: Record, identity: str, stamp: Stamp) -> Record:
    hours = _HOURS.get(task["priority"], _LONGEST_HOURS)
    fields = {
        "task": task["sys_id"],
        "sla": _contract(tables, task["priority"], stamp),
        "stage": "in_progress",
        "has_breached": "false",
        "start_time": stamp.moment,
        "planned_end_time": written(stamp.at + timedelta(hours=hours)),
        "business_percentage": "0",
        "percentage": "0",
    }
    columns = tables.dictionary.columns(TASK_SLA)
    return inserted(TASK_SLA, columns, fields, {"sys_id": identity}, stamp) | {"active": "true"}


def _contract(tables: Tables, priority: str, stamp: Stamp) -> str:
    identity = uuid5(NAMESPACE_OID, f"priority {priority}").hex
    if tables.find(CONTRACT, identity) is None:
        fields = {"name": f"Priority {priority} resolution"}
        tables.store(inserted(CONTRACT, tables.dictionary.columns(CONTRACT), fields, {"sys_id": identity}, stamp))
    return identity


def _stage(state: str) -> str:
    if state in _RESOLVED:
        return "completed"
    return {_ON_HOLD: "paused", _CANCELED: "cancelled"}.get(state, "in_progress")


def _moved(row: Record, stage: str, at: datetime) -> Record:
    """What an update of the task changes; between two of them the figures are stale, as on a real instance."""
    start, due = _instant(row["start_time"]), _instant(row["planned_end_time"])
    paused = _instant(row["pause_time"]) if row["pause_time"] else None
    if paused and stage != "paused":
        due += at.replace(tzinfo=None) - paused
    now = at.replace(tzinfo=None)
    share = round(100 * (now - start) / (due - start), 2)
    ended = stage in {"completed", "cancelled"}
    return {
        "stage": stage,
        "active": "false" if ended else "true",
        "end_time": written(at) if ended else "",
        "pause_time": written(paused or now) if stage == "paused" else "",
        "planned_end_time": written(due),
        "has_breached": "true" if now > due else "false",
        "percentage": str(share),
        "business_percentage": str(share),
    }


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _FORM)  # noqa: DTZ007  # the platform writes UTC and does not say so
