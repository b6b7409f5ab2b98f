"""Find the record of a create whose answer was lost, and prove that an empty search could have found it."""

from dataclasses import replace
from http import HTTPStatus

from gateway.domain.verdict import Ticket
from gateway.platforms.conversations import Absent, Finding, Found, Question, Search, SearchDenied, Sought
from gateway.platforms.servicenow.carrier import CREATES_OF_TASKS, written
from gateway.platforms.servicenow.presented import Manner, presented, result_of
from gateway.platforms.servicenow.rows import ANY_ROW, PLAIN, Ask, Row, Rows, rows
from gateway.platforms.servicenow.tickets import stored, ticket_of


def search(sought: Sought) -> Search:
    """Ask for the correlation value, and believe only rows that hold it: ServiceNow ignores what it does not know."""
    value, place = sought.carrier.value, sought.place
    if sought.route.name not in CREATES_OF_TASKS:
        return SearchDenied(f"what {sought.route.name} makes cannot be searched for")
    if not PLAIN.fullmatch(value) or not PLAIN.fullmatch(place):
        return SearchDenied(f"the correlation value or its field {place!r} cannot be put into a query")
    wanted = written(place, value)
    found = yield from _rows(sought, f"{place}={wanted}^ORDERBYsys_created_on", limit=2)
    if isinstance(found, SearchDenied):
        return found
    if any(stored(row.get(place)) != wanted for row in found):
        return SearchDenied(f"{sought.route.resource} answers with records that lack our {place}: is the field there?")
    if found:
        return (yield from _found(sought, found))
    return (yield from _absent(sought))


def _found(sought: Sought, found: tuple[Row, ...]) -> Search:
    """The oldest is the ticket; it is read once more to look as the create's own answer would have."""
    sys_id = stored(found[0].get("sys_id"))
    if not PLAIN.fullmatch(sys_id):
        return SearchDenied("the record was found, but its sys_id may not be read")
    row = {**found[0], "sys_id": sys_id}
    location = f"{sought.base_url}{sought.target.partition('?')[0]}/{sys_id}"
    success = yield from presented(Manner(sought.route, sought.target, sought.accept), location, row)
    page = f"{sought.base_url}/api/now/table/{sought.route.resource}/{sys_id}"
    ticket = ticket_of(row, page)
    ticket = replace(ticket, priority=ticket_of(result_of(success)).priority or ticket.priority)
    return Found(ticket, success, tuple(ticket_of(row) for row in found[1:]))


def _absent(sought: Sought) -> Search:
    """Nothing was found; say so only where the same login can be shown to see such records."""
    if sought.witness is not None and (known := _by_name(sought.witness)) is not None:
        found = yield from _rows(sought, known, limit=1)
        if found == ():
            return (yield from _unseen(sought, sought.witness))
        return _seen(sought, found, "")
    if sought.proven:
        return Absent()
    found = yield from _rows(sought, ANY_ROW, limit=1)
    return _seen(sought, found, "no record of it is shown to this login")


def _unseen(sought: Sought, witness: Ticket) -> Search:
    """ServiceNow says the same of a record that was deleted and of one that it hides."""
    reason = f"cannot see into {sought.route.resource}: the last ticket known there is not shown to this login"
    if not PLAIN.fullmatch(witness.id):
        return SearchDenied(reason, witness_gone=True)
    answer = yield Question(f"/api/now/table/{sought.route.resource}/{witness.id}?sysparm_fields=sys_id")
    return SearchDenied(reason, witness_gone=answer.status == HTTPStatus.NOT_FOUND)


def _seen(sought: Sought, found: tuple[Row, ...] | SearchDenied, unseen: str) -> Finding:
    if isinstance(found, SearchDenied):
        return found
    if not found:
        return SearchDenied(f"cannot see into {sought.route.resource}: {unseen}")
    if sought.place not in found[0]:
        return SearchDenied(f"cannot see the field {sought.place} of {sought.route.resource}")
    return Absent()


def _by_name(witness: Ticket) -> str | None:
    """A query that must find the witness, where it has a name to ask by."""
    if PLAIN.fullmatch(witness.id):
        return f"sys_id={witness.id}"
    return f"number={witness.key}" if PLAIN.fullmatch(witness.key) else None


def _rows(sought: Sought, query: str, *, limit: int) -> Rows:
    fields = ("sys_id", "number", "priority", "sys_created_on", sought.place)
    return rows(Ask(sought.route.resource, query, fields, limit))
