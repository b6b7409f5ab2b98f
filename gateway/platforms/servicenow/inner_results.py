"""What the parts of an answer say whose status speaks only for the whole: imports, batches, identification."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from gateway.domain.call import Json
from gateway.domain.verdict import Deceptive, Done, NotExecuted, Ticket, Verdict
from gateway.platforms.servicenow.tickets import stored, ticket_of

Body = Mapping[str, Json]

_WRITTEN: Final = frozenset({"inserted", "updated"})
_UNCHANGED: Final = "ignored"
"""Also said of a record that a transform found and had nothing to change in; it is named then."""


def imported(body: Body) -> Verdict:
    """Each transform tells what became of its target; the status is 201 whatever that was."""
    result = body.get("result")
    rows = _objects([result] if isinstance(result, dict) else result)  # in XML one row is no list
    if not rows:
        return Deceptive("an import that tells nothing of its transforms")
    made = tuple(_target(row) for row in rows if _has_target(row))
    flaws = tuple(_transform_told(row) for row in rows if not _has_target(row))
    if not made:
        return Deceptive("; ".join(flaws), nothing_made=True)
    return Done(made[0], made[1:], flaws)


def import_queued(body: Body) -> Verdict:
    """Many rows are transformed later: the answer only says that they wait, and names no ticket."""
    result = body.get("result")
    named = {**body, **result} if isinstance(result, dict) else body
    if stored(named.get("import_set_id")) or stored(named.get("multi_import_set_id")):
        return Done()
    return Deceptive("an import that names no import set")


def ordered(body: Body) -> Verdict:
    """An order names its request, a record producer the record it made."""
    result = body.get("result")
    if isinstance(result, dict):
        sys_id = stored(result.get("sys_id")) or stored(result.get("request_id"))
        number = stored(result.get("number")) or stored(result.get("request_number"))
        if sys_id or number:
            return Done(Ticket(sys_id, number))
    return Deceptive("an order that names no record")


def checked_out(body: Body) -> Verdict:
    """In one step it orders and names the request; in two it only shows the cart."""
    verdict = ordered(body)
    return verdict if isinstance(verdict, Done) else Done()


def opened_elsewhere(body: Body) -> Verdict:
    """Cases lie under `result`, trouble tickets (TMF 621) at the top; a success that names neither is one, too."""
    result = body.get("result")
    record = result if isinstance(result, dict) else {"sys_id": body.get("id"), **body}
    ticket = ticket_of(record)
    return Done(ticket if ticket.id or ticket.key else None)


def batched(body: Body) -> Verdict:
    """The parts are the client's to judge; a batch of which no part was tried may be sent again."""
    serviced, left = body.get("serviced_requests"), body.get("unserviced_requests")
    serviced = [serviced] if isinstance(serviced, dict) else serviced
    if not isinstance(serviced, list):
        return Deceptive("a batch that tells nothing of its requests")
    unserviced = left if isinstance(left, list) else []
    if not serviced and unserviced:
        return NotExecuted("no request of the batch was tried")
    failed = (part for part in _objects(serviced) if _failed(part))
    told = (f"request {stored(part.get('id'))} was answered {stored(part.get('status_code'))}" for part in failed)
    return Done(flaws=(*told, *(f"request {stored(part)} was not executed" for part in unserviced)))


def identified(body: Body) -> Verdict:
    """Identification and reconciliation answers 200 for items that it could not place."""
    result = body.get("result")
    items = _objects(result.get("items")) if isinstance(result, dict) else []
    flaws = tuple(f"item {number}: {told}" for number, item in enumerate(items) if (told := _item_told(item)))
    if items and len(flaws) == len(items):
        return Deceptive("; ".join(flaws), nothing_made=True)
    return Done(flaws=flaws)


def accepted(body: Body) -> Verdict:  # noqa: ARG001  # the answer says nothing of what becomes of an event
    """An event is taken in, whatever becomes of it."""
    return Done()


INNER_RESULTS: Final[Mapping[str, Callable[[Body], Verdict]]] = {
    "import.create": imported,
    "import.create_many": import_queued,
    "catalog.order": ordered,
    "cart.submit": ordered,
    "cart.checkout": checked_out,
    "producer.submit": ordered,
    "case.create": opened_elsewhere,
    "trouble_ticket.create": opened_elsewhere,
    "batch.execute": batched,
    "cmdb.identify": identified,
    "cmdb.update": identified,
    "ire.write": identified,
    "event.create": accepted,
}


def _objects(value: Json) -> list[Body]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _has_target(row: Body) -> bool:
    status = stored(row.get("status")).lower()
    return status in _WRITTEN or (status == _UNCHANGED and bool(stored(row.get("sys_id"))))


def _target(row: Body) -> Ticket:
    named = {"sys_id": row.get("sys_id")}
    if row.get("display_name") == "number":
        named["number"] = row.get("display_value")
    return ticket_of(named, stored(row.get("record_link")))


def _transform_told(row: Body) -> str:
    why = stored(row.get("error_message")) or stored(row.get("status_message")) or "without a reason"
    status = stored(row.get("status")) or "no status"
    return f"transform {stored(row.get('transform_map')) or '?'}: {status}, {why}"


def _failed(part: Body) -> bool:
    status = stored(part.get("status_code"))
    return not status.isdecimal() or int(status) >= HTTPStatus.BAD_REQUEST


def _item_told(item: Body) -> str:
    errors = _objects(item.get("errors"))
    if errors:
        return "; ".join(stored(error.get("message")) or stored(error.get("error")) or "an error" for error in errors)
    count = stored(item.get("errorCount"))
    return f"{count} errors" if count not in {"", "0"} else ""
