"""Insert, update and delete: from the body a client sent to the record that is stored."""

import json
from collections.abc import Mapping

from gateway.simulator.messages import Request
from gateway.simulator.ports import Ids
from gateway.simulator.servicenow.business_rules import Stamp, inserted, updated
from gateway.simulator.servicenow.choices import value_of
from gateway.simulator.servicenow.columns import SYSTEM_COLUMNS, Column, ColumnType
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.records import Record, Tables

MAX_CONTENT_BYTES = 10 * 1024 * 1024


class Writer:
    """Writes rows of one instance."""

    def __init__(self, tables: Tables, ids: Ids) -> None:
        self._tables = tables
        self._ids = ids

    def insert(self, table: str, request: Request, stamp: Stamp) -> Record:
        """Store a new row from the request's body."""
        given = self._given(table, request)
        columns = self._tables.dictionary.columns(table)
        identity = {"sys_id": self._ids(), "number": given.get("number") or self._number(table)}
        record = inserted(table, columns, given, identity, stamp)
        self._store(record)
        return record

    def update(self, old: Record, request: Request, stamp: Stamp) -> Record:
        """Store the row with the fields of the request's body changed."""
        table = old["sys_class_name"]
        record = updated(old, self._tables.dictionary.columns(table), self._given(table, request), stamp)
        self._store(record)
        return record

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

    def _given(self, table: str, request: Request) -> Record:
        by_label = request.parameters.get("sysparm_input_display_value") == "true"
        fields = {}
        for name, raw in _document(request).items():
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


def _document(request: Request) -> Mapping[str, object]:
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
