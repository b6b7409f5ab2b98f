"""Search: Cloud's `/search/jql` with page tokens, Data Center's `/search` with totals."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence

from gateway.domain.frozen import frozen
from gateway.simulator.jira.call import Call
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.jira.issues import Issue, Issues
from gateway.simulator.jira.jql import Jql, parse_jql
from gateway.simulator.jira.shown import issue_document
from gateway.simulator.jira.site import ISSUE_TYPES, STATUSES
from gateway.simulator.messages import Answer, json_answer

_REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
_DEFAULT_PAGE = 50
_MOST_RECONCILED = 50


@frozen
class _Asked:
    jql: Jql
    fields: Sequence[str]
    start: int
    size: int
    reconciled: frozenset[str]


class Search:
    """Both searches of one site; they see what the index has, not what is stored."""

    def __init__(self, issues: Issues) -> None:
        self._issues = issues

    def by_token(self, call: Call) -> Answer:
        """Cloud's search: no total, a token for the next page, and only ids unless fields are asked for."""
        if not call.site.is_cloud:
            raise Refusal(404, "null for uri: /search/jql")
        asked = _asked(call, "id")
        if not asked.jql.conditions:
            raise Refusal(400, "Unbounded JQL queries are not allowed here. Please add a search restriction.")
        found = self._found(asked, call)
        page = found[asked.start : asked.start + asked.size]
        end = asked.start + len(page)
        more = {"nextPageToken": _token(end)} if end < len(found) else {}
        return json_answer(200, {"issues": [_shown(issue, call, asked) for issue in page], **more, "isLast": not more})

    def by_offset(self, call: Call) -> Answer:
        """The search with totals; Cloud has removed it unless the site keeps it."""
        if call.site.is_cloud and not call.site.old_search:
            raise Refusal(410, _REMOVED)
        asked = _asked(call, "*navigable")
        found = self._found(asked, call)
        page = found[asked.start : asked.start + asked.size]
        paging = {"startAt": asked.start, "maxResults": asked.size, "total": len(found)}
        issues = [_shown(issue, call, asked) for issue in page]
        return json_answer(200, {"expand": "schema,names", **paging, "issues": issues})

    def _found(self, asked: _Asked, call: Call) -> list[Issue]:
        self._demand_known_values(asked.jql, call)
        visible = self._issues.indexed(call.at, asked.reconciled) if call.user is not None else []
        return asked.jql.select(visible, call.at)

    def _demand_known_values(self, jql: Jql, call: Call) -> None:
        for condition in jql.conditions:
            for value in condition.values if condition.operator not in {"is", "is not"} else ():
                if condition.field == "project" and not self._sees_project(value, call):
                    raise Refusal(400, f"The value '{value}' does not exist for the field 'project'.")
                if condition.field in _CLOSED_LISTS and value.casefold() not in _CLOSED_LISTS[condition.field]:
                    raise Refusal(400, f"The value '{value}' does not exist for the field '{condition.field}'.")
                if condition.field in {"key", "issuekey"} and condition.operator in {"=", "in"}:
                    self._demand_issue(value)

    def _sees_project(self, value: str, call: Call) -> bool:
        named = {name.casefold() for project in call.site.projects for name in (project.key, project.id, project.name)}
        return call.user is not None and value.casefold() in named

    def _demand_issue(self, key: str) -> None:
        if self._issues.find(key) is None:
            raise Refusal(400, f"An issue with key '{key}' does not exist for field 'key'.")


def _asked(call: Call, default_field: str) -> _Asked:
    given = body_of(call.request) if call.request.method == "POST" else call.request.parameters
    token = given.get("nextPageToken")
    fields = given.get("fields") or [default_field]
    reconciled = given.get("reconcileIssues") or []
    ids = reconciled.split(",") if isinstance(reconciled, str) else reconciled
    if not isinstance(ids, list) or len(ids) > _MOST_RECONCILED:
        raise Refusal(400, "At most 50 issues can be reconciled.")
    return _Asked(
        parse_jql(str(given.get("jql") or "")),
        fields.split(",") if isinstance(fields, str) else [str(name) for name in _listed(fields)],
        _offset(str(token)) if token else _whole(given, "startAt", 0),
        _whole(given, "maxResults", _DEFAULT_PAGE),
        frozenset(str(identity) for identity in ids),
    )


def _shown(issue: Issue, call: Call, asked: _Asked) -> dict[str, object]:
    if list(asked.fields) == ["id"]:
        return {"id": issue.id}
    return issue_document(issue, call, asked.fields)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _whole(given: Mapping[str, object], name: str, default: int) -> int:
    text = str(given.get(name, default))
    if not text.isdecimal():
        raise Refusal(400, f"Invalid value for {name}: {text}")
    return int(text)


def _token(offset: int) -> str:
    return urlsafe_b64encode(f"offset={offset}".encode()).decode().rstrip("=")


def _offset(token: str) -> int:
    try:
        return int(urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().removeprefix("offset="))
    except ValueError as error:
        raise Refusal(400, "The nextPageToken is invalid.") from error


_CLOSED_LISTS = {
    "status": {name.casefold() for status in STATUSES for name in (status.name, status.id)},
    "issuetype": {name.casefold() for issue_type in ISSUE_TYPES for name in (issue_type.name, issue_type.id)},
}
