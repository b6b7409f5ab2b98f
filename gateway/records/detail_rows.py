"""Values made into rows of details: the body and the request until a call is settled, and its story."""

from gateway.domain.delivery import Attempt
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, Violation
from gateway.policy.policy import Record
from gateway.records.entries import Closing, Noting, Opening, Settling
from gateway.records.replay import packed
from gateway.records.request import kept_request
from gateway.records.rows import Row, leaves_ticket

BODY_KEPT_SECONDS = 24 * 3600.0
"""How long after a call is settled its body stays, unless its policy records it, and its answer for a replay."""


def opened_details(entry: Opening) -> Row:
    """The body as every attempt sends it, kept until the call is settled."""
    return {
        "call_id": entry.forward.call.id,
        "body": entry.forward.body,
        "request": kept_request(entry.forward),
        "violations": _violations(entry.forward.warnings),
    }


def ended_details(entry: Closing | Settling) -> Row:
    """The story of a ticket call, and how long its body is kept."""
    outcome, record = entry.outcome, entry.forward.record
    open_still = isinstance(entry, Closing) and outcome.kind is OutcomeKind.UNCONFIRMED
    kept = open_still or record is not Record.NOTHING
    answer = outcome.answer.body if outcome.answer and record is Record.BOTH else None
    until = outcome.ended_at + BODY_KEPT_SECONDS
    again = packed(outcome.answer) if outcome.answer and leaves_ticket(outcome) else None
    return _story(outcome) | {
        "body_until": None if kept else until,
        "answer": answer,
        "replay": again,
        "replay_until": until if again else None,
    }


def noted_details(entry: Noting) -> Row | None:
    """The story of a call without a journal row; None where its row says it all, as of one plain attempt."""
    outcome = entry.outcome
    told = outcome.violations or outcome.problem or outcome.events or not _is_plain(outcome.attempts)
    return _story(outcome) if told else None


def _is_plain(attempts: tuple[Attempt, ...]) -> bool:
    """At most one attempt, made at once and answered: the row of the call tells when and how."""
    return not attempts or (len(attempts) == 1 and attempts[0].failure is None and not attempts[0].wait_seconds)


def _story(outcome: Outcome) -> Row:
    return {
        "call_id": outcome.call.id,
        "attempts": shown_attempts(outcome.attempts),
        "violations": _violations(outcome.violations),
        "problem": _problem(outcome.problem) if outcome.problem else None,
        "events": [{"at": event.at, "event": event.what} for event in outcome.events] or None,
    }


def shown_attempts(attempts: tuple[Attempt, ...]) -> list[Row] | None:
    """Attempts as they are kept; None where there was none."""
    return [_attempt(attempt) for attempt in attempts] or None


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
