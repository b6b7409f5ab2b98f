"""Values made into rows. What must not be kept is left out here: headers, query values, bodies nobody needs."""

from typing import Any, TypeAlias

from gateway.domain.call import Call
from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind, SlaDue
from gateway.domain.problem import Problem, Violation
from gateway.domain.verdict import Ticket
from gateway.policy.policy import Record
from gateway.records.entries import Closing, Noting, Opening, Settling
from gateway.records.shown import shown_target, storable
from gateway.records.state import State

Row: TypeAlias = dict[str, Any]

BODY_KEPT_SECONDS = 24 * 3600.0
"""How long after a call is settled its body stays, unless its policy records it."""

_NOTHING_YET: Row = {
    **dict.fromkeys(("kind", "status", "ticket_key", "ended_at", "settled_at", "evidence")),
    **dict.fromkeys(("owner", "lease_until", "correlation_value", "correlation_place")),
    "epoch": 0,
}
_TICKET_MADE = frozenset({OutcomeKind.CREATED, OutcomeKind.RECONCILED})


def opened_call(entry: Opening) -> Row:
    """The row of a ticket call that is about to leave."""
    forward = entry.forward
    correlation = forward.correlation
    return _call(forward.call) | {
        "policy": forward.policy.name if forward.policy else None,
        "policy_version": forward.policy.version if forward.policy else None,
        "state": State.SENDING.value,
        "attempts": 1,
        "violations": len(forward.warnings),
        "last_sent_at": entry.at,
        "owner": entry.owner,
        "correlation_value": correlation.carrier.value if correlation else None,
        "correlation_place": correlation.place if correlation else None,
        "fenced": forward.fenced,
    }


def opened_details(entry: Opening) -> Row:
    """The body as every attempt sends it, kept until the call is settled."""
    return {
        "call_id": entry.forward.call.id,
        "body": entry.forward.body,
        "violations": _violations(entry.forward.warnings),
    }


def closed_call(entry: Closing) -> Row:
    """What changes in a call's row when its caller is told; an unconfirmed one stays open."""
    outcome = entry.outcome
    unconfirmed = outcome.kind is OutcomeKind.UNCONFIRMED
    return {
        "call": outcome.call.id,
        "state": State.AMBIGUOUS.value if unconfirmed else State.CLOSED.value,
        "kind": outcome.kind.value,
        "status": _status(outcome),
        "ended_at": outcome.ended_at,
        "settled_at": None if unconfirmed else outcome.ended_at,
        **_learned(outcome),
    }


def settled_call(entry: Settling) -> Row:
    """What changes in a call's row when it is settled: what its caller was told before stays as it was."""
    outcome, ticket = entry.outcome, entry.outcome.ticket or Ticket()
    return {
        "call": outcome.call.id,
        "state": State.CLOSED.value,
        "kind": outcome.kind.value,
        "settled_at": outcome.ended_at,
        "ticket_id": storable(ticket.id or outcome.call.route.ticket),
        "ticket_key": storable(ticket.key),
    }


def ended_details(entry: Closing | Settling) -> Row:
    """The story of a ticket call, and how long its body is kept."""
    outcome, record = entry.outcome, entry.forward.record
    open_still = isinstance(entry, Closing) and outcome.kind is OutcomeKind.UNCONFIRMED
    kept = open_still or record is not Record.NOTHING
    answer = outcome.answer.body if outcome.answer and record is Record.BOTH else None
    return _story(outcome) | {"body_until": None if kept else outcome.ended_at + BODY_KEPT_SECONDS, "answer": answer}


def made_ticket(entry: Closing | Settling) -> Row | None:
    """The ticket that a create left, named or not; None where it left none."""
    outcome, call = entry.outcome, entry.outcome.call
    if not call.is_create or outcome.kind not in _TICKET_MADE:
        return None
    return {
        "id": call.id,
        "call_id": call.id,
        "upstream": call.upstream,
        "platform": call.platform.value,
        "resource": storable(call.route.resource) or "",
        "source": call.source,
        "template": storable(call.template_name),
        "job_id": storable(call.job_id),
        "policy": outcome.policy.name if outcome.policy else None,
        "attempts": len(outcome.attempts),
        "accepted_at": call.received_at,
        "ticket_at": outcome.ended_at,
        **_ticket(outcome.ticket or Ticket(), outcome.sla or SlaDue()),
    }


