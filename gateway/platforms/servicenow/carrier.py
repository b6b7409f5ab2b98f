"""Where a ServiceNow create carries its correlation value: in a field that its client left empty."""

import re
from typing import Final

from gateway.domain.call import Fields, Json, Operation, Route
from gateway.platforms.platform import Carried, Carrier
from gateway.platforms.servicenow.tickets import stored

ID: Final = "correlation_id"
DISPLAY: Final = "correlation_display"
SIGNATURE: Final = "itsm-gateway"

_FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")


def carry(route: Route, body: Json, carrier: Carrier) -> Carried | None:
    """A client's own correlation is never touched; ours goes beside it, or nowhere."""
    if route.operation is not Operation.CREATE_TICKET or not isinstance(body, dict) or carrier.place == "none":
        return None
    if carrier.place != "default":
        return _in_field(body, carrier)
    if _is_free(body, ID):
        signature: Fields = {DISPLAY: SIGNATURE} if _is_free(body, DISPLAY) else {}
        return Carried({**body, ID: carrier.value, **signature}, ID)
    return _in_field(body, Carrier(carrier.value, DISPLAY))


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
    return not stored(body.get(place)) and not isinstance(body.get(place), list)
