"""What Jira's resources are called and what a call does there, with `*` for every id.

`repeatable` calls come to the same when done twice, whatever their body says; of all others the body or a search tells.
"""

from typing import Final, TypeAlias

from gateway.domain.call import Operation
from gateway.domain.frozen import frozen


@frozen
class Known:
    """A resource's name, and what a call does to it."""

    name: str
    operation: Operation
    repeatable: bool = False


Table: TypeAlias = dict[tuple[str, str], Known]


def _create(name: str) -> Known:
    return Known(name, Operation.CREATE_TICKET)


def _update(name: str) -> Known:
    return Known(name, Operation.UPDATE_TICKET)


def _settle(name: str) -> Known:
    """An update that sets something, or adds to a set: whoever is on a watch list is not on it twice."""
    return Known(name, Operation.UPDATE_TICKET, repeatable=True)


def _append(name: str) -> Known:
    return Known(name, Operation.APPEND)


def _read(name: str) -> Known:
    return Known(name, Operation.READ)


def _other(name: str) -> Known:
    """No ticket call, or one whose body is a file: it streams past."""
    return Known(name, Operation.OTHER)


ISSUES: Final[Table] = {
    ("POST", "issue"): _create("issue.create"),
    ("POST", "issue/bulk"): _create("issue.bulk_create"),
    ("POST", "issue/bulkfetch"): _read("issue.search"),
    ("GET", "issue/*"): _read("issue.read"),
    ("PUT", "issue/*"): _update("issue.edit"),
    ("DELETE", "issue/*"): _other("issue.delete"),
    ("GET", "issue/*/transitions"): _read("issue.transitions"),
    ("POST", "issue/*/transitions"): _append("issue.transition"),
    ("PUT", "issue/*/assignee"): _update("issue.assign"),
    ("GET", "issue/*/comment"): _read("comment.list"),
    ("POST", "issue/*/comment"): _append("comment.create"),
    ("GET", "issue/*/comment/*"): _read("comment.read"),
    ("PUT", "issue/*/comment/*"): _update("comment.edit"),
    ("DELETE", "issue/*/comment/*"): _other("comment.delete"),
    ("GET", "issue/*/worklog"): _read("worklog.list"),
    ("POST", "issue/*/worklog"): _append("worklog.create"),
    ("GET", "issue/*/worklog/*"): _read("worklog.read"),
    ("PUT", "issue/*/worklog/*"): _settle("worklog.edit"),
    ("DELETE", "issue/*/worklog/*"): _other("worklog.delete"),
    ("POST", "issue/*/attachments"): _other("attachment.create"),
    ("DELETE", "attachment/*"): _other("attachment.delete"),
    ("GET", "issue/*/remotelink"): _read("remotelink.list"),
    ("POST", "issue/*/remotelink"): _update("remotelink.create"),
    ("DELETE", "issue/*/remotelink"): _other("remotelink.delete"),
    ("DELETE", "issue/*/remotelink/*"): _other("remotelink.delete"),
    ("GET", "issue/*/properties"): _read("property.list"),
    ("GET", "issue/*/properties/*"): _read("property.read"),
    ("PUT", "issue/*/properties/*"): _settle("property.set"),
    ("DELETE", "issue/*/properties/*"): _other("property.delete"),
    ("GET", "issue/*/watchers"): _read("watcher.list"),
    ("POST", "issue/*/watchers"): _settle("watcher.add"),
    ("DELETE", "issue/*/watchers"): _other("watcher.remove"),
    ("GET", "issue/*/votes"): _read("vote.list"),
    ("POST", "issue/*/votes"): _settle("vote.add"),
    ("DELETE", "issue/*/votes"): _other("vote.remove"),
    ("POST", "issueLink"): _append("link.create"),
    ("POST", "issuelink"): _append("link.create"),
    ("GET", "issueLink/*"): _read("link.read"),
    ("GET", "issuelink/*"): _read("link.read"),
    ("DELETE", "issueLink/*"): _other("link.delete"),
    ("DELETE", "issuelink/*"): _other("link.delete"),
    ("GET", "search"): _read("issue.search"),
    ("POST", "search"): _read("issue.search"),
    ("GET", "search/jql"): _read("issue.search"),
    ("POST", "search/jql"): _read("issue.search"),
    ("POST", "search/approximate-count"): _read("issue.search"),
    ("GET", "myself"): _read("myself.read"),
}
REQUESTS: Final[Table] = {
    ("POST", "request"): _create("request.create"),
    ("GET", "request/*"): _read("request.read"),
    ("GET", "request/*/comment"): _read("request_comment.list"),
    ("POST", "request/*/comment"): _append("request_comment.create"),
    ("GET", "request/*/transition"): _read("request.transitions"),
    ("POST", "request/*/transition"): _append("request.transition"),
    ("POST", "request/*/attachment"): _append("request.attach"),
    ("POST", "request/*/approval/*"): _append("request.approve"),
    ("POST", "request/*/participant"): _settle("request.participate"),
    ("GET", "request/*/sla"): _read("request.sla"),
    ("GET", "request/*/sla/*"): _read("request.sla"),
    ("POST", "servicedesk/*/attachTemporaryFile"): _other("attachment.prepare"),
    ("POST", "servicedesk/*/attachtemporaryfile"): _other("attachment.prepare"),
}
AGILE: Final[Table] = {
    ("POST", "sprint"): _other("sprint.create"),
    ("GET", "sprint/*"): _read("sprint.read"),
    ("GET", "sprint/*/issue"): _read("sprint.list"),
    ("POST", "sprint/*/issue"): _settle("sprint.fill"),
    ("POST", "epic/*/issue"): _settle("epic.fill"),
    ("POST", "backlog/issue"): _settle("backlog.fill"),
    ("PUT", "issue/rank"): _settle("issue.rank"),
    ("GET", "issue/*"): _read("issue.read"),
}
UNKNOWN: Final = ("unknown.read", "unknown.write")

ROUTE_NAMES: Final = frozenset(
    {*UNKNOWN, *(known.name for table in (ISSUES, REQUESTS, AGILE) for known in table.values())}
)
"""Every name that a route can have: a closed set, fit for labels."""

JSON_ROUTES: Final = ROUTE_NAMES - frozenset(UNKNOWN)
"""Routes whose success is never a web page."""
