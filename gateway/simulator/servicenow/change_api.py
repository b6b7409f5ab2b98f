"""The Change Management API: a 200 for a create, and every field as its value beside what people read."""

import re

from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.choices import shown
from gateway.simulator.servicenow.columns import ColumnType
from gateway.simulator.servicenow.errors import Refusal, no_record
from gateway.simulator.servicenow.records import Record, Tables
from gateway.simulator.servicenow.table_api import check_media, method_of
from gateway.simulator.servicenow.writes import Writer, object_in

_CHANGES, _TASKS = "change_request", "change_task"


class ChangeApi:
    """Changes and their tasks of one instance."""

    path = re.compile(r"/api/sn_chg_rest(?:/v1)?/change(?P<rest>(?:/[^/]+)*)")

    def __init__(self, tables: Tables, writer: Writer) -> None:
        self._tables = tables
        self._writer = writer

    def kind_of(self, request: Request) -> Kind:
        """A POST makes a change or a task, unless it asks for something about one."""
        asks = request.path.endswith(("/ci", "/conflict"))
        return Kind.CREATE if method_of(request) == "POST" and not asks else Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Execute the request."""
        method = method_of(request)
        check_media(request, method)
        match = self.path.fullmatch(request.path)
        segments = match["rest"].split("/")[1:] if match else []
        match method, *segments:
            case "POST", *kind if kind in ([], ["normal"], ["emergency"]) or kind[:1] == ["standard"]:
                fields = {"type": kind[0] if kind else "normal"} | dict(object_in(request))
                return self._written(self._writer.insert_given(_CHANGES, fields, stamp), created=True)
            case "POST", change, "task":
                fields = dict(object_in(request)) | {"change_request": self._found(_CHANGES, change)["sys_id"]}
                return self._written(self._writer.insert_given(_TASKS, fields, stamp), created=True)
            case "POST", change, "ci" | "conflict":
                return self._under_way(self._found(_CHANGES, change))
            case ("PATCH", change, "approvals" | "risk") | ("PATCH", change, "schedule", "first_available"):
                return self._under_way(self._found(_CHANGES, change))
            case "GET", sys_id:
                return self._written(self._found(_CHANGES, sys_id))
            case ("GET", _, "task", sys_id):
                return self._written(self._found(_TASKS, sys_id))
            case ("PATCH", *_, "task", sys_id):
                return self._written(self._writer.update(self._found(_TASKS, sys_id), request, stamp))
            case ("PATCH", sys_id) | ("PATCH", _, sys_id):
                return self._written(self._writer.update(self._found(_CHANGES, sys_id), request, stamp))
            case _:
                raise Refusal(405, "Method Not Allowed")

    def _under_way(self, change: Record) -> Answer:
        """A worker does it later; the answer only names it."""
        worker = {"sysId": change["sys_id"][::-1], "state": {"value": 1, "display_value": "Waiting"}}
        return json_answer(200, {"result": {"worker": worker}})

    def _found(self, table: str, sys_id: str) -> Record:
        record = self._tables.find(table, sys_id)
        if record is None:
            raise no_record()
        return record

    def _written(self, record: Record, *, created: bool = False) -> Answer:
        ticket = record["sys_id"] if created else None
        fields = {name: self._field(record, name, value) for name, value in record.items()}
        return json_answer(200, {"result": fields}, ticket=ticket)

    def _field(self, record: Record, name: str, value: str) -> dict[str, object]:
        column = self._tables.dictionary.column(record["sys_class_name"], name)
        title = shown(record["sys_class_name"], name, column, value)
        number = column is not None and column.type is ColumnType.INTEGER and value.lstrip("-").isdecimal()
        return {"display_value": title, "value": int(value) if number else value}
