"""How far the work on a Jira issue is, as far as a call that passes by, or a look at many issues, tells."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from gateway.domain.call import Json, Route
from gateway.domain.sighting import Move, Sighting, Stage
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.conversations import SearchDenied, Watch, Watched
from gateway.platforms.jira.asks import MOST_FETCHED, Site, fetch, unix
from gateway.platforms.jira.tickets import text

PROGRESS_ROUTES: Final = frozenset({"issue.read", "comment.create", "issue.transitions", "issue.transition"})

_NAME: Final = re.compile(r"[0-9]{1,20}|[A-Za-z][A-Za-z0-9_]{0,80}-[0-9]{1,20}")
_STAGES: Final = {"new": Stage.NEW, "indeterminate": Stage.STARTED, "done": Stage.RESOLVED}
_PAUSES: Final = frozenset({"on hold", "pending", "waiting for customer"})


def pause_states(resource: str) -> frozenset[str]:  # noqa: ARG001  # the names of Jira Service Management's workflows
    """What a workflow calls it that somebody else has to act."""
    return _PAUSES


def sighted(route: Route, sent: bytes, answer: Answer, at: float) -> Sighting | None:  # noqa: ARG001  # what a transition sends is a move's number
    """A comment is an answer to who reported it; an issue that is read tells its status."""
    if route.name == "comment.create":
        return Sighting(route.ticket or "", at, responded=True) if route.ticket else None
    return _of_issue(json_object(answer), at)


def watch(resource: str, names: Sequence[str], base_url: str, at: float) -> Watch:  # noqa: ARG001  # issues lie in one place
    """Many issues in one question where the site can; when an issue was resolved it says itself."""
    wanted = [name for name in dict.fromkeys(names) if _NAME.fullmatch(name)]
    found: list[Sighting] = []
    for start in range(0, len(wanted), MOST_FETCHED):
        some = wanted[start : start + MOST_FETCHED]
        issues = yield from fetch(Site(base_url, ""), some, ("status", "resolutiondate"))
        if isinstance(issues, SearchDenied):
            return issues
        found += [sighting for issue in issues if (sighting := _of_issue(issue, at)) is not None]
    return Watched(tuple(found))


def place_of(status: Mapping[str, Json]) -> Move:
    """What a status means, whatever the workflow calls it."""
    category = status.get("statusCategory")
    stage = _STAGES.get(text(category.get("key"))) if isinstance(category, dict) else None
    return Move(text(status.get("name")), stage)


def _of_issue(issue: Mapping[str, Json], at: float) -> Sighting | None:
    fields = issue.get("fields")
    status = fields.get("status") if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or not isinstance(status, dict):
        return None
    place = place_of(status)
    resolved = unix(text(fields.get("resolutiondate"))) if place.stage is Stage.RESOLVED else None
    since = at if resolved is None else min(resolved, at)
    return Sighting(text(issue.get("id")), since, place.state, place.stage)
