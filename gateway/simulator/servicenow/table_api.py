"""The Table API: which path and method mean what, and what is answered."""

import re

from gateway.domain.frozen import frozen
from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal, acl, no_record, no_resource
from gateway.simulator.servicenow.instance import Instance
from gateway.simulator.servicenow.reads import Reader, page_headers
from gateway.simulator.servicenow.records import Record, Tables
from gateway.simulator.servicenow.writes import Writer

_PATH = re.compile(r"(?P<base>/api/now(?:/v[12])?/table)/(?P<table>[A-Za-z0-9_]+)(?:/(?P<sys_id>[^/]+))?/?")
_OPERATIONS = {"GET": "Read", "POST": "Insert", "PUT": "Update", "PATCH": "Update", "DELETE": "Delete"}
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_MEDIA = ("application/json", "text/json")
_SHOWN = (*_MEDIA, "application/xml", "text/xml")


@frozen
class _Call:
    """A request whose address is understood."""

    request: Request
    method: str
    table: str
    sys_id: str | None
    base: str
    stamp: Stamp


class TableApi:
    """One instance's Table API."""

    path = _PATH

    def __init__(self, tables: Tables, instance: Instance, writer: Writer) -> None:
        self._tables = tables
        self._instance = instance
        self._reader = Reader(tables, instance)
        self._writer = writer

    def kind_of(self, request: Request) -> Kind:
        """A POST to a table creates, a GET of a table searches."""
        match = _PATH.fullmatch(request.path)
        if match is None or match["sys_id"]:
            return Kind.OTHER
        return {"POST": Kind.CREATE, "GET": Kind.SEARCH}.get(method_of(request), Kind.OTHER)

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Execute the request."""
        call = self._understood(request, stamp)
        if call.table in self._instance.closed_tables:
            raise acl(_OPERATIONS[call.method])
        match call.method, call.sys_id:
            case "GET", None:
                return self._list(call)
            case "POST", None:
                return self._insert(call)
            case "GET", _:
                return json_answer(200, {"result": self._shown(call, self._record(call))})
            case "PUT" | "PATCH", str():
                return self._update(call)
            case "DELETE", str():
                self._writer.delete(self._record(call))
                return Answer(204)
            case _:
                raise Refusal(405, "Method Not Allowed")

    def _understood(self, request: Request, stamp: Stamp) -> _Call:
        match = _PATH.fullmatch(request.path)
        if match is None:
            raise no_resource()
        method = method_of(request)
        if method not in _OPERATIONS:
            raise Refusal(405, "Method Not Allowed")
        check_media(request, method)
        if not self._tables.dictionary.has(match["table"]):
            raise Refusal(400, f"Invalid table {match['table']}")
        return _Call(request, method, match["table"], match["sys_id"], request.origin + match["base"], stamp)

    def _list(self, call: _Call) -> Answer:
        page = self._reader.page(call.table, call.request)
        rows = [self._shown(call, row) for row in page.rows]
        return json_answer(200, {"result": rows}, *page_headers(page, call.request))

    def _insert(self, call: _Call) -> Answer:
        record = self._writer.insert(call.table, call.request, call.stamp)
        location = ("Location", f"{call.base}/{call.table}/{record['sys_id']}")
        return self._written(201, call, record, location)

    def _update(self, call: _Call) -> Answer:
        record = self._writer.update(self._record(call), call.request, call.stamp)
        return self._written(200, call, record)

    def _written(self, status: int, call: _Call, record: Record, *headers: tuple[str, str]) -> Answer:
        ticket = record["sys_id"] if call.method == "POST" else None
        if (call.request.header("X-no-response-body") or "").lower() == "true":
            return Answer(status, headers, ticket=ticket)
        return json_answer(status, {"result": self._shown(call, record)}, *headers, ticket=ticket)

    def _record(self, call: _Call) -> Record:
        record = self._tables.find(call.table, call.sys_id or "")
        if record is None:
            raise no_record()
        return record

    def _shown(self, call: _Call, record: Record) -> dict[str, object]:
        return self._reader.shown(call.table, record, call.request, call.base)


def method_of(request: Request) -> str:
    """The method that counts: the platform lets a POST be overridden by a header."""
    override = request.header("X-HTTP-Method-Override")
    return override.upper() if override and request.method == "POST" else request.method


def check_media(request: Request, method: str) -> None:
    """`Accept` has to say JSON or XML, and `Content-Type` JSON where there is a body."""
    accept = request.header("Accept")
    if accept is None and method != "GET":
        raise Refusal(400, "Accept header is required")
    if accept and "*/*" not in accept and "application/*" not in accept and not any(m in accept for m in _SHOWN):
        raise Refusal(406, "Not Acceptable")
    if method not in _WITH_BODY:
        return
    content_type = request.header("Content-Type")
    if not content_type:
        raise Refusal(400, "Content-Type header is required")
    if content_type.partition(";")[0].strip().lower() not in {*_MEDIA, "*/*"}:
        raise Refusal(415, "Unsupported Media Type")
