"""Values made into rows of details: the body and the request until a call is settled, and its story."""

import json
from typing import Final

from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, Violation
from gateway.policy.policy import Record
from gateway.records.entries import Closing, Noting, Opening, Settling
from gateway.records.prepared import Parameters
from gateway.records.replay import packed
from gateway.records.request import kept_request
from gateway.records.rows import Row, leaves_ticket

BODY_KEPT_SECONDS = 24 * 3600.0
"""How long after a call is settled its body stays, unless its policy records it, and its answer for a replay."""

OPENED: Final = ("call_id", "body", "request", "violations")
NOTED: Final = ("call_id", "attempts", "violations", "problem", "events")
ENDED: Final = (*NOTED, "body_until", "answer", "replay", "replay_until")


def opened_details(entry: Opening) -> Parameters:
    """The body as every attempt sends it, kept until the call is settled."""
    forward = entry.forward
    return forward.call.id, forward.body, json.dumps(kept_request(forward)), _violations(forward.warnings)


def ended_details(entry: Closing | Settling, attempts: list[Row] | None, events: list[Row] | None) -> Parameters:
    """The story of a ticket call, and how long its body is kept."""
    outcome, record = entry.outcome, entry.forward.record
    open_still = outcome.kind is OutcomeKind.UNCONFIRMED and isinstance(entry, Closing)
    kept = open_still or record is not Record.NOTHING
    until = outcome.ended_at + BODY_KEPT_SECONDS
    again = packed(outcome.answer) if outcome.answer and leaves_ticket(outcome) else None
    return (
        *_story(outcome, attempts, events),
        None if kept else until,
        outcome.answer.body if outcome.answer and record is Record.BOTH else None,
        again,
        until if again else None,
    )


def noted_details(entry: Noting) -> Parameters | None:
    """The story of a call without a journal row; None where its row says it all, as of one plain attempt."""
    outcome, attempts = entry.outcome, attempts_to_tell(entry.outcome)
    told = attempts or outcome.violations or outcome.problem or outcome.events
    return _story(outcome, attempts, shown_events(outcome)) if told else None


def attempts_to_tell(outcome: Outcome) -> list[Row] | None:
    """None where the row of the call tells of its one attempt; a call that is open still will make more."""
    if len(outcome.attempts) == 1 and outcome.answer and outcome.kind is not OutcomeKind.UNCONFIRMED:
        (only,) = outcome.attempts
        if only.status == outcome.answer.status and not only.wait_seconds:
            return None
    return shown_attempts(outcome.attempts)


def shown_attempts(attempts: tuple[Attempt, ...]) -> list[Row] | None:
    """Attempts as they are kept; None where there was none."""
    return [_attempt(attempt) for attempt in attempts] if attempts else None


def shown_events(outcome: Outcome) -> list[Row] | None:
    """What happened between attempts, as it is kept; None where nothing did."""
    return [{"at": event.at, "event": event.what} for event in outcome.events] if outcome.events else None


def _story(outcome: Outcome, attempts: list[Row] | None, events: list[Row] | None) -> Parameters:
    """Documents as JSON; what is not there stays NULL."""
    return (
        outcome.call.id,
        json.dumps(attempts) if attempts else None,
        _violations(outcome.violations),
        _problem(outcome.problem) if outcome.problem else None,
        json.dumps(events) if events else None,
    )


def _attempt(attempt: Attempt) -> Row:
    return {
        "number": attempt.number,
        "started_at": attempt.started_at,
        "duration_seconds": attempt.duration_seconds,
        "status": attempt.status,
        "failure": attempt.failure,
        "wait_seconds": attempt.wait_seconds,
    }


def _violations(violations: tuple[Violation, ...]) -> str | None:
    if not violations:
        return None
    return json.dumps([{"field": one.field, "code": one.code.value, "message": one.message} for one in violations])


def _problem(problem: Problem) -> str:
    return json.dumps({"type": problem.type.value, "status": problem.status, "detail": problem.detail})
