"""What a method and path mean to ServiceNow."""

import re
from dataclasses import dataclass
from typing import Final

from gateway.domain.call import Operation, Route

_API: Final = re.compile(r"/api/(?P<scope>[^/]+)(?:/v[0-9]+)?/(?P<rest>.+)")
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CREATE, _UPDATE, _READ, _OTHER = (
    Operation.CREATE_TICKET,
    Operation.UPDATE_TICKET,
    Operation.READ,
    Operation.OTHER,
)

_ON_TABLE: Final = {
    "POST": ("table.create", _CREATE),
    "GET": ("table.list", _READ),
    "HEAD": ("table.list", _READ),
}
_ON_RECORD: Final = {
    "GET": ("table.read", _READ),
    "HEAD": ("table.read", _READ),
    "PUT": ("table.update", _UPDATE),
    "PATCH": ("table.update", _UPDATE),
    "DELETE": ("table.delete", _OTHER),
}


@dataclass(frozen=True, slots=True)
class _Known:
    """A write outside the Table API; `resource` is the table it writes, a group of the pattern where it names one."""

    method: str
    pattern: re.Pattern[str]
    name: str
    operation: Operation
    resource: str = ""

    def route(self, method: str, path: str, rest: str) -> Route | None:
        """The route, where method and path are this one's."""
        match = self.pattern.fullmatch(rest) if method == self.method else None
        if match is None:
            return None
        named = match.groupdict()
        return Route(self.name, self.operation, path, named.get("table") or self.resource, named.get("ticket"))


def _known(method: str, pattern: str, name: str, operation: Operation, resource: str = "") -> _Known:
    return _Known(method, re.compile(pattern, re.IGNORECASE), name, operation, resource)


_CHANGE: Final = "change(?:/(?:normal|emergency|standard))?"
_ITEM: Final = "servicecatalog/items/[^/]+"
_WRITES: Final = {
    "now": (
        _known("POST", "import/(?P<table>[^/]+)", "import.create", _CREATE),
        _known("POST", "import/(?P<table>[^/]+)/insertMultiple", "import.create_many", _OTHER),
        _known("POST", "batch", "batch.execute", _OTHER),
        _known("POST", "attachment/(?:file|upload)", "attachment.create", _OTHER),
        _known("POST", "identifyreconcile/(?:query|queryEnhanced)", "ire.read", _READ),
        _known("POST", "identifyreconcile(?:/enhanced)?", "ire.write", _OTHER),
    ),
    "sn_chg_rest": (
        _known("POST", "change(?:/normal|/emergency|/standard/[^/]+)?", "change.create", _CREATE, "change_request"),
        _known("POST", "change/[^/]+/task", "change_task.create", _CREATE, "change_task"),
        _known("PATCH", f"{_CHANGE}/(?P<ticket>[^/]+)", "change.update", _UPDATE, "change_request"),
        _known("PATCH", "change/[^/]+/task/(?P<ticket>[^/]+)", "change_task.update", _UPDATE, "change_task"),
    ),
    "sn_sc": (
        _known("POST", f"{_ITEM}/order_now", "catalog.order", _CREATE, "sc_request"),
        _known("POST", "servicecatalog/cart/submit_order", "catalog.order", _CREATE, "sc_request"),
        _known("POST", f"{_ITEM}/submit_producer", "producer.submit", _CREATE),
    ),
    "global": (_known("POST", "em/jsonv2", "event.create", _OTHER),),
}
_AREAS: Final = {
    ("now", "attachment"): "attachment",
    ("now", "batch"): "batch",
    ("now", "cmdb"): "cmdb",
    ("now", "identifyreconcile"): "ire",
    ("now", "import"): "import",
    ("now", "stats"): "stats",
    ("sn_chg_rest", "change"): "change",
    ("sn_sc", "servicecatalog"): "catalog",
}
_UNKNOWN: Final = "unknown"

ROUTE_NAMES: Final = frozenset(
    (
        *(name for name, _ in (*_ON_TABLE.values(), *_ON_RECORD.values())),
        *(known.name for scope in _WRITES.values() for known in scope),
        *(f"{area}.{what}" for area in (*_AREAS.values(), _UNKNOWN) for what in ("read", "write")),
    )
)
"""Every name that a route can have: a closed set, fit for labels."""

JSON_ROUTES: Final = frozenset(name for name in ROUTE_NAMES if not name.startswith(("attachment.", f"{_UNKNOWN}.")))
"""Routes whose success is never a web page."""


def route(method: str, path: str) -> Route:
    """Any table may hold tickets, so every insert is a create; what is spelled in any other way is unknown."""
    match = _API.fullmatch(path)
    if match is None:
        return _other(method, path, _UNKNOWN)
    scope, rest = match.group("scope", "rest")
    canonical = f"/api/{scope}/{rest}"
    area, _, within = rest.partition("/")
    if (scope, area) == ("now", "table"):
        return _on_table(method, canonical, within) or _other(method, canonical, _UNKNOWN)
    for known in _WRITES.get(scope, ()):
        if named := known.route(method, canonical, rest):
            return named
    return _other(method, canonical, _AREAS.get((scope, area), _UNKNOWN))


def _on_table(method: str, path: str, within: str) -> Route | None:
    table, slash, sys_id = within.partition("/")
    if not table or "/" in sys_id or bool(slash) != bool(sys_id):
        return None
    known = (_ON_RECORD if sys_id else _ON_TABLE).get(method)
    return None if known is None else Route(*known, path, resource=table, ticket=sys_id or None)


def _other(method: str, path: str, area: str) -> Route:
    if method in _READS:
        return Route(f"{area}.read", _READ, path)
    return Route(f"{area}.write", _OTHER, path)
