"""A Jira body: the ticket's fields in an envelope, beside what shall be done with them."""

from typing import Final

from gateway.domain.call import Fields, Json, Operation, Route
from gateway.platforms.platform import Target

_ENVELOPES: Final = {
    "issue.create": "fields",
    "issue.edit": "fields",
    "issue.transition": "fields",
    "request.create": "requestFieldValues",
}
_JOURNALS: Final = frozenset({"comment", "worklog"})
_ASSIGNING: Final = frozenset({"set"})
_OF_A_SET: Final = frozenset({"set", "add", "remove"})
_ALWAYS_FULL: Final = frozenset({"issue.assign", "comment.edit"})
_SETTING_PARTS: Final = frozenset({"fields", "update", "properties", "historyMetadata"})


def fields_of(route: Route, body: Json) -> Fields | None:
    """What lies in the envelope; a body without one sets no field, but cannot make a ticket."""
    envelope = _ENVELOPES.get(route.name)
    if envelope is None or not isinstance(body, dict):
        return body if isinstance(body, dict) else None
    fields = body.get(envelope, None if route.operation is Operation.CREATE_TICKET else {})
    return fields if isinstance(fields, dict) else None


def with_fields(route: Route, body: Json, fields: Fields) -> Json:
    """The envelope's other parts (`update`, `properties`, `transition`) stay as they are."""
    envelope = _ENVELOPES.get(route.name)
    if envelope is None:
        return fields
    return {**(body if isinstance(body, dict) else {}), envelope: fields}


def is_full_value(route: Route, body: Json) -> bool:
    """Only `fields`, and `update` that sets values or deals with labels, come to the same when done twice.

    A remote link with a `globalId` takes the place of the one that has it.
    """
    if route.operation is not Operation.UPDATE_TICKET or not isinstance(body, dict):
        return False
    if route.name in _ALWAYS_FULL:
        return True
    if route.name == "remotelink.create":
        return bool(body.get("globalId"))
    if body.keys() - _SETTING_PARTS:
        return False
    fields, update = body.get("fields", {}), body.get("update", {})
    if not isinstance(fields, dict) or not isinstance(update, dict):
        return False
    return _JOURNALS.isdisjoint(fields) and _JOURNALS.isdisjoint(update) and _only_sets(update)


def shows_display_values(route: Route, query: str) -> bool:  # noqa: ARG001  # Jira has no such mode
    """Jira takes stored values only."""
    return False


def create_target(target: Target) -> str:  # noqa: ARG001  # project and issue type come from the fields
    """The version that Cloud and Data Center share; its text fields take plain text."""
    return "/rest/api/2/issue"


def _only_sets(update: Fields) -> bool:
    return all(
        isinstance(steps, list) and all(_is_repeatable(field, step) for step in steps)
        for field, steps in update.items()
    )


def _is_repeatable(field: str, step: Json) -> bool:
    """Labels are a set: adding one that is there, or removing one that is not, changes nothing."""
    verbs = _OF_A_SET if field == "labels" else _ASSIGNING
    return isinstance(step, dict) and len(step) <= 1 and step.keys() <= verbs
