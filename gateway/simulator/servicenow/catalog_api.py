"""The Service Catalog API: an order makes a request, a record producer a record; neither takes a field of it."""

import re
from collections.abc import Callable, Mapping

from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.records import Record
from gateway.simulator.servicenow.table_api import check_media, method_of
from gateway.simulator.servicenow.writes import Writer, object_in

_PRODUCED = "incident"


class CatalogApi:
    """The catalog of one instance: any item can be ordered, any producer makes an incident."""

    path = re.compile(r"/api/sn_sc(?:/v1)?/servicecatalog/items/(?P<item>[^/]+)/(?P<verb>order_now|submit_producer)")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def kind_of(self, request: Request) -> Kind:
        """Both verbs make a ticket."""
        return Kind.CREATE if method_of(request) == "POST" else Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Order, or submit."""
        match = self.path.fullmatch(request.path)
        if match is None or method_of(request) != "POST":
            raise Refusal(405, "Method Not Allowed")
        check_media(request, "POST")
        body = object_in(request)
        given = body.get("variables")
        variables: Mapping[str, object] = given if isinstance(given, dict) else {}
        if match["verb"] == "submit_producer":
            return _told(self._writer.insert_given(_PRODUCED, variables, stamp), _produced)
        if not body.get("sysparm_quantity"):
            raise Refusal(400, "Mandatory Quantity is missing")
        return _told(self._writer.insert_given("sc_request", {}, stamp), _ordered)


def _told(record: Record, shape: Callable[[Record], dict[str, object]]) -> Answer:
    return json_answer(200, {"result": {"sys_id": record["sys_id"], **shape(record)}}, ticket=record["sys_id"])


def _ordered(record: Record) -> dict[str, object]:
    number = record["number"]
    named = {"number": number, "request_number": number, "request_id": record["sys_id"]}
    return {**named, "table": "sc_request", "parent_id": None, "parent_table": "task"}


def _produced(record: Record) -> dict[str, object]:
    place = f"{_PRODUCED}.do?sys_id={record['sys_id']}"
    link = f"api/now/table/{_PRODUCED}/{record['sys_id']}"
    return {"number": record["number"], "record": link, "redirect_url": place, "table": _PRODUCED}
