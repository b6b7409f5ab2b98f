"""A ServiceNow body: one flat object of field and value; a catalog order keeps its variables in an envelope."""

from typing import Final
from urllib.parse import parse_qsl

from gateway.domain.call import Fields, Json, Route
from gateway.platforms.platform import Target

JOURNALS: Final = frozenset({"comments", "work_notes", "comments_and_work_notes"})

_FLAT: Final = frozenset({"table.update", "change.update", "change_task.update", "case.update"})
"""Updates whose body is fields and values; of others, such as an approval, nothing here knows what they append."""

_VARIABLES: Final = "variables"
_FRESH_ENVELOPES: Final[dict[str, Fields]] = {"catalog.order": {"sysparm_quantity": 1}, "producer.submit": {}}
_BY_DISPLAY_VALUE: Final = "sysparm_input_display_value"


def fields_of(route: Route, body: Json) -> Fields | None:
    """The body is the ticket; of an array ServiceNow would file the first record and drop the rest unsaid."""
    if not isinstance(body, dict):
        return None
    if route.name not in _FRESH_ENVELOPES:
        return body
    variables = body.get(_VARIABLES, {})
    return variables if isinstance(variables, dict) else None


def with_fields(route: Route, body: Json, fields: Fields) -> Json:
    """There is no envelope to keep, but for an order's."""
    fresh = _FRESH_ENVELOPES.get(route.name)
    if fresh is None:
        return fields
    return {**((body if isinstance(body, dict) else {}) or fresh), _VARIABLES: fields}


def is_full_value(route: Route, body: Json) -> bool:
    """Every write of a journal field appends another entry; all others hold what was written last."""
    return route.name in _FLAT and isinstance(body, dict) and JOURNALS.isdisjoint(body)


def shows_display_values(route: Route, query: str) -> bool:  # noqa: ARG001  # the parameter counts everywhere
    """With `sysparm_input_display_value=true`, references and choices are given by what people see."""
    if not query:
        return False
    return any(name == _BY_DISPLAY_VALUE and value.lower() == "true" for name, value in parse_qsl(query))


def rich_text(route: Route, fields: Fields) -> Fields:  # noqa: ARG001  # plain text everywhere
    """ServiceNow takes plain text as it is."""
    return fields


def create_target(target: Target) -> str:
    """A template's ticket is a record of its table; an incident where it names none."""
    return f"/api/now/table/{target.table or 'incident'}"
