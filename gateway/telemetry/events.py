"""What the log tells about calls: one event each, and one for every validation failure. Facts, never contents."""

from typing import Final

from gateway.domain.call import Call, Operation
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind, SlaDue
from gateway.domain.problem import Problem, Violation
from gateway.pipeline.field_names import listed
from gateway.telemetry.instants import instant
from gateway.telemetry.log import Log

_LONGEST: Final = 200
_MOST_VIOLATIONS: Final = 100
_JUDGED: Final = frozenset({OutcomeKind.VALIDATION_FAILED, OutcomeKind.REFUSED})
"""Ends of calls that were sent nowhere because of their violations; of all others these are warnings."""


class Events:
    """Fulfils the pipeline's `Telling`; no body, header or query ever gets here into a line."""

    def __init__(self, log: Log) -> None:
        self._log = log.logger

    def concluded(self, outcome: Outcome) -> None:
        """Tell that a call was answered, and, where it was refused for what it said, which fields were at fault."""
        kind = outcome.kind
        if kind is OutcomeKind.TEMPLATE_FAILED:
            self._log.warning("template failed", **_refused(outcome))
        elif outcome.violations and kind in _JUDGED:
            self._log.warning("validation failed", **_refused(outcome))
        elif outcome.violations and kind is not OutcomeKind.DRY_RUN:
            self._log.info("validation warned", **_refused(outcome))
        self._log.info("call closed", **_closing(outcome))

    def settled(self, outcome: Outcome) -> None:
        """Tell what became of a call whose caller had been told `unconfirmed`."""
        call = outcome.call
        self._log.info(
            "call settled",
            call_id=call.id,
            upstream=call.upstream,
            outcome=outcome.kind,
            ticket=outcome.ticket and (outcome.ticket.key or outcome.ticket.id),
            settled_after_seconds=round(outcome.ended_at - call.received_at, 3),
            **(_promised(outcome.sla) if outcome.sla is not None else {}),
        )

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """Tell that a request was refused before it became a call; its detail quotes the client and stays out."""
        self._log.warning("request refused", call_id=call_id, problem=problem.type, status=problem.status)

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """Tell that a journal row could not be written."""
        self._log.error("store failed", call_id=call.id, upstream=call.upstream, error=str(error))


def _refused(outcome: Outcome) -> dict[str, object]:
    call = outcome.call
    told: dict[str, object] = {
        "call_id": call.id,
        "upstream": call.upstream,
        "platform": call.platform,
        "policy": outcome.policy.name if outcome.policy else None,
        "template": _cut(call.template_name),
        "problem": outcome.problem.type if outcome.problem else None,
        "violations": [_named(violation) for violation in outcome.violations[:_MOST_VIOLATIONS]],
    }
    return {name: value for name, value in told.items() if value is not None}


def _named(violation: Violation) -> dict[str, object]:
    """Field and code alone: the message may quote what the client wrote."""
    return {"field": _cut(violation.field), "code": violation.code}


def _closing(outcome: Outcome) -> dict[str, object]:
    call, route = outcome.call, outcome.call.route
    told: dict[str, object] = {
        "call_id": call.id,
        "upstream": call.upstream,
        "platform": call.platform,
        "operation": route.operation,
        "route": route.name,
        "method": call.method,
        "path": route.path[:_LONGEST],
        "outcome": outcome.kind,
        "duration_seconds": round(outcome.ended_at - call.received_at, 4),
        "retries": outcome.retries,
        "source": call.source,
    }
    if outcome.answer is not None:
        told["status"] = outcome.answer.status
    if outcome.problem is not None:
        told["status"], told["problem"] = outcome.problem.status, outcome.problem.type
    if outcome.policy is not None:
        told["policy"], told["policy_version"] = outcome.policy.name, outcome.policy.version
    told.update(_where_it_applies(outcome))
    return told


def _where_it_applies(outcome: Outcome) -> dict[str, object]:
    """What few calls have; a line without it is shorter and cheaper."""
    call, told = outcome.call, dict[str, object]()
    if len(outcome.attempts) > 1:
        told["waits_seconds"] = [round(wait, 3) for wait in outcome.waits]
    if outcome.ticket is not None:
        told["ticket"] = outcome.ticket.key or outcome.ticket.id
    if outcome.attempts and call.route.operation is Operation.CREATE_TICKET:
        told["fenced"] = outcome.fenced
    if outcome.changed:
        told["changed"] = listed(outcome.changed)
    if outcome.further:
        told["further_tickets"] = len(outcome.further)
    if outcome.flaws:
        told["inner_failures"] = len(outcome.flaws)
    if call.template_name is not None:
        told["template"] = _cut(call.template_name)
    if call.job_id is not None:
        told["job_id"] = _cut(call.job_id)
    if outcome.sla is not None:
        told.update(_promised(outcome.sla))
    return told


def _promised(sla: SlaDue) -> dict[str, object]:
    """Until when the clocks run that have begun with the ticket."""
    told = dict[str, object]()
    if sla.response_due_at is not None:
        told["response_due_at"] = instant(sla.response_due_at)
    if sla.resolution_due_at is not None:
        told["resolution_due_at"] = instant(sla.resolution_due_at)
    return told


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST else text[:_LONGEST]
