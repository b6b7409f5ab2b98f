"""What a method and path mean to Jira and to Jira Service Management."""

import re
from collections.abc import Mapping
from typing import Final

from gateway.domain.call import Operation, Route
from gateway.platforms.jira.route_table import AGILE, ISSUES, REQUESTS, UNKNOWN, Known

_API: Final = re.compile(r"/rest/api/(?P<version>2|3|latest)/(?P<rest>.+)")
_BESIDE: Final = re.compile(r"/rest/(?P<api>servicedeskapi|agile/1\.0|agile/latest)/(?P<rest>.+)")
_BY_CLOUD_ID: Final = re.compile(r"/ex/jira/[A-Za-z0-9-]+(?=/rest/)")
"""What stands before every path on the host that serves all Cloud sites, where the upstream's base does not hold it."""

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_ISSUES: Final = frozenset(
    {"archive", "bulk", "bulkfetch", "createmeta", "limit", "picker", "properties", "rank", "unarchive", "watching"}
)
"""What may stand behind `issue/` and is no issue's id or key."""

_WITH_IDS: Final = frozenset({"attachment", "epic", "issueLink", "issuelink", "servicedesk", "sprint"})
"""Resources beside issues and requests that have ids of their own."""


def route(method: str, path: str) -> Route:
    """`latest` is version 2; what is spelled in any other way than documented is unknown."""
    local = _BY_CLOUD_ID.sub("", path, count=1)
    if match := _API.fullmatch(local):
        version = "3" if match["version"] == "3" else "2"
        canonical = f"/rest/api/{version}/{match['rest']}"
        return _found(ISSUES, method, canonical, match["rest"], version)
    if match := _BESIDE.fullmatch(local):
        is_desk = match["api"] == "servicedeskapi"
        canonical = local if is_desk else f"/rest/agile/1.0/{match['rest']}"
        return _found(REQUESTS if is_desk else AGILE, method, canonical, match["rest"], "")
    return _unknown(method, path, "")


def _found(table: Mapping[tuple[str, str], Known], method: str, path: str, rest: str, version: str) -> Route:
    segments = rest.split("/")
    known = table.get((_as_read(method), _shape(segments)))
    if known is None:
        return _unknown(method, path, version)
    ticket = segments[1] if _is_of_ticket(segments) else None
    return Route(known.name, known.operation, path, known.name.partition(".")[0], ticket, version, known.repeatable)


def _shape(segments: list[str]) -> str:
    """The path with `*` for every id: `issue/ABC-1/comment` is `issue/*/comment`."""
    if not (_is_of_ticket(segments) or _is_below_id(segments)):
        return "/".join(segments)
    return "/".join((segments[0], "*", *segments[2:3], *("*" for _ in segments[3:])))


def _is_of_ticket(segments: list[str]) -> bool:
    return segments[0] in {"issue", "request"} and len(segments) > 1 and segments[1] not in _NO_ISSUES and all(segments)


def _is_below_id(segments: list[str]) -> bool:
    return segments[0] in _WITH_IDS and len(segments) > 1 and all(segments)


def _unknown(method: str, path: str, version: str) -> Route:
    if method in _READS:
        return Route(UNKNOWN[0], Operation.READ, path, version=version)
    return Route(UNKNOWN[1], Operation.OTHER, path, version=version)


def _as_read(method: str) -> str:
    return "GET" if method == "HEAD" else method
