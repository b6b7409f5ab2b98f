"""Values made into rows of calls, in the order of the names beside them.

What must not be kept is left out here, such as query values.
"""

from hashlib import sha256
from typing import Any, Final, TypeAlias

from gateway.domain.call import Call
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.pipeline.claim import Claim
from gateway.records.entries import Closing, Noting, Opening, Sending, Settling
from gateway.records.prepared import Parameters
from gateway.records.shown import shown_target, storable
from gateway.records.state import State

Row: TypeAlias = dict[str, Any]

FIRST_EPOCH: Final = 1
NOBODYS_EPOCH: Final = 0

_CALL: Final = (
    "id", "upstream", "platform", "route", "operation", "method", "target", "resource", "template", "source", "job_id",
    "client", "idempotency_key", "received_at",
)  # fmt: skip
"""What is known of a call before anything became of it."""

OPENED: Final = (
    *_CALL, "ticket_id", "policy", "policy_version", "state", "attempts", "violations", "last_sent_at", "owner",
    "epoch", "claim", "fingerprint", "correlation_value", "correlation_place", "fenced",
)  # fmt: skip

NOTED: Final = (
    *_CALL, "policy", "policy_version", "violations", "last_sent_at", "attempts", "fenced", "kind", "status",
    "ended_at", "ticket_id", "ticket_key", "state", "settled_at", "owner", "epoch",
)  # fmt: skip

SENT: Final = ("at", "carried", "call", "by_owner", "in_epoch")
CLOSED: Final = (
    "kind", "status", "ended_at", "ticket_id", "ticket_key", "fenced", "leaves_ticket", "made", "sent_at", "call",
    "by_owner", "in_epoch",
)  # fmt: skip
LEFT_OPEN: Final = (*CLOSED, "evidence", "absent_from")
SETTLED: Final = ("kind", "settled_at", "ticket_id", "ticket_key", "leaves_ticket", "call", "by_owner", "in_epoch")

_TICKET_MADE: Final = frozenset({OutcomeKind.CREATED, OutcomeKind.RECONCILED})
_SENDING: Final = State.SENDING.value
_AMBIGUOUS: Final = State.AMBIGUOUS.value
_CLOSED: Final = State.CLOSED.value


def opened_call(entry: Opening) -> Parameters:
    """The row of a ticket call that is about to leave."""
    forward, claim = entry.forward, entry.claim
    call, policy, correlation = forward.call, forward.policy, forward.correlation
    return (
        *_call(call),
        storable(call.route.ticket),
        policy.name if policy else None,
        policy.version if policy else None,
        _SENDING,
        1,
        len(forward.warnings),
        entry.at,
        entry.owner,
        FIRST_EPOCH,
        digest(claim) if claim else None,
        claim.fingerprint if claim else None,
        correlation.carrier.value if correlation else None,
        correlation.place if correlation else None,
        forward.fenced,
    )


def sent_again(entry: Sending) -> Parameters:
    """What changes in a call's row when a further attempt leaves."""
    return entry.at, entry.carried, entry.call_id, entry.holder.owner, entry.holder.epoch


def closed_call(entry: Closing) -> Parameters:
    """What changes in a call's row when its caller is told."""
    outcome, holder = entry.outcome, entry.holder
    return (
        str(outcome.kind),
        _status(outcome),
        outcome.ended_at,
        *_named(outcome),
        outcome.fenced,
        leaves_ticket(outcome),
        len(outcome.attempts),
        outcome.attempts[-1].started_at if outcome.attempts else None,
        outcome.call.id,
        holder.owner,
        holder.epoch,
    )


def left_open(entry: Closing) -> Parameters:
    """What changes in a call's row when its caller is told that nobody can say yet."""
    return *closed_call(entry), str(entry.evidence) if entry.evidence else None, entry.absent_from


def settled_call(entry: Settling) -> Parameters:
    """What changes in a call's row when it is settled: what its caller was told before stays as it was."""
    outcome, holder = entry.outcome, entry.holder
    named, made = _named(outcome), leaves_ticket(outcome)
    return str(outcome.kind), outcome.ended_at, *named, made, outcome.call.id, holder.owner, holder.epoch


def noted_call(entry: Noting) -> Parameters:
    """The whole row of a call that has none yet, and is nobody's."""
    return *_told(entry.outcome), _CLOSED, entry.outcome.ended_at, None, NOBODYS_EPOCH


def late_call(entry: Closing) -> Parameters:
    """The whole row of a ticket call that left while the store was down, and ended when it was up again."""
    outcome, holder = entry.outcome, entry.holder
    is_open = outcome.kind is OutcomeKind.UNCONFIRMED
    stands = (_AMBIGUOUS, None) if is_open else (_CLOSED, outcome.ended_at)
    return *_told(outcome), *stands, holder.owner, holder.epoch


def leaves_ticket(outcome: Outcome) -> bool:
    """Whether a create made its ticket, named or not."""
    return outcome.kind in _TICKET_MADE and outcome.call.is_create


def digest(claim: Claim) -> str | None:
    """A scope and a key as one short text that tells neither; None where there is no key."""
    if claim.key is None:
        return None
    return sha256(f"{len(claim.scope)}:{claim.scope}{claim.key}".encode("utf-8", "backslashreplace")).hexdigest()


def _call(call: Call) -> Parameters:
    route = call.route
    return (
        call.id,
        call.upstream,
        str(call.platform),
        route.name,
        str(route.operation),
        call.method,
        shown_target(call.target),
        storable(route.resource) or "",
        storable(call.template_name) if call.template_name else None,
        call.source,
        storable(call.job_id) if call.job_id else None,
        storable(call.client),
        storable(call.idempotency_key) if call.idempotency_key else None,
        call.received_at,
    )


def _told(outcome: Outcome) -> Parameters:
    policy, attempts = outcome.policy, outcome.attempts
    return (
        *_call(outcome.call),
        policy.name if policy else None,
        policy.version if policy else None,
        len(outcome.violations),
        attempts[-1].started_at if attempts else None,
        len(attempts),
        outcome.fenced,
        str(outcome.kind),
        _status(outcome),
        outcome.ended_at,
        *_named(outcome),
    )


def _named(outcome: Outcome) -> tuple[str | None, str | None]:
    """What names the ticket: the answer, or the call's own target."""
    ticket, target = outcome.ticket, outcome.call.route.ticket
    return (storable(ticket.id or target), storable(ticket.key)) if ticket else (storable(target), None)


def _status(outcome: Outcome) -> int | None:
    if outcome.answer:
        return outcome.answer.status
    if outcome.problem:
        return outcome.problem.status
    return 200 if outcome.rehearsal else None
