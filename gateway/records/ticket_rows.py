"""A ticket's row and its standing towards its promises, each made of the other."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from gateway.domain.outcome import Outcome, SlaDue
from gateway.domain.verdict import Ticket
from gateway.records.prepared import Parameters
from gateway.records.record import TicketRecord
from gateway.records.shown import storable
from gateway.records.tables import tickets
from gateway.sla.calendar import Opening
from gateway.sla.standing import Phase, PromiseState, Standing, soon_before

Row: TypeAlias = dict[str, Any]

COLUMNS: Final = tuple(tickets.c[field.name] for field in fields(TicketRecord))

PROMISED: Final = (
    "response_due_at", "resolution_due_at", "response_seconds", "resolution_seconds", "calendar", "response_state",
    "resolution_state", "phase", "watch_at",
)  # fmt: skip

MADE: Final = (
    "id", "call_id", "upstream", "platform", "resource", "source", "template", "job_id", "policy", "attempts",
    "accepted_at", "ticket_at", "ticket_id", "ticket_key", "url", "priority", *PROMISED,
)  # fmt: skip

_NOTHING_PROMISED: Final = (None,) * len(PROMISED)
_OPEN: Final = Phase.OPEN.value
_RUNNING: Final = PromiseState.RUNNING.value


def made_tickets(outcome: Outcome) -> list[Parameters]:
    """The ticket that a create left, named or not, and those beside it, numbered from 2."""
    made = [_made(outcome, outcome.ticket or Ticket(), outcome.call.id)]
    for number, ticket in enumerate(outcome.further, 2):
        made.append(_made(outcome, ticket, f"{outcome.call.id}-{number}"))
    return made


def promised(sla: SlaDue | None, accepted: float) -> Parameters:
    """What a new ticket's row says of its promises; all null where nothing was promised."""
    if sla is None:
        return _NOTHING_PROMISED
    response, resolution = sla.response_due_at, sla.resolution_due_at
    looks = [
        due - soon_before(_length(due, seconds, accepted))
        for due, seconds in ((response, sla.response_seconds), (resolution, sla.resolution_seconds))
        if due is not None
    ]
    return (
        response,
        resolution,
        sla.response_seconds,
        sla.resolution_seconds,
        sla.calendar or None,
        None if response is None else _RUNNING,
        None if resolution is None else _RUNNING,
        _OPEN if looks else None,
        min(looks, default=None),
    )


def _made(outcome: Outcome, ticket: Ticket, row_id: str) -> Parameters:
    call = outcome.call
    return (
        row_id,
        call.id,
        call.upstream,
        str(call.platform),
        storable(call.route.resource) or "",
        call.source,
        storable(call.template_name) if call.template_name else None,
        storable(call.job_id) if call.job_id else None,
        outcome.policy.name if outcome.policy else None,
        len(outcome.attempts),
        call.received_at,
        outcome.ended_at,
        storable(ticket.id),
        storable(ticket.key),
        storable(ticket.url, None),
        storable(ticket.priority, 100),
        *promised(outcome.sla, call.received_at),
    )


def standing_of(row: Mapping[str, Any]) -> Standing:
    """How a ticket stands by its row."""
    return Standing(
        response_due_at=row["response_due_at"],
        resolution_due_at=row["resolution_due_at"],
        phase=Phase(row["phase"] or Phase.OPEN),
        responded_at=row["responded_at"],
        resolved_at=row["resolved_at"],
        stopped_at=row["stopped_at"],
        stops=tuple(Opening(begins, ends) for begins, ends in row["stops"] or ()),
        reopened=row["reopened"] or 0,
        state=row["platform_state"] or "",
        seen_at=row["seen_at"] or 0.0,
    )


def standing_row(standing: Standing, seconds: Mapping[str, float], now: float) -> Row:
    """What a standing changes in its row at `now`; `watch_at` is when time alone will change it next."""
    response = standing.response(now, seconds["response"])
    resolution = standing.resolution(now, seconds["resolution"])
    next_looks = (
        _next_look(response, standing.response_due_at, seconds["response"]),
        _next_look(resolution, standing.resolution_due_at, seconds["resolution"]),
    )
    return {
        "resolution_due_at": standing.resolution_due_at,
        "response_state": response.value if response else None,
        "resolution_state": resolution.value if resolution else None,
        "phase": standing.phase.value,
        "platform_state": storable(standing.state, 100),
        "responded_at": standing.responded_at,
        "resolved_at": standing.resolved_at,
        "stopped_at": standing.stopped_at,
        "stops": [[stop.begins, stop.ends] for stop in standing.stops] or None,
        "reopened": standing.reopened,
        "seen_at": standing.seen_at or None,
        "watch_at": min((look for look in next_looks if look is not None), default=None),
    }


def promised_seconds(row: Mapping[str, Any]) -> dict[str, float]:
    """How long each promise was; of rows that do not say, the time until it was due."""
    return {
        name: _length(row[f"{name}_due_at"], row[f"{name}_seconds"], row["accepted_at"])
        for name in ("response", "resolution")
    }


def ticket_record(row: Mapping[str, Any]) -> TicketRecord:
    """The row as reports give it."""
    return TicketRecord(**{column.name: row[column.name] for column in COLUMNS})


def _length(due: float | None, seconds: float | None, accepted: float) -> float:
    if seconds is not None:
        return seconds
    return 0.0 if due is None else max(due - accepted, 0.0)


def _next_look(state: PromiseState | None, due: float | None, seconds: float) -> float | None:
    if due is None:
        return None
    match state:
        case PromiseState.RUNNING:
            return due - soon_before(seconds)
        case PromiseState.SOON:
            return due
        case _:
            return None


def ticket_columns(ticket: TicketRecord) -> Row:
    """The inverse of `ticket_record`."""
    return {column.name: getattr(ticket, column.name) for column in COLUMNS}
