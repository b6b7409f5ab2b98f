"""Steps of a Jira workflow: a transition names only its number, and a list of them where each one leads."""

import json
from collections.abc import Mapping

from gateway.domain.call import Route
from gateway.domain.sighting import Move
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.jira.progress import place_of
from gateway.platforms.jira.tickets import text


def moves_offered(route: Route, answer: Answer) -> Mapping[str, Move]:
    """The transitions that can be taken now, by their numbers."""
    listed = json_object(answer).get("transitions") if route.name == "issue.transitions" else None
    offered: dict[str, Move] = {}
    for each in listed if isinstance(listed, list) else ():
        to = each.get("to") if isinstance(each, dict) else None
        if isinstance(each, dict) and isinstance(to, dict):
            offered[text(each.get("id"))] = place_of(to)
    return offered


def move_taken(route: Route, sent: bytes) -> str:
    """The transition's number, which some clients send as a number."""
    if route.name != "issue.transition":
        return ""
    try:
        body = json.loads(sent)
    except (ValueError, RecursionError):
        return ""
    transition = body.get("transition") if isinstance(body, dict) else None
    number = transition.get("id") if isinstance(transition, dict) else None
    return str(number) if isinstance(number, int | str) else ""
