"""What a method and path mean to ServiceNow."""

import re
from typing import Final

from gateway.domain.call import Operation, Route

_API: Final = re.compile(r"/api/(?P<scope>[^/]+)(?:/v[0-9]+)?/(?P<rest>.+)")
_SCOPE_OF_PLATFORM: Final = "now"
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_AREAS: Final = ("attachment", "batch", "import", "stats")

_ON_TABLE: Final = {
    "POST": ("table.create", Operation.CREATE_TICKET),
    "GET": ("table.list", Operation.READ),
    "HEAD": ("table.list", Operation.READ),
}
_ON_RECORD: Final = {
    "GET": ("table.read", Operation.READ),
    "HEAD": ("table.read", Operation.READ),
    "PUT": ("table.update", Operation.UPDATE_TICKET),
    "PATCH": ("table.update", Operation.UPDATE_TICKET),
    "DELETE": ("table.delete", Operation.OTHER),
}
_NAMES_BY_AREA: Final = {area: (f"{area}.read", f"{area}.write") for area in _AREAS}
_UNKNOWN: Final = ("unknown.read", "unknown.write")

ROUTE_NAMES: Final = frozenset(
    name
    for names in (
        (name for name, _ in (*_ON_TABLE.values(), *_ON_RECORD.values())),
        *_NAMES_BY_AREA.values(),
        _UNKNOWN,
    )
    for name in names
)
"""Every name that a route can have: a closed set, fit for labels."""

JSON_ROUTES: Final = frozenset(name for name in ROUTE_NAMES if name.startswith(("table.", "stats.")))
"""Routes whose success is never a web page."""


def route(method: str, path: str) -> Route:
    """Any table may hold tickets, so every insert is a create; what is spelled in any other way is unknown."""
    match = _API.fullmatch(path)
    if match is None:
        return _other(method, path, _UNKNOWN)
    scope, rest = match.group("scope", "rest")
    canonical = f"/api/{scope}/{rest}"
    if scope != _SCOPE_OF_PLATFORM:
        return _other(method, canonical, _UNKNOWN)
    area, _, within = rest.partition("/")
    if area == "table" and (known := _on_table(method, canonical, within)):
        return known
    return _other(method, canonical, _NAMES_BY_AREA.get(area, _UNKNOWN))


def _on_table(method: str, path: str, within: str) -> Route | None:
    table, slash, sys_id = within.partition("/")
    if not table or "/" in sys_id or bool(slash) != bool(sys_id):
        return None
    known = (_ON_RECORD if sys_id else _ON_TABLE).get(method)
    return None if known is None else Route(*known, path, resource=table, ticket=sys_id or None)


def _other(method: str, path: str, names: tuple[str, str]) -> Route:
    if method in _READS:
        return Route(names[0], Operation.READ, path)
    return Route(names[1], Operation.OTHER, path)
