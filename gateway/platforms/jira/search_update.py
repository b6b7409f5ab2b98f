"""Whether a comment, a worklog or a step of the workflow took place: each is done anew every time it is sent."""

import re
from collections.abc import Callable, Generator, Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from gateway.domain.call import Json, Route
from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.answers import JSON_UTF8, as_json, json_object
from gateway.platforms.conversations import (
    SKEW_SECONDS,
    Absent,
    Found,
    Question,
    Search,
    SearchDenied,
    SoughtUpdate,
)
from gateway.platforms.jira.asks import Issue, is_same_user, myself, unix
from gateway.platforms.jira.prose import prose
from gateway.platforms.jira.tickets import text

_NAMES_ISSUE: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
_PAGE_ENTRIES: Final = 100
_MOST_PAGES: Final = 10
_STATUS: Final = "status"


def finds_update(route: Route) -> bool:
    """Comments, worklogs, and steps of the workflow leave an entry that tells when and by whom it was made."""
    return route.name in _ASKS


def search_update(sought: SoughtUpdate) -> Search:
    """By this login, since the attempt began, and equal: three marks that an entry is the one that was sent."""
    if not isinstance(sought.body, dict) or not _NAMES_ISSUE.fullmatch(sought.route.ticket or ""):
        return SearchDenied(f"what {sought.route.name} did cannot be searched for")
    ask = _ASKS.get(sought.route.name)
    if ask is None:
        return SearchDenied(f"what {sought.route.name} did cannot be searched for")
    user = yield from myself(sought.route.version)
    return user if isinstance(user, SearchDenied) else (yield from ask(sought, sought.body, user))


def _comment(sought: SoughtUpdate, body: Issue, user: Issue) -> Search:
    said = prose(body.get("body"))
    return (yield from _entry(sought, "comment", user, lambda entry: prose(entry.get("body")) == said))


def _request_comment(sought: SoughtUpdate, body: Issue, user: Issue) -> Search:
    """A request's comments are its issue's; the answer is shown as service management shows them."""
    finding = yield from _comment(sought, body, user)
    if not isinstance(finding, Found):
        return finding
    entry = text(json_object(finding.answer).get("id"))
    answer = yield Question(f"/rest/servicedeskapi/request/{sought.route.ticket}/comment/{entry}")
    shown = answer.body if answer.status == HTTPStatus.OK else as_json({"id": entry, "body": body.get("body")})
    success = Answer(HTTPStatus.CREATED, (("Content-Type", JSON_UTF8),), shown)
    return Found(finding.ticket, success)


def _worklog(sought: SoughtUpdate, body: Issue, user: Issue) -> Search:
    return (yield from _entry(sought, "worklog", user, lambda entry: _is_same_work(body, entry)))


def _edit(sought: SoughtUpdate, body: Issue, user: Issue) -> Search:
    """An edit that adds one comment is known by it: fields and comment are written together."""
    update = body.get("update")
    added = _added_comments(update) if isinstance(update, dict) else None
    if not added:
        return SearchDenied("what this issue.edit added cannot be searched for")
    finding = yield from _entry(sought, "comment", user, lambda entry: prose(entry.get("body")) == added[0])
    if not isinstance(finding, Found):
        return finding
    return Found(finding.ticket, Answer(HTTPStatus.NO_CONTENT, (), b""))


def _transition(sought: SoughtUpdate, body: Issue, user: Issue) -> Search:
    """Its own entry in the history, or the status that it leads to, tells that it was done."""
    wanted = body.get("transition") if sought.route.name == "issue.transition" else body
    step = text(wanted.get("id")) if isinstance(wanted, dict) else ""
    answer = yield Question(f"{_issue(sought)}?fields=status&expand=changelog,transitions")
    issue = json_object(answer)
    status = _status(issue)
    if answer.status != HTTPStatus.OK or not status or not step:
        return SearchDenied(f"the issue was answered {answer.status}, without its status")
    target = _target(issue, step)
    moved = _moves(issue, user, sought.began_at - SKEW_SECONDS)
    if status == target or (moved and target in {"", *moved}):
        return Found(_ticket(sought, issue), Answer(HTTPStatus.NO_CONTENT, (), b""))
    shown = isinstance(issue.get("changelog"), dict)
    return Absent() if shown or target else SearchDenied("neither history nor transitions tell whether it was done")


_ASKS: Final[dict[str, Callable[[SoughtUpdate, Issue, Issue], Search]]] = {
    "comment.create": _comment,
    "worklog.create": _worklog,
    "issue.edit": _edit,
    "issue.transition": _transition,
    "request_comment.create": _request_comment,
    "request.transition": _transition,
}


