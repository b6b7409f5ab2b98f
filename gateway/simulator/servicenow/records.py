"""The instance's rows: what is stored, and how one row leads to another."""

from collections.abc import Collection, Mapping
from itertools import count

from gateway.simulator.servicenow.columns import ColumnType, Dictionary

Record = dict[str, str]

_FIRST_NUMBER = 10001
_NUMBER_PREFIXES = {
    "incident": "INC",
    "problem": "PRB",
    "change_request": "CHG",
    "change_task": "CTASK",
    "sc_request": "REQ",
    "sc_req_item": "RITM",
    "sc_task": "SCTASK",
    "sn_customerservice_case": "CS",
}
_DISPLAY_COLUMNS = ("name", "number", "sys_id")


class Tables:
    """All rows by table and sys_id; a row is replaced, never changed."""

    def __init__(self, dictionary: Dictionary, unique: Mapping[str, Collection[str]]) -> None:
        self.dictionary = dictionary
        self._unique = unique
        self._rows: dict[str, dict[str, Record]] = {}
        self._numbers = {prefix: count(_FIRST_NUMBER) for prefix in (*_NUMBER_PREFIXES.values(), "TASK")}

    def rows(self, table: str) -> list[Record]:
        """The rows of a table in the order of their making; `task` holds the rows of every ticket table."""
        if table != "task":
            return list(self._rows.get(table, {}).values())
        return [row for name, rows in self._rows.items() if self.dictionary.is_task(name) for row in rows.values()]

    def find(self, table: str, sys_id: str) -> Record | None:
        """The row of that id, if there is one."""
        if table != "task":
            return self._rows.get(table, {}).get(sys_id)
        return next((rows[sys_id] for rows in self._rows.values() if sys_id in rows), None)

    def find_shown(self, table: str, text: str) -> Record | None:
        """The row that is displayed as that text."""
        return next((row for row in self.rows(table) if display_value(row) == text), None)

    def store(self, record: Record) -> None:
        """Add the row, or put it in its predecessor's place."""
        self._rows.setdefault(record["sys_class_name"], {})[record["sys_id"]] = record

    def remove(self, record: Record) -> None:
        """Forget the row."""
        del self._rows[record["sys_class_name"]][record["sys_id"]]

    def next_number(self, table: str) -> str:
        """The next automatic number; numbers are never used twice."""
        prefix = _NUMBER_PREFIXES.get(table, "TASK")
        return f"{prefix}{next(self._numbers[prefix]):07}"

    def taken(self, record: Record) -> tuple[str, str] | None:
        """The column and value of the record that break a unique index of its table."""
        table = record["sys_class_name"]
        for name in self._unique.get(table, ()):
            value = record.get(name, "")
            rivals = (row["sys_id"] for row in self.rows(table) if row.get(name) == value)
            if value and any(rival != record["sys_id"] for rival in rivals):
                return name, value
        return None

    def look(self, table: str, record: Record, path: str) -> str | None:
        """The value a column or a dot-walk leads to; None when there is no such column."""
        name, _, rest = path.partition(".")
        column = self.dictionary.column(table, name)
        if column is None:
            return None
        value = record.get(name, "")
        if not rest:
            return value
        if column.type is not ColumnType.REFERENCE:
            return None
        target = self.find(column.refers_to, value) or {}
        return self.look(column.refers_to, target, rest)


def display_value(record: Record) -> str:
    """What a reference to the row shows."""
    return next((record[name] for name in _DISPLAY_COLUMNS if record.get(name)), "")