def noted_call(entry: Noting) -> Row:
    """The whole row of a call that has none yet."""
    outcome = entry.outcome
    return _call(outcome.call) | {
        "policy": outcome.policy.name if outcome.policy else None,
        "policy_version": outcome.policy.version if outcome.policy else None,
        "state": State.CLOSED.value,
        "kind": outcome.kind.value,
        "status": _status(outcome),
        "violations": len(outcome.violations),
        "last_sent_at": outcome.attempts[-1].started_at if outcome.attempts else None,
        "ended_at": outcome.ended_at,
        "settled_at": outcome.ended_at,
        **_learned(outcome),
    }


def late_call(entry: Closing) -> Row:
    """The whole row of a ticket call that left while the store was down, and ended when it was up again."""
    closed = closed_call(entry)
    del closed["call"]
    return noted_call(Noting(entry.outcome)) | closed


def noted_details(entry: Noting) -> Row | None:
    """The story of a call without a journal row; None where its row says it all."""
    outcome = entry.outcome
    told = outcome.attempts or outcome.violations or outcome.problem or outcome.events
    return _story(outcome) if told else None


def _call(call: Call) -> Row:
    """What is known of a call before anything became of it; every column that a later step may fill is there."""
    route = call.route
    return _NOTHING_YET | {
        "id": call.id,
        "upstream": call.upstream,
        "platform": call.platform.value,
        "route": route.name,
        "operation": route.operation.value,
        "method": call.method,
        "target": shown_target(call.target),
        "resource": storable(route.resource) or "",
        "template": storable(call.template_name),
        "source": call.source,
        "job_id": storable(call.job_id),
        "client": storable(call.client),
        "idempotency_key": storable(call.idempotency_key),
        "ticket_id": storable(route.ticket),
        "received_at": call.received_at,
    }


def _learned(outcome: Outcome) -> Row:
    ticket = outcome.ticket or Ticket()
    return {
        "attempts": len(outcome.attempts),
        "ticket_id": storable(ticket.id or outcome.call.route.ticket),
        "ticket_key": storable(ticket.key),
        "fenced": outcome.fenced,
    }


def _ticket(ticket: Ticket, sla: SlaDue) -> Row:
    return {
        "ticket_id": storable(ticket.id),
        "ticket_key": storable(ticket.key),
        "url": storable(ticket.url),
        "priority": storable(ticket.priority),
        "response_due_at": sla.response_due_at,
        "resolution_due_at": sla.resolution_due_at,
    }


def _story(outcome: Outcome) -> Row:
    return {
        "call_id": outcome.call.id,
        "attempts": [_attempt(attempt) for attempt in outcome.attempts] or None,
        "violations": _violations(outcome.violations),
        "problem": _problem(outcome.problem) if outcome.problem else None,
        "events": [{"at": event.at, "event": event.what} for event in outcome.events] or None,
    }


def _attempt(attempt: Attempt) -> Row:
    return {
        "number": attempt.number,
        "started_at": attempt.started_at,
        "duration_seconds": attempt.duration_seconds,
        "status": attempt.status,
        "failure": attempt.failure,
        "wait_seconds": attempt.wait_seconds,
    }


def _violations(violations: tuple[Violation, ...]) -> list[Row] | None:
    return [{"field": one.field, "code": one.code.value, "message": one.message} for one in violations] or None


def _problem(problem: Problem) -> Row:
    return {"type": problem.type.value, "status": problem.status, "detail": problem.detail}


def _status(outcome: Outcome) -> int | None:
    if outcome.answer:
        return outcome.answer.status
    if outcome.problem:
        return outcome.problem.status
    return 200 if outcome.rehearsal else None
