"""Tickets by the values they carry, and tickets by their ids: what the journal is compared with."""

from collections.abc import Generator, Mapping, Sequence
from typing import Final

from gateway.domain.verdict import Answer
from gateway.platforms.conversations import Marked, Question, RollCall, SearchDenied, Shown, Swath, Sweep, Swept
from gateway.platforms.servicenow.carrier import ID, written
from gateway.platforms.servicenow.rows import ANY_ROW, PLAIN, Ask, Row, instant, rows, unix
from gateway.platforms.servicenow.tickets import stored, ticket_of

VALUES_AT_ONCE: Final = 40
"""With more, some proxies would find the query too long."""
MOST_ROWS: Final = 1000
IDS_AT_ONCE: Final = 100


def sweep(swath: Swath) -> Sweep:
    """A batch of values in one search; a record that bears none of them shows that the query was not understood."""
    place = ID if swath.place == "default" else swath.place
    if not PLAIN.fullmatch(swath.resource) or not PLAIN.fullmatch(place):
        return SearchDenied(f"the field {place!r} or the table {swath.resource!r} cannot be put into a query")
    values = [value for value in dict.fromkeys(swath.values) if PLAIN.fullmatch(value)]
    marked: list[Marked] = []
    for start in range(0, len(values), VALUES_AT_ONCE):
        some = {written(place, value): value for value in values[start : start + VALUES_AT_ONCE]}
        query = f"{place}IN{','.join(some)}^sys_created_on>={instant(swath.since)}^ORDERBYsys_created_on"
        found = yield from rows(Ask(swath.resource, query, ("sys_id", "number", "sys_created_on", place), MOST_ROWS))
        if isinstance(found, SearchDenied):
            return found
        if len(found) == MOST_ROWS or any(stored(row.get(place)) not in some for row in found):
            return SearchDenied(f"{swath.resource} answers with records that bear no value of ours")
        marked += [_marked(swath, row, some, place) for row in found]
    return Swept(tuple(marked))


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


def _marked(swath: Swath, row: Row, values: Mapping[str, str], place: str) -> Marked:
    page = f"{swath.base_url}/api/now/table/{swath.resource}/{stored(row.get('sys_id'))}"
    created = unix(stored(row.get("sys_created_on")))
    return Marked(ticket_of(row, page), values[stored(row.get(place))], created)
