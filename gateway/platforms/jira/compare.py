"""What Jira stored, compared with what was sent; a create's own answer shows nothing of it, a read does."""

from collections.abc import Sequence
from typing import Final

from gateway.domain.call import Fields, Json, Route
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.jira.prose import prose

_NAMES: Final = ("id", "accountId", "key", "name", "value")


def changed_fields(route: Route, target: str, sent: Fields, answer: Answer) -> tuple[str, ...] | None:  # noqa: ARG001
    """An edit with `returnIssue` and a read of the issue show its fields; nothing else does."""
    shown = json_object(answer).get("fields")
    if not isinstance(shown, dict):
        return None
    return tuple(name for name, value in sent.items() if name not in shown or not _is_same(value, shown[name]))


def _is_same(sent: Json, shown: Json) -> bool:
    match sent:
        case dict():
            return prose(sent) == prose(shown) if sent.get("type") == "doc" else _names_same(sent, shown)
        case list():
            return isinstance(shown, list) and _are_same(sent, shown)
        case str():
            return prose(sent) == prose(shown) or _in_words(sent, shown)
        case None:
            return shown in (None, "", [])
        case _:
            return sent == shown


def _names_same(sent: Fields, shown: Json) -> bool:
    """A reference names by id, key or name; any name that both have tells, and without one nothing does."""
    if not isinstance(shown, dict):
        return False
    known = shown | ({"id": shown["accountId"]} if "accountId" in shown else {})  # Cloud takes an account id as an id
    told = [
        str(sent[name]).casefold() == str(known[name]).casefold() for name in _NAMES if name in sent and name in known
    ]
    return any(told) or not told


def _are_same(sent: Sequence[Json], shown: Sequence[Json]) -> bool:
    """Jira orders lists anew."""
    return len(sent) == len(shown) and all(any(_is_same(one, other) for other in shown) for one in sent)


def _in_words(sent: str, shown: Json) -> bool:
    """A reference may be given by its bare name where the field allows it."""
    return isinstance(shown, dict) and any(shown.get(name) == sent for name in _NAMES)
