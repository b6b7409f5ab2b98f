"""Turn what happened into the finished story of the call."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from math import ceil
from typing import Final

from gateway.domain.call import Call, Json, Operation
from gateway.domain.delivery import Answered, Delivery, Event, Failed, FailureKind, Reconciled
from gateway.domain.outcome import Outcome, OutcomeKind, Rehearsal, SlaDue
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Answer, Ticket
from gateway.pipeline import strict_json
from gateway.pipeline.decision import Forward, Refuse, Rehearse
from gateway.pipeline.field_names import filled_in, stored_otherwise
from gateway.platforms.platform import Platform

LONGEST_RETRY_AFTER: Final = 30
"""Seconds: a client that was told `unconfirmed` should come back while the gateway still asks."""

_MOST_FLAWS: Final = 20
_LONGEST_FLAW: Final = 300

_SUCCEEDED: Final = {
    Operation.CREATE_TICKET: OutcomeKind.CREATED,
    Operation.UPDATE_TICKET: OutcomeKind.UPDATED,
    Operation.APPEND: OutcomeKind.UPDATED,
}
_WRITTEN: Final = frozenset({OutcomeKind.CREATED, OutcomeKind.UPDATED, OutcomeKind.RECONCILED})


def conclude(forward: Forward, delivery: Delivery, platform: Platform, *, ended_at: float) -> Outcome:
    """The outcome of a call that was forwarded."""
    if isinstance(delivery, Failed):
        return _unanswered(forward, delivery, ended_at)
    kind = _kind(forward.call, delivery)
    written = forward.fields is not None and kind in _WRITTEN
    changed = _changed(forward, delivery.answer, platform) if written else ()
    further, flaws = (delivery.further, delivery.flaws) if isinstance(delivery, Answered) else ((), ())
    events = delivery.events
    if forward.filled or changed or flaws:
        events = (*_filled(forward), *events, *_remarks(changed or (), flaws, ended_at))
    return Outcome(
        call=forward.call,
        kind=kind,
        ended_at=ended_at,
        policy=forward.policy,
        answer=delivery.answer,
        attempts=delivery.attempts,
        violations=forward.warnings,
        ticket=delivery.ticket,
        sla=_due(forward, delivery.ticket, platform),
        fenced=delivery.fenced and forward.fenced,
        events=events,
        changed=changed or (),
        uncompared=forward.fields if changed is None else None,
        further=further,
        flaws=flaws,
    )


def conclude_unsent(decision: Refuse | Rehearse, *, ended_at: float) -> Outcome:
    """The outcome of a call that nothing was sent for."""
    match decision:
        case Refuse(call=call, kind=kind, problem=problem, policy=policy):
            return Outcome(call, kind, ended_at, policy, problem=problem, violations=problem.violations)
        case Rehearse(call=call, payload=payload, violations=violations, would=would, policy=policy):
            rehearsal = Rehearsal(payload, would)
            return Outcome(call, OutcomeKind.DRY_RUN, ended_at, policy, rehearsal=rehearsal, violations=violations)


def accepted(forward: Forward, call_url: Callable[[str], str], *, ended_at: float) -> Outcome:
    """The outcome of a call that will be delivered later; its caller may look at `call_url` of its id meanwhile."""
    call = forward.call
    body: dict[str, Json] = {"status": "queued", "call_id": call.id}
    headers = (("Content-Type", "application/json"), ("Location", call_url(call.id)))
    answer = Answer(HTTPStatus.ACCEPTED, headers, strict_json.write(body))
    return Outcome(
        call,
        OutcomeKind.QUEUED,
        ended_at,
        forward.policy,
        answer=answer,
        violations=forward.warnings,
        fenced=forward.fenced,
        events=_filled(forward),
    )


def replayed(forward: Forward, delivery: Delivery, platform: Platform, *, ended_at: float) -> Outcome:
    """The answer of an earlier call, for one that repeats it."""
    return replace(conclude(forward, delivery, platform, ended_at=ended_at), kind=OutcomeKind.REPLAYED, attempts=())


def _kind(call: Call, delivery: Answered | Reconciled) -> OutcomeKind:
    if isinstance(delivery, Reconciled):
        return OutcomeKind.RECONCILED
    if delivery.succeeded:
        return _SUCCEEDED.get(call.route.operation, OutcomeKind.FORWARDED)
    status = delivery.answer.status
    if not call.is_ticket_call:
        return OutcomeKind.FORWARDED
    if status == 429:  # noqa: PLR2004  # HTTP's own name for it
        return OutcomeKind.RATE_LIMITED
    return OutcomeKind.REJECTED if 400 <= status < 500 else OutcomeKind.UPSTREAM_ERROR  # noqa: PLR2004


def _changed(forward: Forward, answer: Answer, platform: Platform) -> tuple[str, ...] | None:
    """What was stored otherwise than it was sent; None where the answer shows nothing of it."""
    return platform.changed_fields(forward.call.route, forward.call.target, forward.fields or {}, answer)


def _filled(forward: Forward) -> tuple[Event, ...]:
    """Told as of the call's beginning, however often it is concluded."""
    return (Event(forward.call.received_at, filled_in(forward.filled)),) if forward.filled else ()


