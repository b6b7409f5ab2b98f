"""Values made into rows of calls and tickets. What must not be kept is left out here, such as query values."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, TypeAlias

from gateway.domain.call import Call
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.verdict import Ticket
from gateway.pipeline.claim import Claim
from gateway.records.entries import Closing, Holder, Noting, Opening, Sending, Settling
from gateway.records.shown import shown_target, storable
from gateway.records.state import State
from gateway.records.ticket_rows import promise_columns

Row: TypeAlias = dict[str, Any]

FIRST_EPOCH = 1

_NOBODYS: Row = {**dict.fromkeys(("owner", "correlation_value", "correlation_place")), "epoch": 0}
_TICKET_MADE = frozenset({OutcomeKind.CREATED, OutcomeKind.RECONCILED})


def opened_call(entry: Opening) -> Row:
    """The row of a ticket call that is about to leave."""
    forward, claim = entry.forward, entry.claim
    correlation = forward.correlation
    return _call(forward.call) | {
        "policy": forward.policy.name if forward.policy else None,
        "policy_version": forward.policy.version if forward.policy else None,
        "state": State.SENDING.value,
        "attempts": 1,
        "violations": len(forward.warnings),
        "last_sent_at": entry.at,
        "owner": entry.owner,
        "epoch": FIRST_EPOCH,
        "claim": digest(claim) if claim else None,
        "fingerprint": claim.fingerprint if claim else None,
        "correlation_value": correlation.carrier.value if correlation else None,
        "correlation_place": correlation.place if correlation else None,
        "fenced": forward.fenced,
    }


def sent_again(entry: Sending) -> Row:
    """What changes in a call's row when a further attempt leaves."""
    holder = entry.holder
    return {
        "call": entry.call_id,
        "by_owner": holder.owner,
        "in_epoch": holder.epoch,
        "at": entry.at,
        "carried": entry.carried,
    }


def closed_call(entry: Closing) -> Row:
    """What changes in a call's row when its caller is told."""
    outcome = entry.outcome
    return {
        **_held(entry.holder, outcome),
        "kind": outcome.kind.value,
        "status": _status(outcome),
        "ended_at": outcome.ended_at,
        "leaves_ticket": leaves_ticket(outcome),
        "made": len(outcome.attempts),
        "fenced": outcome.fenced,
        **_named(outcome),
    }


def left_open(entry: Closing) -> Row:
    """What changes in a call's row when its caller is told that nobody can say yet."""
    evidence = entry.evidence.value if entry.evidence else None
    return closed_call(entry) | {"evidence": evidence, "absent_from": entry.absent_from}


def settled_call(entry: Settling) -> Row:
    """What changes in a call's row when it is settled: what its caller was told before stays as it was."""
    outcome = entry.outcome
    return {
        **_held(entry.holder, outcome),
        "kind": outcome.kind.value,
        "settled_at": outcome.ended_at,
        "leaves_ticket": leaves_ticket(outcome),
        **_named(outcome),
    }


def leaves_ticket(outcome: Outcome) -> bool:
    """Whether a create made its ticket, named or not."""
    return outcome.kind in _TICKET_MADE and outcome.call.is_create


def digest(claim: Claim) -> str | None:
    """A scope and a key as one short text that tells neither; None where there is no key."""
    if claim.key is None:
        return None
    return sha256(f"{len(claim.scope)}:{claim.scope}{claim.key}".encode("utf-8", "backslashreplace")).hexdigest()


def made_tickets(outcome: Outcome) -> Iterator[Row]:
    """The ticket that a create left, named or not, and those beside it, numbered from 2."""
    yield _made(outcome, outcome.ticket or Ticket(), outcome.call.id)
    for number, ticket in enumerate(outcome.further, 2):
        yield _made(outcome, ticket, f"{outcome.call.id}-{number}")


def _made(outcome: Outcome, ticket: Ticket, row_id: str) -> Row:
    call = outcome.call
    return {
        "id": row_id,
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
        **_ticket(ticket),
        **promise_columns(outcome.sla, call.received_at),
    }


def noted_call(entry: Noting) -> Row:
    """The whole row of a call that has none yet."""
    outcome = entry.outcome
    return (
        _call(outcome.call)
        | _NOBODYS
        | {
            "policy": outcome.policy.name if outcome.policy else None,
            "policy_version": outcome.policy.version if outcome.policy else None,
            "state": State.CLOSED.value,
            "kind": outcome.kind.value,
            "status": _status(outcome),
            "violations": len(outcome.violations),
            "last_sent_at": outcome.attempts[-1].started_at if outcome.attempts else None,
            "ended_at": outcome.ended_at,
            "settled_at": outcome.ended_at,
            "attempts": len(outcome.attempts),
            "fenced": outcome.fenced,
            **_named(outcome),
        }
    )


def late_call(entry: Closing) -> Row:
    """The whole row of a ticket call that left while the store was down, and ended when it was up again."""
    unconfirmed = entry.outcome.kind is OutcomeKind.UNCONFIRMED
    open_still = {"state": State.AMBIGUOUS.value, "settled_at": None} if unconfirmed else {}
    holder = {"owner": entry.holder.owner, "epoch": entry.holder.epoch}
    return noted_call(Noting(entry.outcome)) | holder | open_still


def _call(call: Call) -> Row:
    """What is known of a call before anything became of it; a column more costs every call, so none is told empty."""
    route = call.route
    return {
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


def _held(holder: Holder, outcome: Outcome) -> Row:
    return {"call": outcome.call.id, "by_owner": holder.owner, "in_epoch": holder.epoch}


def _named(outcome: Outcome) -> Row:
    ticket = outcome.ticket or Ticket()
    return {"ticket_id": storable(ticket.id or outcome.call.route.ticket), "ticket_key": storable(ticket.key)}


def _ticket(ticket: Ticket) -> Row:
    return {
        "ticket_id": storable(ticket.id),
        "ticket_key": storable(ticket.key),
        "url": storable(ticket.url, None),
        "priority": storable(ticket.priority, 100),
    }


def _status(outcome: Outcome) -> int | None:
    if outcome.answer:
        return outcome.answer.status
    if outcome.problem:
        return outcome.problem.status
    return 200 if outcome.rehearsal else None
