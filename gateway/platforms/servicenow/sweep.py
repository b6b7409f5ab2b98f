"""Tickets by the signs they carry, and tickets by their ids: what the journal is compared with."""

from collections.abc import Generator, Sequence
from typing import Final

from gateway.domain.verdict import Answer
from gateway.platforms.conversations import Marked, Question, RollCall, SearchDenied, Shown, Swath, Sweep, Swept
from gateway.platforms.servicenow.carrier import DISPLAY, ID, SIGNATURE
from gateway.platforms.servicenow.rows import ANY_ROW, PLAIN, Ask, Row, instant, rows, unix
from gateway.platforms.servicenow.tickets import stored, ticket_of

PAGE_ROWS: Final = 200
MOST_PAGES: Final = 25
IDS_AT_ONCE: Final = 100

_PREFIX: Final = "itsmgw-"


def sweep(swath: Swath) -> Sweep:
    """Page by page, oldest first; a row without any sign of ours shows that the query was not understood."""
    query = _query(swath)
    if query is None:
        return SearchDenied(f"the field {swath.place!r} or the table {swath.resource!r} cannot be put into a query")
    place = "" if swath.place == "default" else swath.place
    marked: list[Marked] = []
    for page in range(MOST_PAGES):
        fields = ("sys_id", "number", "sys_created_on", *((place,) if place else (ID, DISPLAY)))
        found = yield from rows(Ask(swath.resource, query, fields, PAGE_ROWS, page * PAGE_ROWS))
        if isinstance(found, SearchDenied):
            return found
        if not all(_is_signed(row, place) for row in found):
            return SearchDenied(f"{swath.resource} answers with records that bear no sign of ours")
        marked.extend(_marked(swath, row, value) for row in found if (value := _value(row, place)))
        if len(found) < PAGE_ROWS:
            return Swept(tuple(marked))
    return Swept(tuple(marked), complete=False)


def roll_call(resource: str, ids: Sequence[str], base_url: str) -> RollCall:  # noqa: ARG001  # targets are relative
    """Many at once; where none is shown, the login has to show that it sees any record there at all."""
    wanted = [sys_id for sys_id in dict.fromkeys(ids) if PLAIN.fullmatch(sys_id)]
    shown: set[str] = set()
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        found = yield from rows(Ask(resource, f"sys_idIN{','.join(some)}", ("sys_id",), IDS_AT_ONCE))
        if isinstance(found, SearchDenied):
            return found
        shown |= {stored(row.get("sys_id")) for row in found}
    if shown:
        return Shown(frozenset(shown) & frozenset(ids))
    return (yield from _nothing_shown(resource))


def _nothing_shown(resource: str) -> Generator[Question, Answer, Shown | SearchDenied]:
    found = yield from rows(Ask(resource, ANY_ROW, ("sys_id",), 1))
    if isinstance(found, SearchDenied):
        return found
    return Shown(frozenset()) if found else SearchDenied(f"no record of {resource} is shown to this login")


def _query(swath: Swath) -> str | None:
    if not PLAIN.fullmatch(swath.resource) or not PLAIN.fullmatch(swath.place):
        return None
    signs = f"{ID}STARTSWITH{_PREFIX}^OR{DISPLAY}STARTSWITH{SIGNATURE}"
    if swath.place != "default":
        signs = f"{swath.place}STARTSWITH{_PREFIX}"
    return f"{signs}^sys_created_on>={instant(swath.since)}^ORDERBYsys_created_on"


def _is_signed(row: Row, place: str) -> bool:
    """A record keeps the signature where a business rule has overwritten our value."""
    return bool(_value(row, place)) or (not place and stored(row.get(DISPLAY)).startswith(SIGNATURE))


def _value(row: Row, place: str) -> str:
    """Our value; beside a client's own id it stands in the display, behind the signature."""
    if place or stored(row.get(ID)).startswith(_PREFIX):
        value = stored(row.get(place or ID))
    else:
        value = stored(row.get(DISPLAY)).removeprefix(SIGNATURE).strip()
    return value if value.startswith(_PREFIX) else ""


def _marked(swath: Swath, row: Row, value: str) -> Marked:
    page = f"{swath.base_url}/api/now/table/{swath.resource}/{stored(row.get('sys_id'))}"
    return Marked(ticket_of(row, page), value, unix(stored(row.get("sys_created_on"))))
