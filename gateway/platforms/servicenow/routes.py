"""What a method and path mean to ServiceNow."""

import re
from typing import Final

from gateway.domain.call import Operation, Route
from gateway.platforms.servicenow.route_table import WRITES

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


_AREAS: Final = {
    ("global", "em"): "event",
    ("now", "attachment"): "attachment",
    ("now", "batch"): "batch",
    ("now", "cmdb"): "cmdb",
    ("now", "identifyreconcile"): "ire",
    ("now", "email"): "email",
    ("now", "import"): "import",
    ("now", "stats"): "stats",
    ("sn_chg_rest", "change"): "change",
    ("sn_customerservice", "case"): "case",
    ("sn_ind_tsm_sdwan", "ticket"): "trouble_ticket",
    ("sn_sc", "servicecatalog"): "catalog",
}
_UNKNOWN: Final = "unknown"

ROUTE_NAMES: Final = frozenset(
    (
        *(name for name, _ in (*_ON_TABLE.values(), *_ON_RECORD.values())),
        *(known.name for like in WRITES.values() for known in like),
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
    scope, rest = match["scope"], match["rest"]
    canonical = f"/api/{scope}/{rest}"
    area, _, within = rest.partition("/")
    if (scope, area) == ("now", "table"):
        return _on_table(method, canonical, within) or _other(method, canonical, _UNKNOWN)
    for known in WRITES.get((method, scope, area.lower()), ()):
        if named := known.route(canonical, rest):
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