def _entry(sought: SoughtUpdate, kind: str, user: Issue, is_same: Callable[[Issue], bool]) -> Search:
    entries = yield from _entries(sought, kind)
    if isinstance(entries, SearchDenied):
        return entries
    for entry in entries:
        made_at = unix(text(entry.get("created"))) or 0.0
        by_us = is_same_user(entry.get("author"), user)
        if by_us and made_at >= sought.began_at - SKEW_SECONDS and is_same(entry):
            success = Answer(HTTPStatus.CREATED, (("Content-Type", JSON_UTF8),), as_json(entry))
            return Found(_ticket(sought, {}), success)
    return Absent()


def _entries(sought: SoughtUpdate, kind: str) -> Generator[Question, Answer, "list[Issue] | SearchDenied"]:
    """All pages: not every Jira takes an order, and a list that is cut off proves nothing."""
    shown: list[Issue] = []
    for _ in range(_MOST_PAGES):
        paging = urlencode({"startAt": len(shown), "maxResults": _PAGE_ENTRIES, "orderBy": "-created"})
        answer = yield Question(f"{_issue(sought)}/{kind}?{paging}")
        body = json_object(answer)
        page, total = body.get(f"{kind}s"), body.get("total")
        if answer.status != HTTPStatus.OK or not isinstance(page, list) or not isinstance(total, int):
            return SearchDenied(f"the {kind}s were answered {answer.status}, not with a list")
        shown += [entry if isinstance(entry, dict) else {} for entry in page]
        if len(shown) >= total or not page or _reaches_back(shown, sought):
            return shown
    return SearchDenied(f"there are more {kind}s than are looked at")


def _reaches_back(shown: list[Issue], sought: SoughtUpdate) -> bool:
    """Newest first, and the last one from before the attempt: nothing on the next page can be ours."""
    instants = [unix(text(entry.get("created"))) or 0.0 for entry in shown]
    newest_first = instants == sorted(instants, reverse=True) and instants[0] > instants[-1]
    return newest_first and instants[-1] < sought.began_at - SKEW_SECONDS


def _is_same_work(sent: Issue, entry: Issue) -> bool:
    """Time is given in seconds or in words; what was not sent is not compared."""
    same_time = [sent.get(name) == entry.get(name) for name in ("timeSpentSeconds", "timeSpent") if sent.get(name)]
    begun = unix(text(sent.get("started")))
    same_begin = begun is None or begun == unix(text(entry.get("started")))
    return any(same_time) and same_begin and prose(sent.get("comment")) == prose(entry.get("comment"))


def _added_comments(update: Issue) -> list[str] | None:
    """The texts that an edit adds as comments; None where it adds anything else."""
    comments = update.get("comment")
    if not isinstance(comments, list) or set(update) - {"comment", "labels"}:
        return None
    added = [step.get("add") for step in comments if isinstance(step, dict)]
    return [prose(comment.get("body")) for comment in added if isinstance(comment, dict)]


def _status(issue: Issue) -> str:
    fields = issue.get("fields")
    status = fields.get(_STATUS) if isinstance(fields, dict) else None
    return text(status.get("id")) if isinstance(status, dict) else ""


def _target(issue: Issue, step: str) -> str:
    """The status that a transition leads to; empty where it is not on offer, as after it was done."""
    for transition in _objects(issue.get("transitions")):
        to = transition.get("to")
        if text(transition.get("id")) == step and isinstance(to, dict):
            return text(to.get("id"))
    return ""


def _moves(issue: Issue, user: Issue, since: float) -> set[str]:
    """The statuses that this login has moved the issue to since then."""
    changelog = issue.get("changelog")
    histories = _objects(changelog.get("histories")) if isinstance(changelog, dict) else []
    return {
        text(item.get("to"))
        for history in histories
        if is_same_user(history.get("author"), user) and (unix(text(history.get("created"))) or 0.0) >= since
        for item in _items(history)
    }


def _items(history: Issue) -> Iterator[Issue]:
    return (item for item in _objects(history.get("items")) if item.get("field") == _STATUS)


def _objects(value: Json) -> list[Issue]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _issue(sought: SoughtUpdate) -> str:
    return f"/rest/api/{sought.route.version or '2'}/issue/{sought.route.ticket}"


def _ticket(sought: SoughtUpdate, issue: Issue) -> Ticket:
    named = sought.route.ticket or ""
    by_id = named.isdigit()
    return Ticket(text(issue.get("id")) or (named if by_id else ""), text(issue.get("key")) or ("" if by_id else named))
