"""Event Management's inbound events: kept as they came, no business rule runs."""

import re

from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.table_api import check_media, method_of
from gateway.simulator.servicenow.writes import object_in


class EventApi:
    """The event queue of one instance."""

    path = re.compile(r"/api/global/em/jsonv2")

    def __init__(self) -> None:
        self._events: list[dict[str, object]] = []

    def kind_of(self, request: Request) -> Kind:  # noqa: ARG002  # the same for every request
        """An event is no ticket; a rule of the platform may make one of it later."""
        return Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:  # noqa: ARG002  # events bear their own time
        """Take the events of `records` in."""
        if method_of(request) != "POST":
            raise Refusal(405, "Method Not Allowed")
        check_media(request, "POST")
        records = object_in(request).get("records")
        if not isinstance(records, list):
            raise Refusal(400, "records is required")
        taken = [record for record in records if isinstance(record, dict)]
        self._events.extend(taken)
        return json_answer(200, {"result": {"Default Bulk Endpoint": f"{len(taken)} events were inserted"}})
