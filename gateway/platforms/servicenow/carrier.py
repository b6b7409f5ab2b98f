"""Where a ServiceNow create carries its correlation value: in a field that its client left empty."""

import re
from typing import Final

from gateway.domain.call import Fields, Json, Route
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.carriers import Carried, Carrier, Guard
from gateway.platforms.servicenow.tickets import stored

ID: Final = "correlation_id"
DISPLAY: Final = "correlation_display"
SIGNATURE: Final = "itsm-gateway"
CREATES_OF_TASKS: Final = frozenset({"table.create", "change.create", "change_task.create"})
"""Creates whose body is the record and whose answer shows it; catalog orders take no field of their request's."""

_IMPORT: Final = "import.create"
_FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")


def carry(route: Route, body: Json, carrier: Carrier) -> Carried | None:
    """A client's own correlation is never touched; ours goes beside it, or nowhere.

    An import carries one only where the policy names the staging field on which its transform coalesces.
    """
    if not isinstance(body, dict) or carrier.place == "none":
        return None
    if carrier.place != "default":
        return _in_field(body, carrier) if route.name in {*CREATES_OF_TASKS, _IMPORT} else None
    if route.name not in CREATES_OF_TASKS:
        return None
    if _is_free(body, ID):
        signature: Fields = {DISPLAY: SIGNATURE} if _is_free(body, DISPLAY) else {}
        return Carried({**body, ID: carrier.value, **signature}, ID)
    return _in_field(body, Carrier(carrier.value, DISPLAY))


def without_carrier(route: Route, body: Json, carrier: Carrier, place: str) -> Json:  # noqa: ARG001  # one shape
    """The signature goes with the value that it signed."""
    if not isinstance(body, dict) or body.get(place) != written(place, carrier.value):
        return body
    signed = place == ID and body.get(DISPLAY) == SIGNATURE
    return {name: value for name, value in body.items() if name != place and not (signed and name == DISPLAY)}


def guard(route: Route, place: str) -> Guard:  # noqa: ARG001  # every column can be searched
    """A transform that coalesces makes the second send of an import an update of the first."""
    return Guard.COALESCE if route.name == _IMPORT else Guard.SEARCH


def is_carried(route: Route, answer: Answer, carrier: Carrier, place: str) -> bool | None:
    """A business rule may have put something else there, or emptied it."""
    result = json_object(answer).get("result")
    if route.name not in CREATES_OF_TASKS or not isinstance(result, dict) or place not in result:
        return None
    return stored(result[place]) == written(place, carrier.value)


def carrier_scope(route: Route, fields: Fields) -> str:  # noqa: ARG001  # a column is there for the whole table
    """A table has the carrier's column or has it not."""
    return route.resource


def written(place: str, value: str) -> str:
    """The text that a field holds for a correlation value: people read `correlation_display`."""
    return f"{SIGNATURE} {value}" if place == DISPLAY else value


def _in_field(body: Fields, carrier: Carrier) -> Carried | None:
    place = carrier.place
    if not _FIELD_NAME.fullmatch(place) or not _is_free(body, place):
        return None
    return Carried({**body, place: written(place, carrier.value)}, place)


def _is_free(body: Fields, place: str) -> bool:
    return place not in body or not (stored(body[place]) or isinstance(body[place], list))
