"""Look for an issue by key, which is strongly consistent: the search's index may lag longer than any window.

The lost issue's key follows the last one known before it was sent. The keys from there on are listed as far as the
index shows them; those that it does not show, and the next ones, are read.
"""

import re
from collections.abc import Callable, Generator, Sequence
from typing import Final

from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.conversations import Question, SearchDenied, Sought
from gateway.platforms.jira.asks import MOST_FETCHED, Issue, Issues, Site, created_at, fetch, search_all
from gateway.platforms.jira.carrier import PROPERTY, PROPERTY_KEY, field_of, holds_value
from gateway.platforms.jira.tickets import text

MOST_PAGES: Final = 20
MOST_UNSHOWN: Final = 300
MOST_AHEAD: Final = 100
MOST_MOVED: Final = 20
"""How many old issues may have been moved into the project since the attempt: such a one has a new key."""

SLACK_SECONDS: Final = 60.0
"""How far the site's clock may be from ours, where it only costs a longer list."""

_AHEAD_AT_ONCE: Final = 20
_AHEAD_ONE_BY_ONE: Final = 5
_NUMBERED: Final = re.compile(r"(?P<project>[A-Za-z][A-Za-z0-9_]*)-(?P<number>[0-9]{1,12})")


@frozen
class _Reach:
    """The keys among which the issue must be: after `floor`, up to `last`, and beyond where `is_open`."""

    listed: tuple[Issue, ...]
    floor: int
    last: int
    is_open: bool


def look_by_key(sought: Sought, project: str) -> Issues:
    """The issue that holds our value, alone; empty where every key that could be its was looked at."""
    reach = yield from _reach(sought, project)
    if isinstance(reach, SearchDenied):
        return reach
    if ours := _ours(sought, reach.listed):
        return ours
    unshown = _unshown(sought, reach, project)
    if len(unshown) > MOST_UNSHOWN:
        return SearchDenied(f"the index does not show {len(unshown)} keys of {project} yet: too many to look at")
    for start in range(0, len(unshown), MOST_FETCHED):
        some = unshown[start : start + MOST_FETCHED]
        issues = yield from _fetched(sought, project, some)
        if isinstance(issues, SearchDenied) or (issues := _ours(sought, issues)):
            return issues
    return (yield from _ahead(sought, project, reach.last)) if reach.is_open else ()


def fields_shown(sought: Sought) -> tuple[str, ...]:
    """What must be shown of an issue to know it."""
    return ("created", "priority") if sought.place == PROPERTY else ("created", "priority", field_of(sought.place))


def holds(sought: Sought, issue: Issue) -> bool:
    """Whether the issue holds our value to the letter, whatever the search thought it was asked."""
    shown = issue.get("properties" if sought.place == PROPERTY else "fields")
    held = PROPERTY_KEY if sought.place == PROPERTY else field_of(sought.place)
    return isinstance(shown, dict) and holds_value(shown.get(held), sought.carrier)


def _reach(sought: Sought, project: str) -> Generator[Question, Answer, _Reach | SearchDenied]:
    known = _number(sought.before or (sought.witness if sought.since is None else None), project)
    if known is not None:
        jql = f'project = "{project}" AND key > "{project}-{known}" ORDER BY key ASC'
        listed = yield from _listed(sought, jql, lambda issues: any(_is_later(sought, issue) for issue in issues))
        if not isinstance(listed, SearchDenied):
            return _bounded(sought, listed, project, known)
    # Nothing is known there, or what was known is deleted and JQL refuses its key: then the newest lead back to it.
    jql = f'project = "{project}" ORDER BY key DESC'
    listed = yield from _listed(sought, jql, lambda issues: len(_earlier(sought, issues)) >= MOST_MOVED)
    if isinstance(listed, SearchDenied):
        return listed
    return _bounded(sought, listed, project, max(known or 0, _floor(sought, listed, project)))


def _listed(sought: Sought, jql: str, reach_far_enough: Callable[[Sequence[Issue]], bool]) -> Issues:
    site = Site(sought.base_url, sought.route.version)
    return search_all(site, jql, ",".join(fields_shown(sought)), MOST_PAGES, reach_far_enough)


def _bounded(sought: Sought, listed: tuple[Issue, ...], project: str, floor: int) -> _Reach:
    numbers = _numbers(listed, project)
    later = _numbers([issue for issue in listed if _is_later(sought, issue)], project)
    if later:
        return _Reach(listed, floor, min(later) - 1, is_open=False)
    return _Reach(listed, floor, max((floor, *numbers)), is_open=True)


def _floor(sought: Sought, listed: tuple[Issue, ...], project: str) -> int:
    """A key from before the attempt, whatever was moved in; without an instant, nothing before the list can be told."""
    if sought.since is None:
        return min(_numbers(listed, project), default=1) - 1
    earlier = sorted(_numbers(_earlier(sought, listed), project), reverse=True)[:MOST_MOVED]
    return max(earlier[-1] - (MOST_MOVED - len(earlier)), 0) if earlier else 0


def _is_later(sought: Sought, issue: Issue) -> bool:
    created = created_at(issue)
    return created is not None and sought.until is not None and created > sought.until + SLACK_SECONDS


def _earlier(sought: Sought, issues: Sequence[Issue]) -> list[Issue]:
    """Those from before the attempt; without an instant to go by, any will do."""
    if sought.since is None:
        return list(issues)
    limit = sought.since - SLACK_SECONDS
    return [issue for issue in issues if (created_at(issue) or limit) < limit]


def _unshown(sought: Sought, reach: _Reach, project: str) -> list[int]:
    """A property is shown by no list, so there every key is looked at."""
    shown = set() if sought.place == PROPERTY else _numbers(reach.listed, project)
    return [number for number in range(reach.floor + 1, reach.last + 1) if number not in shown]


def _ahead(sought: Sought, project: str, last: int) -> Issues:
    """The keys after the last one shown, until a run of them where no issue is."""
    step = _AHEAD_AT_ONCE if Site(sought.base_url, sought.route.version).is_cloud else _AHEAD_ONE_BY_ONE
    edge = last
    while edge - last < MOST_AHEAD:
        issues = yield from _fetched(sought, project, range(edge + 1, edge + 1 + step))
        if isinstance(issues, SearchDenied) or (ours := _ours(sought, issues)):
            return issues if isinstance(issues, SearchDenied) else ours
        if not issues:
            return ()
        edge = max((edge + 1, *_numbers(issues, project)))
    return SearchDenied(f"more than {MOST_AHEAD} keys of {project} are not shown by the index yet")


def _fetched(sought: Sought, project: str, numbers: Sequence[int]) -> Issues:
    site = Site(sought.base_url, sought.route.version)
    keys = [f"{project}-{number}" for number in numbers]
    return fetch(site, keys, fields_shown(sought), (PROPERTY_KEY,) if sought.place == PROPERTY else ())


def _ours(sought: Sought, issues: Sequence[Issue]) -> tuple[Issue, ...]:
    return tuple(issue for issue in issues if holds(sought, issue))[:1]


def _numbers(issues: Sequence[Issue], project: str) -> set[int]:
    numbers = (_number(Ticket(key=text(issue.get("key"))), project) for issue in issues)
    return {number for number in numbers if number is not None}


def _number(ticket: Ticket | None, project: str) -> int | None:
    match = _NUMBERED.fullmatch(ticket.key) if ticket else None
    return int(match["number"]) if match and match["project"].upper() == project.upper() else None
