"""The Import Set API: rows go through a transform into their target, and a 201 says nothing of how that went."""

import re
from collections.abc import Mapping
from itertools import count

from gateway.domain.frozen import frozen
from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.records import Record, Tables
from gateway.simulator.servicenow.table_api import check_media, method_of
from gateway.simulator.servicenow.writes import Writer, object_in


@frozen
class TransformMap:
    """Into which table a staging table's rows go; a staging column `u_x` fills the column `x`.

    `coalesce` names the staging column by which the target of an earlier row is found and updated; a row whose
    `required` column is empty is an error.
    """

    table: str
    coalesce: str = ""
    required: str = "u_short_description"


TRANSFORM_MAPS: Mapping[str, TransformMap] = {
    "u_incident_import": TransformMap("incident"),
    "u_coalescing_import": TransformMap("incident", coalesce="u_correlation_id"),
}


class ImportApi:
    """The staging tables of one instance."""

    path = re.compile(r"/api/now(?:/v1)?/import/(?P<staging>[A-Za-z0-9_]+)(?P<many>/insertMultiple)?")

    def __init__(self, tables: Tables, writer: Writer, maps: Mapping[str, TransformMap]) -> None:
        self._tables = tables
        self._writer = writer
        self._maps = maps
        self._sets = count(10001)

    def kind_of(self, request: Request) -> Kind:
        """One row may open a ticket."""
        match = self.path.fullmatch(request.path)
        return Kind.CREATE if match and not match["many"] and method_of(request) == "POST" else Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Transform a row and tell how it went, or take many in and tell nothing."""
        match = self.path.fullmatch(request.path)
        if match is None or method_of(request) != "POST":
            raise Refusal(405, "Method Not Allowed")
        check_media(request, "POST")
        staging = match["staging"]
        if staging not in self._maps:
            raise Refusal(400, f"Invalid table {staging}")
        body, number = object_in(request), f"ISET{next(self._sets):07}"
        if match["many"]:
            rows = body.get("records")
            for row in rows if isinstance(rows, list) else []:
                self._transformed(self._maps[staging], row, request, stamp)
            return json_answer(201, {"import_set_id": number, "multi_import_set_id": number})
        told = self._transformed(self._maps[staging], body, request, stamp)
        ticket = str(told["sys_id"]) if told["status"] == "inserted" else None
        return json_answer(201, {"import_set": number, "staging_table": staging, "result": [told]}, ticket=ticket)

    def _transformed(
        self, transform: TransformMap, row: Mapping[str, object], request: Request, stamp: Stamp
    ) -> dict[str, object]:
        told = {"transform_map": transform.table.title(), "table": transform.table}
        if not row.get(transform.required):
            return {**told, "status": "error", "error_message": f"{transform.required} is mandatory"}
        fields = {name.removeprefix("u_"): value for name, value in row.items()}
        earlier = self._earlier(transform, row)
        if earlier is None:
            return _target(told, "inserted", self._writer.insert_given(transform.table, fields, stamp), request)
        if all(earlier.get(name, value) == value for name, value in fields.items()):
            return _target(told, "ignored", earlier, request)
        return _target(told, "updated", self._writer.update_given(earlier, fields, stamp), request)

    def _earlier(self, transform: TransformMap, row: Mapping[str, object]) -> Record | None:
        value = row.get(transform.coalesce) if transform.coalesce else None
        name = transform.coalesce.removeprefix("u_")
        return next((rival for rival in self._tables.rows(transform.table) if value and rival[name] == value), None)


def _target(told: Mapping[str, object], status: str, record: Record, request: Request) -> dict[str, object]:
    link = f"{request.origin}/api/now/table/{record['sys_class_name']}/{record['sys_id']}"
    named = {"display_name": "number", "display_value": record["number"], "record_link": link}
    return {**told, **named, "status": status, "sys_id": record["sys_id"]}
