"""Find the issue of a create whose answer was lost, and prove that an empty search could have found it."""

import re
from collections.abc import Generator
from http import HTTPStatus
from typing import Final

from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json, json_object
from gateway.platforms.conversations import Absent, Found, Question, Search, SearchDenied, Sought
from gateway.platforms.jira.asks import Issue, Issues, Site, myself, search_page
from gateway.platforms.jira.by_key import fields_shown, holds, look_by_key
from gateway.platforms.jira.carrier import CUSTOM_FIELD, PROPERTY, field_of, written
from gateway.platforms.jira.project import Project, project_of, with_key
from gateway.platforms.jira.tickets import base_of, text, ticket_of

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_VERSION: Final = re.compile(r"/rest/api/(?P<version>[^/?]+)/")
_SEARCHED: Final = frozenset({"issue.create", "request.create"})


def search(sought: Sought) -> Search:
    """Prove the login, then ask for the label in the project by name; then look by key, which does not lag behind."""
    if sought.route.name not in _SEARCHED or not _PLAIN.fullmatch(written(sought.carrier.value)):
        return SearchDenied("there is no correlation value that a search could ask for")
    project = yield from project_of(sought)
    if isinstance(project, SearchDenied):
        return project
    if not sought.proven:
        user = yield from myself(sought.route.version)
        if isinstance(user, SearchDenied):
            return user
    issues = yield from _matching(sought, project)
    if issues == ():
        issues = yield from _by_key(sought, project)
    if isinstance(issues, SearchDenied):
        return issues
    return (yield from _found(sought, issues)) if issues else _none(sought)


def _matching(sought: Sought, project: Project) -> Issues:
    """What the index shows; a property is in none."""
    if sought.place == PROPERTY:
        return ()
    jql = f"{project.clause} AND {_carried(sought)} ORDER BY created ASC"
    site = Site(sought.base_url, sought.route.version)
    page = yield from search_page(site, jql, ",".join(fields_shown(sought)), 2)
    if isinstance(page, SearchDenied):
        return page
    if not all(holds(sought, issue) for issue in page.issues):
        return SearchDenied(f"the search answers with issues that lack our value in {field_of(sought.place)}")
    return page.issues


def _by_key(sought: Sought, project: Project) -> Issues:
    keyed = yield from with_key(project)
    if isinstance(keyed, SearchDenied):
        return keyed
    return (yield from look_by_key(sought, keyed.key))


def _found(sought: Sought, issues: tuple[Issue, ...]) -> Search:
    """The oldest is the ticket; its link is built as the platform builds it for the create's version."""
    issue = issues[0]
    ticket = ticket_of(issue)
    if not ticket.id or not ticket.key:
        return SearchDenied("the search was answered with an issue without id or key")
    if sought.route.name == "request.create":
        body = yield from _request(ticket.id, ticket.key)
    else:
        base = base_of(text(issue.get("self"))) or sought.base_url
        link = f"{base}/rest/api/{_spelled_version(sought)}/issue/{ticket.id}"
        body = as_json({"id": ticket.id, "key": ticket.key, "self": link})
    success = Answer(HTTPStatus.CREATED, (("Content-Type", JSON_UTF8),), body)
    return Found(ticket, success, tuple(ticket_of(issue) for issue in issues[1:]))


def _request(identity: str, key: str) -> Generator[Question, Answer, bytes]:
    """A request is shown as its create would have shown it; where it cannot be read, it is named."""
    answer = yield Question(f"/rest/servicedeskapi/request/{identity}")
    readable = answer.status == HTTPStatus.OK and text(json_object(answer).get("issueKey"))
    return answer.body if readable else as_json({"issueId": identity, "issueKey": key})


def _none(sought: Sought) -> Absent | SearchDenied:
    if sought.place == PROPERTY:
        return SearchDenied("an issue property cannot be searched for: that none was seen proves nothing")
    return Absent()


def _carried(sought: Sought) -> str:
    """The carrier as a JQL clause; text fields know no equality, so theirs asks for a phrase."""
    value = written(sought.carrier.value)
    custom = CUSTOM_FIELD.fullmatch(sought.place)
    return rf'cf[{custom["number"]}] ~ "\"{value}\""' if custom else f'labels = "{value}"'


def _spelled_version(sought: Sought) -> str:
    """The version as the create named it, `latest` included: links are built in the same."""
    match = _VERSION.match(sought.target)
    return match["version"] if match else sought.route.version
