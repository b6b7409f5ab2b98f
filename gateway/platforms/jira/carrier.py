"""Where a Jira create carries its correlation value: in a label, or where the policy wants it.

A label is searchable without any set-up. A text field needs an administrator, an issue property shows up nowhere but
cannot be searched for without an app. A service desk's request takes only the fields of its type, so none by default.
"""

import re
from collections.abc import Sequence
from typing import Final

from gateway.domain.call import Fields, Json, Route
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.carriers import Carried, Carrier, Guard
from gateway.platforms.jira.tickets import text

LABELS: Final = "labels"
APPENDED: Final = "labels+"
"""The place of a label beside the client's own: a refusal of the field may then be meant for those."""

PROPERTY: Final = "property"
PROPERTY_KEY: Final = "itsm-gateway"
CUSTOM_FIELD: Final = re.compile(r"customfield_(?P<number>[0-9]{1,12})")

_PREFIX: Final = "itsmgw-"
_ENVELOPES: Final = {"issue.create": "fields", "request.create": "requestFieldValues"}


def carry(route: Route, body: Json, carrier: Carrier) -> Carried | None:
    """The client's labels stay; a body that changes labels in two ways would be refused, so it carries nothing."""
    envelope = _ENVELOPES.get(route.name)
    fields = body.get(envelope) if isinstance(body, dict) and envelope else None
    if not isinstance(body, dict) or not isinstance(fields, dict) or envelope is None:
        return None
    if carrier.place == PROPERTY:
        return _as_property(body, carrier) if route.name == "issue.create" else None
    if carrier.place == LABELS or (carrier.place == "default" and route.name == "issue.create"):
        return _as_label(body, envelope, written(carrier.value))
    return _in_field(body, envelope, carrier) if CUSTOM_FIELD.fullmatch(carrier.place) else None


def without_carrier(route: Route, body: Json, carrier: Carrier, place: str) -> Json:
    """A client's own labels and properties stay in their order."""
    if not isinstance(body, dict):
        return body
    if place == PROPERTY:
        left = _without(body.get("properties"), _property(carrier))
        kept = {name: value for name, value in body.items() if name != "properties"}
        return {**kept, "properties": left} if left else kept
    envelope = _ENVELOPES.get(route.name, "fields")
    fields = body.get(envelope)
    if not isinstance(fields, dict):
        return body
    if place == APPENDED:
        return {**body, envelope: {**fields, LABELS: _without(fields.get(LABELS), written(carrier.value))}}
    return {**body, envelope: {name: value for name, value in fields.items() if name != place}}


def guard(route: Route, place: str) -> Guard:  # noqa: ARG001  # the place alone decides
    """Without an app that declares it, no property is in the search index."""
    return Guard.CONFIRM if place == PROPERTY else Guard.SEARCH


def is_carried(route: Route, answer: Answer, carrier: Carrier, place: str) -> bool | None:
    """An issue's create shows no field; a request's shows those of its type."""
    shown = json_object(answer).get("requestFieldValues")
    if route.name != "request.create" or not isinstance(shown, list):
        return None
    held = {text(entry.get("fieldId")): entry.get("value") for entry in shown if isinstance(entry, dict)}
    field = field_of(place)
    return holds_value(held[field], carrier) if field in held else None


def carrier_scope(route: Route, fields: Fields) -> str:  # noqa: ARG001  # every version has the same screens
    """Which fields may be set is up to the create screen: project and issue type."""
    return f"{_named(fields.get('project'))}/{_named(fields.get('issuetype'))}"


def field_of(place: str) -> str:
    """The field behind a place."""
    return LABELS if place == APPENDED else place


def written(value: str) -> str:
    """The text that a field holds for a correlation value: recognisable among people's labels."""
    return value if value.startswith(_PREFIX) else _PREFIX + value


def without_ours(labels: Sequence[Json]) -> list[Json]:
    """The labels that are not ours."""
    return [label for label in labels if not (isinstance(label, str) and label.startswith(_PREFIX))]


def holds_value(held: Json, carrier: Carrier) -> bool:
    """Whether a field, or the property, holds our value to the letter."""
    if isinstance(held, dict):
        return held == _property(carrier)["value"]
    value = written(carrier.value)
    return value in held if isinstance(held, list) else held == value


def _as_label(body: Fields, envelope: str, label: str) -> Carried | None:
    fields, update = body[envelope], body.get("update")
    if not isinstance(fields, dict) or (isinstance(update, dict) and LABELS in update):
        return None
    labels = fields.get(LABELS)
    if not isinstance(labels, list | None):
        return None
    place = APPENDED if LABELS in fields else LABELS
    return Carried({**body, envelope: {**fields, LABELS: [*(labels or ()), label]}}, place)


def _in_field(body: Fields, envelope: str, carrier: Carrier) -> Carried | None:
    fields, update = body[envelope], body.get("update")
    if not isinstance(fields, dict) or fields.get(carrier.place) not in (None, ""):
        return None
    if isinstance(update, dict) and carrier.place in update:
        return None
    return Carried({**body, envelope: {**fields, carrier.place: written(carrier.value)}}, carrier.place)


def _as_property(body: Fields, carrier: Carrier) -> Carried | None:
    own = body.get("properties")
    if not isinstance(own, list | None):
        return None
    if any(isinstance(entry, dict) and entry.get("key") == PROPERTY_KEY for entry in own or ()):
        return None
    return Carried({**body, "properties": [*(own or ()), _property(carrier)]}, PROPERTY)


def _property(carrier: Carrier) -> Fields:
    return {"key": PROPERTY_KEY, "value": {"correlation": written(carrier.value)}}


def _without(entries: Json, ours: Json) -> list[Json]:
    return [entry for entry in entries if entry != ours] if isinstance(entries, list) else []


def _named(value: Json) -> str:
    if not isinstance(value, dict):
        return ""
    return next((told for part in ("key", "id", "name") if (told := text(value.get(part)))), "")
