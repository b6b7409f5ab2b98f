"""What Jira stored, compared with what was sent; a create's own answer shows nothing of it, a read does."""

from collections.abc import Sequence
from typing import Final

from gateway.domain.call import Fields, Json, Route
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.jira.asks import unix
from gateway.platforms.jira.carrier import LABELS, without_ours
from gateway.platforms.jira.prose import prose
from gateway.platforms.jira.tickets import text

_NAMES: Final = ("id", "accountId", "key", "name", "value")


def changed_fields(route: Route, target: str, sent: Fields, answer: Answer) -> tuple[str, ...] | None:  # noqa: ARG001
    """An edit with `returnIssue` and a read of the issue show its fields, a request's create those of its type."""
    body = json_object(answer)
    shown, values = body.get("fields"), body.get("requestFieldValues")
    if isinstance(shown, dict):
        return changed_in(sent, shown)
    if isinstance(values, list):
        of_type = {text(each.get("fieldId")): each.get("value") for each in values if isinstance(each, dict)}
        return changed_in({name: value for name, value in sent.items() if name in of_type}, of_type)
    return None


def changed_in(sent: Fields, shown: Fields) -> tuple[str, ...]:
    """The fields that an issue holds otherwise, or does not hold."""
    return tuple(name for name, value in sent.items() if name not in shown or not _is_kept(name, value, shown[name]))


def _is_kept(name: str, sent: Json, shown: Json) -> bool:
    """Our own label beside the client's is no change."""
    return _is_same(sent, without_ours(shown) if name == LABELS and isinstance(shown, list) else shown)


def _is_same(sent: Json, shown: Json) -> bool:
    match sent:
        case dict():
            return prose(sent) == prose(shown) if sent.get("type") == "doc" else _names_same(sent, shown)
        case list():
            return isinstance(shown, list) and _are_same(sent, shown)
        case str():
            return _says_same(sent, shown)
        case None:
            return shown in (None, "", [])
        case _:
            return sent == shown or (isinstance(shown, dict | list) and bool(shown))


def _says_same(sent: str, shown: Json) -> bool:
    """Wiki markup cannot be compared with the document that was made of it, unless there is none."""
    if isinstance(shown, dict) and shown.get("type") == "doc":
        return bool(prose(shown)) or not prose(sent)
    if prose(sent) == prose(shown) or _in_words(sent, shown):
        return True
    instant = unix(sent)
    return instant is not None and isinstance(shown, str) and instant == unix(shown)


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
    """Jira orders lists anew, and keeps an entry once."""
    kept = all(any(_is_same(one, other) for other in shown) for one in sent)
    return kept and all(any(_is_same(one, other) for one in sent) for other in shown)


def _in_words(sent: str, shown: Json) -> bool:
    """A reference may be given by its bare name where the field allows it."""
    return isinstance(shown, dict) and any(shown.get(name) == sent for name in _NAMES)
