"""Find the issue of a create whose answer was lost, and prove that an empty search could have found it."""

import re
from collections.abc import Generator, Iterator
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

from gateway.domain.call import Fields, Json
from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json, json_object
from gateway.platforms.jira.carrier import CUSTOM_FIELD, field_of, written
from gateway.platforms.jira.tickets import base_of, text, ticket_of
from gateway.platforms.platform import Absent, Found, Question, Search, SearchDenied, Sought

Issue: TypeAlias = dict[str, Json]
_Issues: TypeAlias = Generator[Question, Answer, "tuple[Issue, ...] | SearchDenied"]

_CLOUD_SEARCH: Final = "/rest/api/3/search/jql"
_DATA_CENTER_SEARCH: Final = "/rest/api/2/search"
_CLOUD_HOSTS: Final = (".atlassian.net", "api.atlassian.com", ".jira.com")
_NOT_HERE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE})
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_PROJECT_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")
_ISSUE_KEY: Final = re.compile(r"(?P<project>[A-Za-z][A-Za-z0-9_]*)-(?P<number>[0-9]{1,12})")
_KEYS_AHEAD: Final = 5
_VERSION: Final = re.compile(r"/rest/api/(?P<version>[^/?]+)/")


def search(sought: Sought) -> Search:
    """Prove the login, then ask for the label in the project by name, so that a missing permission is an error."""
    project = _project(sought.fields)
    carried = _carried(sought)
    if project is None or carried is None:
        return SearchDenied("the create names no project, or no correlation value, that a search could ask for")
    if not sought.proven:
        answer = yield Question(f"/rest/api/{sought.route.version or '2'}/myself")
        if answer.status != HTTPStatus.OK or not _names_user(json_object(answer)):
            return SearchDenied(
                f"/myself names no user (answered {answer.status}): an empty search would prove nothing"
            )
    issues = yield from _matching(sought, f"{project} AND {carried} ORDER BY created ASC")
    if isinstance(issues, SearchDenied):
        return issues
    if not all(_holds(sought, issue) for issue in issues):
        return SearchDenied(f"the search answers with issues that lack our value in {field_of(sought.place)}")
    if not issues:
        issues = yield from _ahead_of_witness(sought)
    return _found(sought, issues) if issues else Absent()


def _matching(sought: Sought, jql: str) -> _Issues:
    """Cloud and Data Center search at different paths; the one that is not there says so."""
    parameters = {"jql": jql, "fields": _fields(sought), "maxResults": "2"}
    query = urlencode(parameters, quote_via=quote)
    status = 0
    for path in _search_paths(sought):
        answer = yield Question(f"{path}?{query}")
        status = answer.status
        if status not in _NOT_HERE:
            return _issues(answer)
    return SearchDenied(f"neither of Jira's searches is there (answered {status})")


def _issues(answer: Answer) -> tuple[Issue, ...] | SearchDenied:
    body = json_object(answer)
    issues = body.get("issues")
    if answer.status != HTTPStatus.OK or not isinstance(issues, list):
        return SearchDenied(f"the search was answered {answer.status}, not with issues")
    if not issues and body.get("isLast") is False:
        return SearchDenied("the search was answered with an empty page that is not the last")
    return tuple(issue if isinstance(issue, dict) else {} for issue in issues)


def _ahead_of_witness(sought: Sought) -> Generator[Question, Answer, tuple[Issue, ...]]:
    """The search lags behind, a look by key does not: ask for the keys after the last one known in the project."""
    for key in _next_keys(sought):
        query = urlencode({"fields": _fields(sought)}, quote_via=quote)
        answer = yield Question(f"/rest/api/2/issue/{key}?{query}")
        issue = json_object(answer)
        if answer.status != HTTPStatus.OK:
            return ()
        if _holds(sought, issue):
            return (issue,)
    return ()


def _next_keys(sought: Sought) -> Iterator[str]:
    project = sought.fields.get("project")
    known = _ISSUE_KEY.fullmatch(sought.witness.key) if sought.witness else None
    if known is None or not isinstance(project, dict) or text(project.get("key")).upper() != known["project"].upper():
        return
    last = int(known["number"])
    yield from (f"{known['project']}-{number}" for number in range(last + 1, last + 1 + _KEYS_AHEAD))


def _found(sought: Sought, issues: tuple[Issue, ...]) -> Found | SearchDenied:
    """The oldest is the ticket; its link is built as the platform builds it for the create's version."""
    issue = issues[0]
    ticket = ticket_of(issue)
    if not ticket.id or not ticket.key:
        return SearchDenied("the search was answered with an issue without id or key")
    base = base_of(text(issue.get("self"))) or sought.base_url
    link = f"{base}/rest/api/{_spelled_version(sought)}/issue/{ticket.id}"
    created = as_json({"id": ticket.id, "key": ticket.key, "self": link})
    success = Answer(HTTPStatus.CREATED, (("Content-Type", JSON_UTF8),), created)
    return Found(ticket, success, tuple(ticket_of(issue) for issue in issues[1:]))


def _project(fields: Fields) -> str | None:
    """The create's project as a JQL clause; None where it cannot be put into one safely."""
    project = fields.get("project")
    if not isinstance(project, dict):
        return None
    key, number = text(project.get("key")), text(project.get("id"))
    if _PROJECT_KEY.fullmatch(key):
        return f'project = "{key}"'
    return f"project = {number}" if number.isascii() and number.isdigit() else None


def _carried(sought: Sought) -> str | None:
    """The carrier as a JQL clause; text fields know no equality, so theirs asks for a phrase."""
    value = written(sought.carrier.value)
    if not _PLAIN.fullmatch(value):
        return None
    custom = CUSTOM_FIELD.fullmatch(sought.place)
    return rf'cf[{custom["number"]}] ~ "\"{value}\""' if custom else f'labels = "{value}"'


def _holds(sought: Sought, issue: Issue) -> bool:
    """Whether the issue holds our value to the letter, whatever the search thought it was asked."""
    fields = issue.get("fields")
    held = fields.get(field_of(sought.place)) if isinstance(fields, dict) else None
    value = written(sought.carrier.value)
    return value in held if isinstance(held, list) else held == value


def _fields(sought: Sought) -> str:
    return f"created,priority,{field_of(sought.place)}"


def _spelled_version(sought: Sought) -> str:
    """The version as the create named it, `latest` included: links are built in the same."""
    match = _VERSION.match(sought.target)
    return match["version"] if match else sought.route.version


def _search_paths(sought: Sought) -> tuple[str, str]:
    """The likelier first: version 3 is Cloud's alone, and a base of one's own is rarely Cloud's."""
    host = urlsplit(sought.base_url).hostname or ""
    if sought.route.version == "3" or host.endswith(_CLOUD_HOSTS):
        return _CLOUD_SEARCH, _DATA_CENTER_SEARCH
    return _DATA_CENTER_SEARCH, _CLOUD_SEARCH


def _names_user(user: Issue) -> bool:
    return any(text(user.get(part)) for part in ("accountId", "key", "name"))
