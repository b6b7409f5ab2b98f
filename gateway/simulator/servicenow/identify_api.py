"""Identification and reconciliation: an item is known by its name, so that sending it twice makes one record."""

import re

from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.ports import Ids
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.table_api import check_media, method_of
from gateway.simulator.servicenow.writes import object_in

_NO_NAME = {"error": "MISSING_MATCHING_ATTRIBUTES", "message": "In payload no identification attribute has a value"}


class IdentifyApi:
    """The configuration items of one instance, by class and name."""

    path = re.compile(r"/api/now(?:/v1)?/identifyreconcile(?:/enhanced)?")

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._items: dict[tuple[str, str], tuple[str, dict[str, object]]] = {}

    def kind_of(self, request: Request) -> Kind:  # noqa: ARG002  # the same for every request
        """An item is no ticket."""
        return Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:  # noqa: ARG002  # items bear no stamp
        """Tell of every item what became of it; the status says 200 whatever that was."""
        if method_of(request) != "POST":
            raise Refusal(405, "Method Not Allowed")
        check_media(request, "POST")
        items = object_in(request).get("items")
        if not isinstance(items, list):
            raise Refusal(400, "items is required")
        return json_answer(200, {"result": {"items": [self._placed(item) for item in items], "relations": []}})

    def _placed(self, item: object) -> dict[str, object]:
        given = item if isinstance(item, dict) else {}
        values = given.get("values")
        fields = dict(values) if isinstance(values, dict) else {}
        if not fields.get("name"):
            return {"sysId": "Unknown", "operation": "INSERT_AS_INCOMPLETE", "errorCount": 1, "errors": [_NO_NAME]}
        key = (str(given.get("className")), str(fields["name"]))
        identity, known = self._items.get(key, (self._ids(), None))
        self._items[key] = (identity, fields)
        operation = "INSERT" if known is None else ("NO_CHANGE" if known == fields else "UPDATE")
        return {"sysId": identity, "operation": operation, "className": key[0], "errorCount": 0}
