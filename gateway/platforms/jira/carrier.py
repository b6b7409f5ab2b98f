"""Where a Jira create carries its correlation value: in a label, or in a text field that the policy names."""

import re
from typing import Final

from gateway.domain.call import Fields, Json, Operation, Route
from gateway.platforms.jira.tickets import text
from gateway.platforms.platform import Carried, Carrier

LABELS: Final = "labels"
APPENDED: Final = "labels+"
"""The place of a label beside the client's own: a refusal of the field may then be meant for those."""

CUSTOM_FIELD: Final = re.compile(r"customfield_(?P<number>[0-9]{1,12})")

_PREFIX: Final = "itsmgw-"


def carry(route: Route, body: Json, carrier: Carrier) -> Carried | None:
    """The client's labels stay; a body that changes labels in two ways would be refused, so it carries nothing."""
    fields = body.get("fields") if isinstance(body, dict) else None
    if route.operation is not Operation.CREATE_TICKET or not isinstance(body, dict) or not isinstance(fields, dict):
        return None
    if carrier.place in {"default", LABELS}:
        return _as_label(body, fields, written(carrier.value))
    if CUSTOM_FIELD.fullmatch(carrier.place):
        return _in_field(body, fields, carrier)
    return None


def carrier_scope(route: Route, fields: Fields) -> str:  # noqa: ARG001  # every version has the same screens
    """Which fields may be set is up to the create screen: project and issue type."""
    return f"{_named(fields.get('project'))}/{_named(fields.get('issuetype'))}"


def field_of(place: str) -> str:
    """The field behind a place."""
    return LABELS if place == APPENDED else place


def written(value: str) -> str:
    """The text that a field holds for a correlation value: recognisable among people's labels."""
    return value if value.startswith(_PREFIX) else _PREFIX + value


def _as_label(body: Fields, fields: Fields, label: str) -> Carried | None:
    labels, update = fields.get(LABELS), body.get("update")
    if not isinstance(labels, list | None) or (isinstance(update, dict) and LABELS in update):
        return None
    place = APPENDED if LABELS in fields else LABELS
    return Carried({**body, "fields": {**fields, LABELS: [*(labels or ()), label]}}, place)


def _in_field(body: Fields, fields: Fields, carrier: Carrier) -> Carried | None:
    update = body.get("update")
    if fields.get(carrier.place) not in (None, "") or (isinstance(update, dict) and carrier.place in update):
        return None
    return Carried({**body, "fields": {**fields, carrier.place: written(carrier.value)}}, carrier.place)


def _named(value: Json) -> str:
    if not isinstance(value, dict):
        return ""
    return next((told for part in ("key", "id", "name") if (told := text(value.get(part)))), "")
