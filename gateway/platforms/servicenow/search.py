"""Find the record of a create whose answer was lost, and prove that an empty search could have found it."""

import re
from collections.abc import Generator
from dataclasses import replace
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import quote, unquote_plus, urlencode

from gateway.domain.call import Json
from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.answers import JSON_UTF8, as_json, json_object
from gateway.platforms.platform import Absent, Finding, Found, Question, Search, SearchDenied, Sought
from gateway.platforms.servicenow.carrier import written
from gateway.platforms.servicenow.tickets import stored, ticket_of

Row: TypeAlias = dict[str, Json]
_Rows: TypeAlias = Generator[Question, Answer, "tuple[Row, ...] | SearchDenied"]

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
"""Nothing in it has a meaning inside an encoded query."""

_PRESENTATION: Final = frozenset(
    {
        "sysparm_display_value",
        "sysparm_exclude_reference_link",
        "sysparm_fields",
        "sysparm_view",
    }
)
_ANY_ROW: Final = "sys_idISNOTEMPTY"


def search(sought: Sought) -> Search:
    """Ask for the correlation value, and believe only rows that hold it: ServiceNow ignores what it does not know."""
    value, place = sought.carrier.value, sought.place
    if not _PLAIN.fullmatch(value) or not _PLAIN.fullmatch(place):
        return SearchDenied(f"the correlation value or its field {place!r} cannot be put into a query")
    wanted = written(place, value)
    rows = yield from _rows(sought, f"{place}={wanted}^ORDERBYsys_created_on", limit=2)
    if isinstance(rows, SearchDenied):
        return rows
    if any(stored(row.get(place)) != wanted for row in rows):
        return SearchDenied(f"{sought.route.resource} answers with records that lack our {place}: is the field there?")
    if rows:
        return (yield from _found(sought, rows))
    return (yield from _absent(sought))


def _found(sought: Sought, rows: tuple[Row, ...]) -> Search:
    """The oldest is the ticket; it is read once more to look as the create's own answer would have."""
    sys_id = stored(rows[0].get("sys_id"))
    if not _PLAIN.fullmatch(sys_id):
        return SearchDenied("the record was found, but its sys_id may not be read")
    path, _, query = sought.target.partition("?")
    answer = yield Question(_with_query(f"{_table(sought)}/{sys_id}", _presentation(query)))
    shown = json_object(answer).get("result")
    readable = answer.status == HTTPStatus.OK and isinstance(shown, dict)
    body = answer.body if readable else as_json({"result": rows[0]})
    location = f"{sought.base_url}{path}/{sys_id}"
    ticket = ticket_of({**rows[0], "sys_id": sys_id}, location)
    if isinstance(shown, dict):
        ticket = replace(ticket, priority=ticket_of(shown).priority or ticket.priority)
    success = Answer(HTTPStatus.CREATED, (("Location", location), ("Content-Type", JSON_UTF8)), body)
    return Found(ticket, success, tuple(ticket_of(row) for row in rows[1:]))


def _absent(sought: Sought) -> Search:
    """Nothing was found; say so only where the same login can be shown to see such records."""
    if (known := _by_name(sought.witness)) is not None:
        rows = yield from _rows(sought, known, limit=1)
        return _seen(sought, rows, "the last ticket known there is not shown to this login")
    if sought.proven:
        return Absent()
    rows = yield from _rows(sought, _ANY_ROW, limit=1)
    return _seen(sought, rows, "no record of it is shown to this login")


def _seen(sought: Sought, rows: tuple[Row, ...] | SearchDenied, unseen: str) -> Finding:
    if isinstance(rows, SearchDenied):
        return rows
    if not rows:
        return SearchDenied(f"cannot see into {sought.route.resource}: {unseen}")
    if sought.place not in rows[0]:
        return SearchDenied(f"cannot see the field {sought.place} of {sought.route.resource}")
    return Absent()


def _by_name(witness: Ticket | None) -> str | None:
    """A query that must find the witness, where it has a name to ask by."""
    if witness is not None and _PLAIN.fullmatch(witness.id):
        return f"sys_id={witness.id}"
    if witness is not None and _PLAIN.fullmatch(witness.key):
        return f"number={witness.key}"
    return None


def _rows(sought: Sought, query: str, *, limit: int) -> _Rows:
    parameters = {
        "sysparm_query": query,
        "sysparm_fields": f"sys_id,number,priority,sys_created_on,{sought.place}",
        "sysparm_limit": str(limit),
        "sysparm_no_count": "true",
        "sysparm_exclude_reference_link": "true",
    }
    answer = yield Question(_with_query(_table(sought), urlencode(parameters, quote_via=quote)))
    parsed = json_object(answer)
    rows = parsed.get("result")
    if answer.status != HTTPStatus.OK or not isinstance(rows, list) or parsed.get("error"):
        return SearchDenied(f"the search of {sought.route.resource} was answered {answer.status}, not with records")
    if not all(isinstance(row, dict) for row in rows):
        return SearchDenied(f"the search of {sought.route.resource} was not answered with records")
    return tuple(row for row in rows if isinstance(row, dict))


def _table(sought: Sought) -> str:
    return f"/api/now/table/{sought.route.resource}"


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _presentation(query: str) -> str:
    """The create's own parameters that say how its record is shown, as they were spelled."""
    parts = query.split("&")
    return "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) in _PRESENTATION)