def _remarks(changed: tuple[str, ...], flaws: tuple[str, ...], at: float) -> Iterator[Event]:
    """What the call's story tells of an answer that was no plain success."""
    if changed:
        yield Event(at, stored_otherwise(changed))
    yield from (Event(at, f"failed inside the success: {flaw[:_LONGEST_FLAW]}") for flaw in flaws[:_MOST_FLAWS])
    if len(flaws) > _MOST_FLAWS:
        yield Event(at, f"failed inside the success: {len(flaws) - _MOST_FLAWS} more")


def _unanswered(forward: Forward, failed: Failed, ended_at: float) -> Outcome:
    kind, problem = _failure(forward, failed)
    return Outcome(
        call=forward.call,
        kind=kind,
        ended_at=ended_at,
        policy=forward.policy,
        problem=problem,
        attempts=failed.attempts,
        violations=forward.warnings,
        fenced=failed.fenced and forward.fenced,
        events=_filled(forward) + failed.events,
    )


def _failure(forward: Forward, failed: Failed) -> tuple[OutcomeKind, Problem]:
    match failed.kind:
        case FailureKind.UNREACHABLE:
            return OutcomeKind.UNREACHABLE, Problem(ProblemType.UNREACHABLE, 502, failed.detail)
        case FailureKind.TIMEOUT:
            return OutcomeKind.TIMEOUT, Problem(ProblemType.TIMEOUT, 504, failed.detail)
        case FailureKind.DECEPTIVE:
            return OutcomeKind.UPSTREAM_ERROR, Problem(ProblemType.DECEPTIVE_ANSWER, 502, failed.detail)
        case FailureKind.CUT:
            return OutcomeKind.UPSTREAM_ERROR, Problem(ProblemType.CUT_ANSWER, 502, failed.detail)
        case FailureKind.CREDENTIALS:
            status = failed.attempts[-1].status if failed.attempts else None
            problem = Problem(ProblemType.UPSTREAM_CREDENTIALS, 502, failed.detail, upstream_status=status)
            return OutcomeKind.REJECTED, problem
        case FailureKind.CIRCUIT_OPEN:
            problem = Problem(ProblemType.CIRCUIT_OPEN, 503, failed.detail, retry_after=_whole(failed.retry_after))
            return OutcomeKind.CIRCUIT_OPEN, problem
        case FailureKind.RATE_LIMITED:
            problem = Problem(ProblemType.RATE_LIMITED, 429, failed.detail, retry_after=_whole(failed.retry_after))
            return OutcomeKind.RATE_LIMITED, problem
        case FailureKind.UNCONFIRMED:
            return OutcomeKind.UNCONFIRMED, _unconfirmed(forward, failed)


def _whole(seconds: float | None) -> int:
    """What a client may be told to wait: whole seconds, at least one."""
    return max(ceil(seconds or 1), 1)


def _unconfirmed(forward: Forward, failed: Failed) -> Problem:
    if not (forward.fenced and failed.fenced):
        detail = f"{failed.detail}; nothing in it can be searched for: look for the ticket before sending it again"
        return Problem(ProblemType.UNCONFIRMED, 504, detail)
    retry_after = min(_whole(failed.retry_after), LONGEST_RETRY_AFTER)
    detail = (
        f"{failed.detail}; nobody can say yet whether the ticket exists. The gateway goes on asking, and sends nothing"
    )
    return Problem(ProblemType.UNCONFIRMED, 504, detail, retry_after=retry_after)


def _due(forward: Forward, ticket: Ticket | None, platform: Platform) -> SlaDue | None:
    """Promises count from when the gateway accepted the call: its own delays are no excuse."""
    if forward.sla is None or ticket is None or not forward.call.is_create:
        return None
    return forward.sla.promise(platform.priority(forward.fields or {}, ticket), forward.call.received_at)
