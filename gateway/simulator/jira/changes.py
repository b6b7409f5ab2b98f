"""What a body asks for: `fields` set, `update` operates, `properties` are attached."""

from collections.abc import Mapping

from gateway.simulator.jira.errors import Refusal
from gateway.simulator.messages import Request

_INVALID = "Invalid request payload. Refer to the REST API documentation and try again."
_LONGEST_PROPERTY = 32_768
_LONGEST_PROPERTY_KEY = 255

Fields = dict[str, object]


def body_of(request: Request) -> Fields:
    """The body, which has to be a JSON object."""
    media = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Refusal(415, "Unsupported Media Type")
    try:
        document = request.document()
    except ValueError as error:
        text = "There was an error parsing JSON. Check that your request body is valid."
        raise Refusal(400, text) from error
    if not isinstance(document, dict):
        raise Refusal(400, _INVALID)
    return document


def wanted_fields(body: Fields, current: Mapping[str, object]) -> Fields:
    """The fields as they would be after `fields` and `update`, only those that the body names."""
    fields, update = _object(body, "fields"), _object(body, "update")
    both = [name for name in fields if name in update]
    if both:
        errors = {name: f"Field '{name}' cannot appear in both 'fields' and 'update'" for name in both}
        raise Refusal(400, errors=errors)
    operated = {name: _operated(current.get(name), steps) for name, steps in update.items() if name != "comment"}
    return fields | operated


def added_comments(body: Fields) -> list[object]:
    """The bodies of the comments that `update` adds."""
    steps = _object(body, "update").get("comment")
    added = [step.get("add") for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [comment.get("body") for comment in added if isinstance(comment, dict)]


def wanted_properties(body: Fields) -> Fields:
    """The issue properties that a create attaches."""
    given = body.get("properties") or []
    if not isinstance(given, list) or not all(isinstance(entry, dict) and "key" in entry for entry in given):
        raise Refusal(400, _INVALID)
    return {str(entry["key"]): checked_property(str(entry["key"]), entry.get("value")) for entry in given}


def checked_property(key: str, value: object) -> object:
    """The property's value, if Jira would take it."""
    if len(key) > _LONGEST_PROPERTY_KEY:
        raise Refusal(400, "The property key must be shorter than 256 characters.")
    if len(str(value)) > _LONGEST_PROPERTY:
        raise Refusal(400, "The property value must be shorter than 32769 characters.")
    return value


def _operated(value: object, steps: object) -> object:
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise Refusal(400, _INVALID)
    for step in steps:
        for verb, operand in step.items():
            value = _step(value, verb, operand)
    return value


def _step(value: object, verb: str, operand: object) -> object:
    entries = list(value) if isinstance(value, list) else []
    match verb:
        case "set":
            return operand
        case "add":
            return entries if operand in entries else [*entries, operand]
        case "remove":
            return [entry for entry in entries if entry != operand]
        case _:
            raise Refusal(400, _INVALID)


def _object(body: Fields, name: str) -> Fields:
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise Refusal(400, _INVALID)
    return value
