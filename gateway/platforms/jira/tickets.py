"""What names a ticket in a Jira answer, and how urgent it is."""

import re
from collections.abc import Mapping
from typing import Final

from gateway.domain.call import Fields, Json
from gateway.domain.verdict import Ticket

_SELF: Final = re.compile(r"(?P<base>https?://[^?#]+?)/rest/api/[^/?#]+/issue/[^?#]*")
_NO_PLACE_FOR_PEOPLE: Final = "https://api.atlassian.com/"


def ticket_of(issue: Mapping[str, Json]) -> Ticket:
    """What an issue says of itself; its page for people lies beside the API that it links to."""
    key = text(issue.get("key"))
    base = base_of(text(issue.get("self")))
    url = f"{base}/browse/{key}" if base and key and not base.startswith(_NO_PLACE_FOR_PEOPLE) else ""
    fields = issue.get("fields")
    shown = fields if isinstance(fields, dict) else {}
    return Ticket(text(issue.get("id")), key, url, _name(shown.get("priority")))


def base_of(link: str) -> str:
    """The base that the platform builds its links from; empty where the link is none of its own."""
    match = _SELF.fullmatch(link)
    return match["base"] if match else ""


def text(value: Json) -> str:
    """A name or number as text; empty for anything that names nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def priority(fields: Fields, ticket: Ticket) -> str:
    """The priority's name: what the platform stored, else what was sent; an id alone tells no name."""
    return ticket.priority or _name(fields.get("priority"))


def _name(value: Json) -> str:
    return text(value.get("name")) if isinstance(value, dict) else ""
