"""The data dictionary: which tables an instance has and what their columns hold."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from gateway.domain.frozen import frozen

VARCHAR_LIMIT = 255


class ColumnType(StrEnum):
    """The internal types the Table API tells apart."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATETIME = "glide_date_time"
    REFERENCE = "reference"
    JOURNAL = "journal_input"


@frozen
class Column:
    """One column; up to 255 characters it is a varchar and cuts, beyond that it keeps everything."""

    type: ColumnType = ColumnType.STRING
    max_length: int = 40
    refers_to: str = ""

    def fitted(self, value: str) -> str:
        """The value as the database keeps it."""
        cuts = self.type is ColumnType.STRING and self.max_length <= VARCHAR_LIMIT
        return value[: self.max_length] if cuts else value


Columns = dict[str, Column]

_INTEGER = Column(ColumnType.INTEGER)
_BOOLEAN = Column(ColumnType.BOOLEAN)
_MOMENT = Column(ColumnType.DATETIME)
_JOURNAL = Column(ColumnType.JOURNAL, 4000)
_TEXT = Column(max_length=4000)
_USER = Column(ColumnType.REFERENCE, 32, "sys_user")
_GROUP = Column(ColumnType.REFERENCE, 32, "sys_user_group")
_ITEM = Column(ColumnType.REFERENCE, 32, "cmdb_ci")
CUSTOM = Column(max_length=4000)

SYSTEM_COLUMNS: Columns = {
    "sys_id": Column(max_length=32),
    "sys_created_on": _MOMENT,
    "sys_created_by": Column(),
    "sys_updated_on": _MOMENT,
    "sys_updated_by": Column(),
    "sys_mod_count": _INTEGER,
    "sys_class_name": Column(max_length=80),
    "sys_tags": Column(),
}

_TASK: Columns = {
    "number": Column(),
    "short_description": Column(max_length=160),
    "description": _TEXT,
    "state": _INTEGER,
    "priority": _INTEGER,
    "impact": _INTEGER,
    "urgency": _INTEGER,
    "active": _BOOLEAN,
    "opened_at": _MOMENT,
    "opened_by": _USER,
    "assigned_to": _USER,
    "assignment_group": _GROUP,
    "cmdb_ci": _ITEM,
    "business_service": _ITEM,
    "contact_type": Column(),
    "correlation_id": Column(max_length=100),
    "correlation_display": Column(max_length=100),
    "comments": _JOURNAL,
    "work_notes": _JOURNAL,
    "watch_list": _TEXT,
    "work_notes_list": _TEXT,
    "additional_assignee_list": _TEXT,
    "close_notes": _TEXT,
    "closed_at": _MOMENT,
    "closed_by": _USER,
    "due_date": _MOMENT,
    "parent": Column(ColumnType.REFERENCE, 32, "task"),
    "escalation": _INTEGER,
    "approval": Column(),
    "made_sla": _BOOLEAN,
    "sla_due": _MOMENT,
}

_INCIDENT: Columns = {
    "incident_state": _INTEGER,
    "caller_id": _USER,
    "category": Column(),
    "subcategory": Column(),
    "severity": _INTEGER,
    "close_code": Column(),
    "hold_reason": _INTEGER,
    "resolved_at": _MOMENT,
    "resolved_by": _USER,
    "reopen_count": _INTEGER,
    "notify": _INTEGER,
    "problem_id": Column(ColumnType.REFERENCE, 32, "problem"),
}

JOURNAL_TABLE = "sys_journal_field"

_TABLES: Mapping[str, Columns] = {
    "task": _TASK,
    "incident": _TASK | _INCIDENT,
    "problem": _TASK | {"category": Column(), "subcategory": Column(), "cause_notes": _TEXT, "fix_notes": _TEXT},
    "change_request": _TASK | {"type": Column(), "risk": _INTEGER, "close_code": Column(), "on_hold": _BOOLEAN},
    "change_task": _TASK | {"change_request": Column(ColumnType.REFERENCE, 32, "change_request")},
    "sn_customerservice_case": _TASK,
    "sc_task": _TASK | {"request_item": Column(ColumnType.REFERENCE, 32, "sc_req_item")},
    "sc_request": _TASK,
    "sc_req_item": _TASK,
    "sys_user": {
        "user_name": Column(),
        "first_name": Column(max_length=50),
        "last_name": Column(max_length=50),
        "name": Column(max_length=151),
        "email": Column(max_length=100),
        "user_password": Column(max_length=255),
        "active": _BOOLEAN,
    },
    "sys_user_group": {"name": Column(max_length=80), "description": _TEXT, "manager": _USER, "active": _BOOLEAN},
    "cmdb_ci": {"name": Column(max_length=255), "short_description": _TEXT, "operational_status": _INTEGER},
    JOURNAL_TABLE: {"name": Column(), "element": Column(), "element_id": Column(max_length=32), "value": _TEXT},
    "contract_sla": {"name": Column(max_length=80)},
    "task_sla": {
        "task": Column(ColumnType.REFERENCE, 32, "task"),
        "sla": Column(ColumnType.REFERENCE, 32, "contract_sla"),
        "stage": Column(),
        "has_breached": _BOOLEAN,
        "active": _BOOLEAN,
        "start_time": _MOMENT,
        "end_time": _MOMENT,
        "planned_end_time": _MOMENT,
        "pause_time": _MOMENT,
        "percentage": Column(),
        "business_percentage": Column(),
    },
    "sys_properties": {"name": Column(max_length=100), "value": _TEXT},
}

_CUSTOM_PREFIXES = ("u_", "x_")


class Dictionary:
    """One instance's tables; custom ones (`u_`, `x_`) are tasks, and any column can be taken away from a table."""

    def __init__(self, without: Mapping[str, Collection[str]]) -> None:
        self._without = without
        self._columns: dict[str, Columns] = {}

    def has(self, table: str) -> bool:
        """Whether the instance has the table."""
        return table in _TABLES or table.startswith(_CUSTOM_PREFIXES)

    def is_task(self, table: str) -> bool:
        """Whether the table's rows are tickets."""
        return "work_notes" in _TABLES.get(table, _TASK)

    def columns(self, table: str) -> Columns:
        """The declared columns of a table."""
        if table not in self._columns:
            missing = self._without.get(table, ())
            declared = _TABLES.get(table, _TASK) | SYSTEM_COLUMNS
            self._columns[table] = {name: column for name, column in declared.items() if name not in missing}
        return self._columns[table]

    def column(self, table: str, name: str) -> Column | None:
        """One column; any `u_` column is taken to exist unless it was taken away."""
        if name in self._without.get(table, ()):
            return None
        return self.columns(table).get(name) or (CUSTOM if name.startswith("u_") else None)
