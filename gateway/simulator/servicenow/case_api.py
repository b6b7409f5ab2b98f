"""Customer service cases: flat fields in, the record out."""

import re

from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal, no_record
from gateway.simulator.servicenow.records import Record, Tables
from gateway.simulator.servicenow.table_api import check_media, method_of
from gateway.simulator.servicenow.writes import Writer, object_in

CASES = "sn_customerservice_case"


class CaseApi:
    """The cases of one instance."""

    path = re.compile(r"/api/sn_customerservice(?:/v1)?/case(?:/(?P<sys_id>[^/]+))?")

    def __init__(self, tables: Tables, writer: Writer) -> None:
        self._tables = tables
        self._writer = writer

    def kind_of(self, request: Request) -> Kind:
        """A POST opens a case."""
        return Kind.CREATE if method_of(request) == "POST" else Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Open a case, read it, change it."""
        match = self.path.fullmatch(request.path)
        method = method_of(request)
        check_media(request, method)
        sys_id = match["sys_id"] if match else None
        if method == "POST" and sys_id is None:
            record = self._writer.insert_given(CASES, object_in(request), stamp)
            return json_answer(201, {"result": record}, ticket=record["sys_id"])
        if sys_id is None or method not in {"GET", "PUT", "PATCH"}:
            raise Refusal(405, "Method Not Allowed")
        record = self._found(sys_id)
        if method != "GET":
            record = self._writer.update(record, request, stamp)
        return json_answer(200, {"result": record})

    def _found(self, sys_id: str) -> Record:
        record = self._tables.find(CASES, sys_id)
        if record is None:
            raise no_record()
        return record
