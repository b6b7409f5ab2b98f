"""What a method and path mean to Jira and to Jira Service Management."""

import re
from typing import Final

from gateway.domain.call import Operation, Route

_API: Final = re.compile(r"/rest/api/(?P<version>2|3|latest)/(?P<rest>.+)")
_SERVICE_DESK: Final = "/rest/servicedeskapi/"
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_ISSUES: Final = frozenset(
    {"archive", "bulk", "bulkfetch", "createmeta", "limit", "picker", "properties", "unarchive", "watching"}
)
"""What may stand behind `issue/` and is no issue's id or key."""

_CREATE, _UPDATE, _APPEND, _READ, _OTHER = (
    Operation.CREATE_TICKET,
    Operation.UPDATE_TICKET,
    Operation.APPEND,
    Operation.READ,
    Operation.OTHER,
)
_KNOWN: Final = {
    ("POST", "issue"): ("issue.create", _CREATE),
    ("POST", "issue/bulk"): ("issue.bulk_create", _CREATE),
    ("POST", "issue/bulkfetch"): ("issue.search", _READ),
    ("GET", "issue/*"): ("issue.read", _READ),
    ("PUT", "issue/*"): ("issue.edit", _UPDATE),
    ("DELETE", "issue/*"): ("issue.delete", _OTHER),
    ("GET", "issue/*/transitions"): ("issue.transitions", _READ),
    ("POST", "issue/*/transitions"): ("issue.transition", _APPEND),
    ("PUT", "issue/*/assignee"): ("issue.assign", _UPDATE),
    ("GET", "issue/*/comment"): ("comment.list", _READ),
    ("POST", "issue/*/comment"): ("comment.create", _APPEND),
    ("GET", "issue/*/comment/*"): ("comment.read", _READ),
    ("PUT", "issue/*/comment/*"): ("comment.edit", _UPDATE),
    ("DELETE", "issue/*/comment/*"): ("comment.delete", _OTHER),
    ("GET", "issue/*/worklog"): ("worklog.list", _READ),
    ("POST", "issue/*/worklog"): ("worklog.create", _APPEND),
    ("POST", "issue/*/attachments"): ("attachment.create", _OTHER),
    ("POST", "issue/*/remotelink"): ("remotelink.create", _OTHER),
    ("POST", "issueLink"): ("link.create", _OTHER),
    ("POST", "issuelink"): ("link.create", _OTHER),
    ("GET", "search"): ("issue.search", _READ),
    ("POST", "search"): ("issue.search", _READ),
    ("GET", "search/jql"): ("issue.search", _READ),
    ("POST", "search/jql"): ("issue.search", _READ),
    ("POST", "search/approximate-count"): ("issue.search", _READ),
    ("GET", "myself"): ("myself.read", _READ),
}
_KNOWN_REQUESTS: Final = {
    ("POST", "request"): ("request.create", _CREATE),
    ("GET", "request/*"): ("request.read", _READ),
}
_UNKNOWN: Final = ("unknown.read", "unknown.write")

ROUTE_NAMES: Final = frozenset({*_UNKNOWN, *(name for name, _ in (*_KNOWN.values(), *_KNOWN_REQUESTS.values()))})
"""Every name that a route can have: a closed set, fit for labels."""

JSON_ROUTES: Final = ROUTE_NAMES - frozenset(_UNKNOWN)
"""Routes whose success is never a web page."""


def route(method: str, path: str) -> Route:
    """`latest` is version 2; what is spelled in any other way than documented is unknown."""
    if match := _API.fullmatch(path):
        version = "3" if match["version"] == "3" else "2"
        canonical = f"/rest/api/{version}/{match['rest']}"
        segments = match["rest"].split("/")
        known = _KNOWN.get((_as_read(method), _shape(segments)))
        return _named(known, canonical, segments, version) if known else _unknown(method, canonical, version)
    if path.startswith(_SERVICE_DESK):
        segments = path.removeprefix(_SERVICE_DESK).split("/")
        known = _KNOWN_REQUESTS.get((_as_read(method), _shape(segments)))
        return _named(known, path, segments, "") if known else _unknown(method, path, "")
    return _unknown(method, path, "")


def _shape(segments: list[str]) -> str:
    """The path with `*` for every id: `issue/ABC-1/comment` is `issue/*/comment`."""
    if not _is_of_ticket(segments):
        return "/".join(segments)
    return "/".join((segments[0], "*", *segments[2:3], *("*" for _ in segments[3:])))


def _is_of_ticket(segments: list[str]) -> bool:
    return segments[0] in {"issue", "request"} and len(segments) > 1 and segments[1] not in _NO_ISSUES and all(segments)


def _named(known: tuple[str, Operation], path: str, segments: list[str], version: str) -> Route:
    name, operation = known
    ticket = segments[1] if _is_of_ticket(segments) else None
    return Route(name, operation, path, name.partition(".")[0], ticket, version)


def _unknown(method: str, path: str, version: str) -> Route:
    if method in _READS:
        return Route(_UNKNOWN[0], _READ, path, version=version)
    return Route(_UNKNOWN[1], _OTHER, path, version=version)


def _as_read(method: str) -> str:
    return "GET" if method == "HEAD" else method
