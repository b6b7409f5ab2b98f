"""Insert, update and delete: from the body a client sent to the record that is stored."""

import json
from collections.abc import Mapping

from gateway.simulator.messages import Request
from gateway.simulator.ports import Ids
from gateway.simulator.servicenow import service_levels
from gateway.simulator.servicenow.business_rules import Stamp, inserted, updated
from gateway.simulator.servicenow.choices import value_of
from gateway.simulator.servicenow.columns import JOURNAL_TABLE, SYSTEM_COLUMNS, Column, ColumnType
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.records import Record, Tables

MAX_CONTENT_BYTES = 10 * 1024 * 1024


class Writer:
    """Writes rows of one instance."""

    def __init__(self, tables: Tables, ids: Ids) -> None:
        self._tables = tables
        self._ids = ids
        self._opened: list[str] = []

    def insert(self, table: str, request: Request, stamp: Stamp) -> Record:
        """Store a new row from the request's body."""
        return self.insert_given(table, self._given(table, object_in(request), by_label=_by_label(request)), stamp)

    def insert_given(self, table: str, fields: Mapping[str, object], stamp: Stamp) -> Record:
        """Store a new row of these fields; a ticket is remembered as opened over the wire."""
        given = self._given(table, fields, by_label=False)
        columns = self._tables.dictionary.columns(table)
        identity = {"sys_id": self._ids(), "number": given.get("number") or self._number(table)}
        record = inserted(table, columns, given, identity, stamp)
        self._store(record)
        service_levels.follow(self._tables, record, stamp)
        self._write_journal(record, given, stamp)
        if self._tables.dictionary.is_task(table):
            self._opened.append(record["sys_id"])
        return record

    def update(self, old: Record, request: Request, stamp: Stamp) -> Record:
        """Store the row with the fields of the request's body changed."""
        given = self._given(old["sys_class_name"], object_in(request), by_label=_by_label(request))
        return self.update_given(old, given, stamp)

    def update_given(self, old: Record, fields: Mapping[str, object], stamp: Stamp) -> Record:
        """Store the row with these fields changed."""
        table = old["sys_class_name"]
        given = self._given(table, fields, by_label=False)
        record = updated(old, self._tables.dictionary.columns(table), given, stamp)
        self._store(record)
        service_levels.follow(self._tables, record, stamp)
        self._write_journal(record, given, stamp)
        return record

    def opened(self) -> list[Record]:
        """The tickets that were opened over the wire and still exist, oldest first."""
        rows = (self._tables.find("task", sys_id) for sys_id in self._opened)
        return [dict(row) for row in rows if row]

    def delete(self, record: Record) -> None:
        """Forget the row."""
        self._tables.remove(record)

    def _number(self, table: str) -> str:
        return self._tables.next_number(table) if self._tables.dictionary.is_task(table) else ""

    def _store(self, record: Record) -> None:
        taken = self._tables.taken(record)
        if taken is not None:
            name, value = taken
            detail = f"Unique Key violation detected by database (Duplicate entry '{value}' for key '{name}')"
            raise Refusal(403, "Operation Failed", detail)
        self._tables.store(record)

    def _write_journal(self, record: Record, given: Record, stamp: Stamp) -> None:
        """Every journal text is a row of its own, beside the text that the record shows."""
        columns = self._tables.dictionary.columns(record["sys_class_name"])
        for name, text in given.items():
            if text and name in columns and columns[name].type is ColumnType.JOURNAL:
                entry = {"element_id": record["sys_id"], "element": name, "value": text, "name": "task"}
                identity = {"sys_id": self._ids()}
                own = self._tables.dictionary.columns(JOURNAL_TABLE)
                self._tables.store(inserted(JOURNAL_TABLE, own, entry, identity, stamp))

    def _given(self, table: str, document: Mapping[str, object], *, by_label: bool) -> Record:
        fields = {}
        for name, raw in document.items():
            column = self._tables.dictionary.column(table, name)
            if column is None or name in SYSTEM_COLUMNS:
                continue
            value = self._stored_form(table, name, column, _text(raw)) if by_label else _text(raw)
            fields[name] = column.fitted(value)
        return fields

    def _stored_form(self, table: str, name: str, column: Column, shown: str) -> str:
        if column.type is not ColumnType.REFERENCE:
            return value_of(table, name, shown)
        target = self._tables.find_shown(column.refers_to, shown)
        return target["sys_id"] if target else shown


def _by_label(request: Request) -> bool:
    return request.parameters.get("sysparm_input_display_value") == "true"


def object_in(request: Request) -> Mapping[str, object]:
    """The body as an object; of an array the first, and the rest is dropped unsaid."""
    if len(request.body) > MAX_CONTENT_BYTES:
        detail = f"content-length = {len(request.body)} bytes. Max allowed: {MAX_CONTENT_BYTES} bytes."
        raise Refusal(413, f"Rejected large REST payload with {detail}")
    try:
        document = request.document()
    except ValueError as error:
        raise Refusal(400, "Exception while reading request", str(error)) from error
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        raise Refusal(400, "Exception while reading request", "The payload is not a JSON object")
    return first


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value)
