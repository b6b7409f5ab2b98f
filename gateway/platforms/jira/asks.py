"""The reads that Jira's searches are made of, each believed only as far as it was answered."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

from gateway.domain.call import Json
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.answers import as_json, json_object
from gateway.platforms.conversations import Question, SearchDenied
from gateway.platforms.jira.tickets import text

Issue: TypeAlias = dict[str, Json]
Issues: TypeAlias = Generator[Question, Answer, "tuple[Issue, ...] | SearchDenied"]

_CLOUD_SEARCH: Final = "/rest/api/3/search/jql"
_DATA_CENTER_SEARCH: Final = "/rest/api/2/search"
_BULK_FETCH: Final = "/rest/api/3/issue/bulkfetch"
_CLOUD_HOSTS: Final = (".atlassian.net", "api.atlassian.com", ".jira.com")
_NOT_HERE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE})
_JSON: Final = {"Accept": "application/json", "Content-Type": "application/json"}
MOST_FETCHED: Final = 100


@frozen
class Site:
    """Which Jira is asked, as far as its address and the call's version tell."""

    base_url: str
    version: str

    @property
    def is_cloud(self) -> bool:
        """Version 3 is Cloud's alone, and a base of one's own is rarely Cloud's."""
        host = urlsplit(self.base_url).hostname or ""
        return self.version == "3" or host.endswith(_CLOUD_HOSTS)

    @property
    def search_paths(self) -> tuple[str, str]:
        """Cloud and Data Center search at different paths; the likelier first."""
        paths = (_CLOUD_SEARCH, _DATA_CENTER_SEARCH)
        return paths if self.is_cloud else (_DATA_CENTER_SEARCH, _CLOUD_SEARCH)


@frozen
class Page:
    """Some of the issues that were found; `path` and `more` ask for the next, `more` is empty on the last."""

    issues: tuple[Issue, ...]
    path: str
    more: Mapping[str, str] = field(default_factory=dict)


def myself(version: str) -> Generator[Question, Answer, "Issue | SearchDenied"]:
    """Who this login is; one that names nobody sees nothing, and says so by empty answers."""
    answer = yield Question(f"/rest/api/{version or '2'}/myself")
    user = json_object(answer)
    if answer.status == HTTPStatus.OK and any(text(user.get(part)) for part in ("accountId", "key", "name")):
        return user
    return SearchDenied(f"/myself names no user (answered {answer.status}): an empty search would prove nothing")


def is_same_user(one: Json, other: Json) -> bool:
    """Cloud tells users apart by account id, Data Center by key or name."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    return any(text(one.get(part)) and one.get(part) == other.get(part) for part in ("accountId", "key", "name"))


def search_page(
    site: Site, jql: str, fields: str, limit: int, after: Page | None = None
) -> Generator[Question, Answer, Page | SearchDenied]:
    """A page of issues; the search that is not there says so, and the other is asked."""
    status = 0
    for path in (after.path,) if after else site.search_paths:
        parameters = {"jql": jql, "fields": fields, "maxResults": str(limit), **(after.more if after else {})}
        answer = yield Question(f"{path}?{urlencode(parameters, quote_via=quote)}")
        status = answer.status
        if status not in _NOT_HERE:
            return _page(answer, path)
    return SearchDenied(f"neither of Jira's searches is there (answered {status})")


def search_all(
    site: Site,
    jql: str,
    fields: str,
    most_pages: int,
    reach_far_enough: Callable[[Sequence[Issue]], bool] = lambda _: False,
) -> Issues:
    """Page after page, until the issues so far reach far enough; a list that never ends proves nothing."""
    issues: tuple[Issue, ...] = ()
    last: Page | None = None
    for _ in range(most_pages):
        page = yield from search_page(site, jql, fields, MOST_FETCHED, last)
        if isinstance(page, SearchDenied):
            return page
        issues += page.issues
        if not page.more or reach_far_enough(issues):
            return issues
        last = page
    return SearchDenied(f"the search finds more than {most_pages * MOST_FETCHED} issues: too many to look at")


def fetch(site: Site, keys: Sequence[str], fields: Sequence[str], properties: Sequence[str] = ()) -> Issues:
    """The issues of these keys or ids that are shown, read consistently: many at once where the site can."""
    if not keys:
        return ()
    if site.is_cloud:
        wanted = {"issueIdsOrKeys": list(keys), "fields": list(fields), "properties": list(properties)}
        answer = yield Question(_BULK_FETCH, "POST", as_json(wanted), _JSON)
        if answer.status not in _NOT_HERE:
            return _fetched(answer)
    return (yield from _one_by_one(keys, fields, properties))


def created_at(issue: Issue) -> float | None:
    """When the issue was made, Unix seconds."""
    fields = issue.get("fields")
    return unix(text(fields.get("created"))) if isinstance(fields, dict) else None


def unix(instant: str) -> float | None:
    """An instant in Jira's form, as Unix seconds."""
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo else None


def _page(answer: Answer, path: str) -> Page | SearchDenied:
    body = json_object(answer)
    issues = body.get("issues")
    if answer.status != HTTPStatus.OK or not isinstance(issues, list):
        return SearchDenied(f"the search was answered {answer.status}, not with issues")
    if not issues and body.get("isLast") is False:
        return SearchDenied("the search was answered with an empty page that is not the last")
    return Page(tuple(issue if isinstance(issue, dict) else {} for issue in issues), path, _more(body, len(issues)))


def _more(body: Issue, shown: int) -> dict[str, str]:
    if token := text(body.get("nextPageToken")):
        return {"nextPageToken": token}
    start, total = body.get("startAt"), body.get("total")
    if isinstance(start, int) and isinstance(total, int) and shown and start + shown < total:
        return {"startAt": str(start + shown)}
    return {}


def _fetched(answer: Answer) -> tuple[Issue, ...] | SearchDenied:
    issues = json_object(answer).get("issues")
    if answer.status != HTTPStatus.OK or not isinstance(issues, list):
        return SearchDenied(f"the look at issues by their keys was answered {answer.status}")
    return tuple(issue for issue in issues if isinstance(issue, dict))


def _one_by_one(keys: Sequence[str], fields: Sequence[str], properties: Sequence[str]) -> Issues:
    parameters = {"fields": ",".join(fields), **({"properties": ",".join(properties)} if properties else {})}
    query = urlencode(parameters, quote_via=quote)
    shown: list[Issue] = []
    for key in keys:
        answer = yield Question(f"/rest/api/2/issue/{key}?{query}")
        if answer.status == HTTPStatus.OK:
            shown.append(json_object(answer))
        elif answer.status != HTTPStatus.NOT_FOUND:
            return SearchDenied(f"the look at issue {key} was answered {answer.status}")
    return tuple(shown)
