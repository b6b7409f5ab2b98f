"""What an instance does to a record on its way into the database: defaults, derived values, journals, stamps."""

from collections.abc import Mapping
from datetime import datetime

from gateway.domain.frozen import frozen
from gateway.simulator.servicenow.choices import priority_of
from gateway.simulator.servicenow.columns import Columns, ColumnType
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.records import Record

_TASK_DEFAULTS = {"active": "true", "impact": "3", "urgency": "3", "escalation": "0", "made_sla": "true"}
_DEFAULTS: Mapping[str, Record] = {
    "incident": {"state": "1", "category": "inquiry", "severity": "3", "notify": "1", "reopen_count": "0"},
    "problem": {"state": "101"},
    "change_request": {"state": "-5", "type": "normal", "risk": "3", "priority": "4", "on_hold": "false"},
    "change_task": {"state": "-5", "priority": "4"},
}
_PRIORITY_IS_DERIVED = frozenset({"incident", "problem"})
_RESOLVED, _CLOSED, _CANCELED = "6", "7", "8"
_JOURNAL_TITLES = {"comments": "Additional comments", "work_notes": "Work notes"}


@frozen
class Stamp:
    """When and by whom a record is written."""

    at: datetime
    by: str

    @property
    def moment(self) -> str:
        """The time as the platform writes it, in UTC."""
        return written(self.at)


def written(moment: datetime) -> str:
    """A time in the platform's form."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def inserted(table: str, columns: Columns, given: Record, identity: Record, stamp: Stamp) -> Record:
    """The record that an insert leaves behind."""
    empty = dict.fromkeys(columns, "")
    system = {
        "sys_class_name": table,
        "sys_created_on": stamp.moment,
        "sys_created_by": stamp.by,
        "sys_mod_count": "0",
        **_updated_by(stamp),
    }
    defaults = {"opened_at": stamp.moment} | _TASK_DEFAULTS | {"state": "1", "priority": "4"} | _DEFAULTS.get(table, {})
    known = {name: value for name, value in (defaults | identity).items() if name in columns}
    fields = _journaled({}, given, columns, stamp)
    return _derived(empty, empty | known | fields | system, stamp)


def updated(old: Record, columns: Columns, given: Record, stamp: Stamp) -> Record:
    """The record that an update leaves behind; a field that is not given stays."""
    fields = _journaled(old, given, columns, stamp)
    changes = {"sys_mod_count": str(int(old["sys_mod_count"]) + 1), **_updated_by(stamp)}
    return _derived(old, {**old, **fields, **changes}, stamp)


def _updated_by(stamp: Stamp) -> Record:
    return {"sys_updated_on": stamp.moment, "sys_updated_by": stamp.by}


def _journaled(old: Record, given: Record, columns: Columns, stamp: Stamp) -> Record:
    return {
        name: _entry(name, value, stamp) + old.get(name, "") if _is_journal(name, columns) else value
        for name, value in given.items()
        if value or not _is_journal(name, columns)
    }


def _is_journal(name: str, columns: Columns) -> bool:
    return name in columns and columns[name].type is ColumnType.JOURNAL


def _entry(name: str, text: str, stamp: Stamp) -> str:
    return f"{stamp.moment} - {stamp.by} ({_JOURNAL_TITLES.get(name, name)})\n{text}\n\n"


def _derived(old: Record, record: Record, stamp: Stamp) -> Record:
    table = record["sys_class_name"]
    if table in _PRIORITY_IS_DERIVED:
        record = {**record, "priority": priority_of(record["impact"], record["urgency"])}
    return _incident_state(old, record, stamp) if table == "incident" else record


def _incident_state(old: Record, record: Record, stamp: Stamp) -> Record:
    state = record["state"]
    if state == old.get("state") and record["incident_state"] != old.get("incident_state"):
        state = record["incident_state"]
    record = {**record, "state": state, "incident_state": state}
    if state == old.get("state"):
        return record
    _demand_resolution(record)
    match state:
        case "6":
            return {**record, "resolved_at": stamp.moment}
        case "7" | "8":
            return {**record, "closed_at": stamp.moment, "active": "false"}
        case _:
            return {**record, "active": "true"}


def _demand_resolution(record: Record) -> None:
    if record["state"] not in {_RESOLVED, _CLOSED}:
        return
    labels = {"close_code": "Resolution code", "close_notes": "Resolution notes"}
    missing = [label for name, label in labels.items() if name in record and not record[name]]
    if missing:
        detail = f"Data Policy Exception: The following fields are mandatory: {', '.join(missing)}"
        raise Refusal(403, "Operation Failed", detail)
