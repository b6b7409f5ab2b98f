"""What names a ticket in a ServiceNow answer, and how urgent it is."""

import re
from collections.abc import Mapping
from typing import Final

from gateway.domain.call import Fields, Json
from gateway.domain.verdict import Ticket

_RECORD_URL: Final = re.compile(r"(?P<base>https?://[^?#]+?)?/api/[^?#]*table/(?P<table>[^/?#]+)/(?P<sys_id>[^/?#]+)/?")
_UNSAID: Final = "3"
_PRIORITY: Final = {
    ("1", "1"): "1",
    ("1", "2"): "2",
    ("1", "3"): "3",
    ("2", "1"): "2",
    ("2", "2"): "3",
    ("2", "3"): "4",
    ("3", "1"): "3",
    ("3", "2"): "4",
    ("3", "3"): "5",
}
"""By impact and urgency, as a new instance's data lookup rules have it (ServiceNow product documentation)."""


def ticket_of(record: Mapping[str, Json], location: str = "") -> Ticket:
    """What a record and its `Location` name together; parts that neither tells stay empty."""
    located = _RECORD_URL.fullmatch(location)
    sys_id = stored(record.get("sys_id")) or (located["sys_id"] if located else "")
    url = ""
    if located and located["base"] and sys_id:
        url = f"{located['base']}/nav_to.do?uri={located['table']}.do?sys_id={sys_id}"
    return Ticket(sys_id, stored(record.get("number")), url, _choice(record.get("priority")))


def names_record(location: str) -> bool:
    """Whether a `Location` leads to a record, and not to a login."""
    return _RECORD_URL.fullmatch(location) is not None


def stored(value: Json) -> str:
    """A field's stored value, whether it came bare or as an object beside its display value and link."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        inner = value.get("value")
        value = value.get("display_value") if inner is None else inner
    return "" if value is None or isinstance(value, dict | list) else str(value)


def priority(fields: Fields, ticket: Ticket) -> str:
    """What the platform stored; else what it will derive, for a priority that a client sends is overwritten."""
    if ticket.priority:
        return ticket.priority
    impact, urgency = _choice(fields.get("impact")), _choice(fields.get("urgency"))
    if impact or urgency:
        return _PRIORITY.get((impact or _UNSAID, urgency or _UNSAID), "")
    return _choice(fields.get("priority"))


def _choice(value: Json) -> str:
    """A choice's number: `2` out of `2`, `2 - High`, or an object of both."""
    return stored(value).partition(" - ")[0].strip()
