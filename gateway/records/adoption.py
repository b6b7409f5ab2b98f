"""An orphan that a person adopts becomes the ticket of its call."""

from typing import Final

from sqlalchemy import Connection, RowMapping, select, update

from gateway.domain.outcome import OutcomeKind
from gateway.records.events import add_events
from gateway.records.findings import FindingKind
from gateway.records.state import FINAL_STATES, State
from gateway.records.tables import calls, findings, tickets
from gateway.records.upsert import insert_once

_INSERT_TICKET: Final = insert_once(tickets)
_OF_ITS_CALL: Final = ("upstream", "platform", "resource", "source", "template", "job_id", "policy", "attempts")


def settle_adopted(connection: Connection, finding_id: str, actor: str, at: float) -> None:
    """Its call ended without a ticket, and has one now; a dead letter is not delivered any more. Others stay."""
    finding = connection.execute(select(findings).where(findings.c.id == finding_id)).mappings().one()
    if finding["kind"] != FindingKind.ORPHAN.value:
        return
    ended = select(calls).where(calls.c.id == finding["call_id"], calls.c.state.in_(FINAL_STATES))
    call = connection.execute(ended).mappings().one_or_none()
    if call is None:
        return
    ticket_id = finding["tickets"][0]
    connection.execute(_INSERT_TICKET[connection.dialect.name], _ticket(call, ticket_id, at))
    settled = {
        "kind": OutcomeKind.RECONCILED.value,
        "state": State.CLOSED.value,
        "ticket_id": ticket_id,
        "settled_at": at,
        "next_try_at": None,
        "queued_bytes": None,
    }
    connection.execute(update(calls).where(calls.c.id == call["id"]).values(settled))
    add_events(connection, call["id"], [{"at": at, "event": "adopted", "by": actor, "ticket": ticket_id}])


def _ticket(call: RowMapping, ticket_id: str, at: float) -> dict[str, object]:
    own = {"id": call["id"], "call_id": call["id"], "ticket_id": ticket_id}
    return own | {name: call[name] for name in _OF_ITS_CALL} | {"accepted_at": call["received_at"], "ticket_at": at}
