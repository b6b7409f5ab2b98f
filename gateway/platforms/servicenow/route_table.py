"""What is written outside the Table API: method and path of every API that makes or changes tickets.

`repeatable` calls come to the same when done twice, whatever their body says.
"""

import re
from dataclasses import replace
from typing import Final

from gateway.domain.call import Operation, Route
from gateway.domain.frozen import frozen

_CREATE, _UPDATE, _APPEND, _READ, _OTHER = (
    Operation.CREATE_TICKET,
    Operation.UPDATE_TICKET,
    Operation.APPEND,
    Operation.READ,
    Operation.OTHER,
)


@frozen
class _Known:
    """A write outside the Table API; `resource` is the table it writes, a group of the pattern where it names one.

    `area` is the path's first segment, in lower case.
    """

    method: str
    area: str
    pattern: re.Pattern[str]
    name: str
    operation: Operation
    resource: str = ""
    repeatable: bool = False

    def route(self, path: str, rest: str) -> Route | None:
        """The route, where the path is this one's."""
        match = self.pattern.fullmatch(rest)
        if match is None:
            return None
        named = match.groupdict()
        resource, ticket = named.get("table") or self.resource, named.get("ticket")
        return Route(self.name, self.operation, path, resource, ticket, repeatable=self.repeatable)


def _known(method: str, pattern: str, name: str, operation: Operation, resource: str = "") -> _Known:
    area, compiled = _area(pattern), re.compile(pattern, re.IGNORECASE)
    return _Known(method, area, compiled, name, operation, resource)


def _settling(method: str, pattern: str, name: str, operation: Operation, resource: str = "") -> _Known:
    """One that may be done twice."""
    return replace(_known(method, pattern, name, operation, resource), repeatable=True)


def _area(pattern: str) -> str:
    return pattern.partition("/")[0].partition("(")[0]


def _by_area(scopes: dict[str, tuple[_Known, ...]]) -> dict[tuple[str, str, str], list[_Known]]:
    """A call meets only those of its method, scope and first segment."""
    table: dict[tuple[str, str, str], list[_Known]] = {}
    for scope, writes in scopes.items():
        for known in writes:
            table.setdefault((known.method, scope, known.area), []).append(known)
    return table


_OF_CHANGE: Final = "change(?:/(?:normal|emergency|standard))?"
_TICKET: Final = "(?P<ticket>[^/]+)"
_CHANGE: Final = f"change/{_TICKET}"
_ITEM: Final = "servicecatalog/items/[^/]+"
_TROUBLE: Final = "ticket/troubleTicket"

_BY_SCOPE: Final = {
    "now": (
        _known("POST", "import/(?P<table>[^/]+)", "import.create", _CREATE),
        _known("POST", "import/(?P<table>[^/]+)/insertMultiple", "import.create_many", _OTHER),
        _known("POST", "batch", "batch.execute", _OTHER),
        _known("POST", "attachment/(?:file|upload)", "attachment.create", _OTHER),
        _known("DELETE", "attachment/[^/]+", "attachment.delete", _OTHER),
        _known("POST", "identifyreconcile/(?:query|queryEnhanced)", "ire.read", _READ),
        _settling("POST", "identifyreconcile(?:/enhanced)?", "ire.write", _OTHER),
        _settling("POST", "cmdb/instance/(?P<table>[^/]+)", "cmdb.identify", _OTHER),
        _settling("PUT", f"cmdb/instance/(?P<table>[^/]+)/{_TICKET}", "cmdb.update", _OTHER),
        _settling("PATCH", f"cmdb/instance/(?P<table>[^/]+)/{_TICKET}", "cmdb.update", _OTHER),
        _known("POST", "email", "email.create", _OTHER),
    ),
    "sn_chg_rest": (
        _known("POST", "change(?:/normal|/emergency|/standard/[^/]+)?", "change.create", _CREATE, "change_request"),
        _known("POST", "change/[^/]+/task", "change_task.create", _CREATE, "change_task"),
        _known("POST", f"{_CHANGE}/ci", "change.relate", _APPEND, "change_request"),
        _settling("POST", f"{_CHANGE}/conflict", "change.check", _UPDATE, "change_request"),
        _known("PATCH", f"{_OF_CHANGE}/{_TICKET}", "change.update", _UPDATE, "change_request"),
        _known("PATCH", f"{_CHANGE}/approvals", "change.approve", _APPEND, "change_request"),
        _settling("PATCH", f"{_CHANGE}/schedule/first_available", "change.schedule", _UPDATE, "change_request"),
        _settling("PATCH", f"{_CHANGE}/risk", "change.assess", _UPDATE, "change_request"),
        _known("PATCH", f"change/[^/]+/task/{_TICKET}", "change_task.update", _UPDATE, "change_task"),
        _known("DELETE", f"change/[^/]+/task/{_TICKET}", "change_task.delete", _OTHER, "change_task"),
        _known("DELETE", f"{_OF_CHANGE}/{_TICKET}", "change.delete", _OTHER, "change_request"),
    ),
    "sn_sc": (
        _known("POST", f"{_ITEM}/order_now", "catalog.order", _CREATE, "sc_request"),
        _known("POST", f"{_ITEM}/submit_producer", "producer.submit", _CREATE),
        _known("POST", f"{_ITEM}/add_to_cart", "cart.add", _OTHER),
        _known("PUT", f"{_ITEM}/submit_guide", "cart.guide", _OTHER),
        _known("POST", "servicecatalog/cart/submit_order", "cart.submit", _CREATE, "sc_request"),
        _known("POST", "servicecatalog/cart/checkout", "cart.checkout", _APPEND, "sc_request"),
    ),
    "sn_customerservice": (
        _known("POST", "case", "case.create", _CREATE, "sn_customerservice_case"),
        _known("PUT", f"case/{_TICKET}", "case.update", _UPDATE, "sn_customerservice_case"),
        _known("PATCH", f"case/{_TICKET}", "case.update", _UPDATE, "sn_customerservice_case"),
    ),
    "sn_ind_tsm_sdwan": (
        _known("POST", _TROUBLE, "trouble_ticket.create", _CREATE),
        _known("PATCH", f"{_TROUBLE}/{_TICKET}", "trouble_ticket.update", _UPDATE),
    ),
    "global": (_known("POST", "em/jsonv2", "event.create", _OTHER),),
}
"""By the API's scope; the first that fits counts."""

WRITES: Final = _by_area(_BY_SCOPE)
"""By method, scope and first segment."""
