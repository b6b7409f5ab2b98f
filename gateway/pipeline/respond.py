"""What the client of the proxy is told: the upstream's answer, or the gateway's in the platform's own language."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final

from gateway.domain.call import Call, Headers, Json
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome, OutcomeKind, Rehearsal
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Answer
from gateway.pipeline import strict_json
from gateway.pipeline.field_names import NAME, listed
from gateway.platforms.platform import Platform

_LONGEST_PHRASE: Final = 200


@frozen
class Reply:
    """An answer for the proxy's client; `ours` tells that the gateway made it, so nothing in it needs rewriting.

    `reason` is the status line's phrase where it should say more than usual.
    """

    answer: Answer
    headers: Headers
    ours: bool
    reason: str | None = None


def respond(outcome: Outcome, platform: Platform) -> Reply:
    """The reply of a call that went the whole way."""
    headers = outcome_headers(outcome)
    if outcome.rehearsal is not None:
        return Reply(_rehearsed(outcome, outcome.rehearsal), headers, ours=True)
    if outcome.problem is not None:
        reply = respond_problem(outcome.problem, platform, outcome.call.id, outcome.call.header("accept") or "")
        return replace(reply, headers=headers + reply.headers[1:])
    if outcome.answer is None:
        raise AssertionError("an outcome tells the client something")
    return Reply(outcome.answer, headers, ours=outcome.kind is OutcomeKind.QUEUED)


def respond_problem(problem: Problem, platform: Platform, call_id: str, accept: str = "") -> Reply:
    """A problem in the platform's own error shape, marked as the gateway's so nobody mistakes it for the platform's."""
    headers: Headers = (("ITSM-Call-Id", call_id), ("ITSM-Error", problem.type.value))
    if problem.type is ProblemType.UNAUTHENTICATED:
        headers += (("WWW-Authenticate", 'Basic realm="itsm-gateway"'),)
    return Reply(platform.refusal(problem, call_id, accept), headers, ours=True, reason=_phrase(problem))


def _phrase(problem: Problem) -> str | None:
    """Clients on `requests` show the status line and nothing else of an error, so it names the fields at fault."""
    names = [violation.field for violation in problem.violations if NAME.fullmatch(violation.field)]
    if not names:
        return None
    return f"{HTTPStatus(problem.status).phrase}: {', '.join(dict.fromkeys(names))}"[:_LONGEST_PHRASE]


def outcome_headers(outcome: Outcome) -> Headers:
    """What the gateway tells of a call beside its answer."""
    call = outcome.call
    headers: list[tuple[str, str]] = [("ITSM-Call-Id", call.id), ("ITSM-Outcome", outcome.kind)]
    if outcome.kind is OutcomeKind.REPLAYED:
        headers.append(("Idempotency-Replayed", "true"))
    if outcome.violations and outcome.problem is None:
        headers.append(("ITSM-Violations", str(len(outcome.violations))))
    if call.is_ticket_call:
        headers.append(("ITSM-Retry-Attempts", str(outcome.retries)))
        if outcome.changed:
            headers.append(("ITSM-Changed-Fields", listed(outcome.changed)))
        if _was_sent(call, outcome):
            headers.append(("ITSM-Fenced", "true" if outcome.fenced else "false"))
    return tuple(headers)


def _was_sent(call: Call, outcome: Outcome) -> bool:
    """The fence is for creates; where nothing was sent there was nothing to fence."""
    return call.is_create and bool(outcome.attempts)


def _rehearsed(outcome: Outcome, rehearsal: Rehearsal) -> Answer:
    shown: dict[str, Json] = {
        "call_id": outcome.call.id,
        "policy": outcome.policy.name if outcome.policy else None,
        "payload": strict_json.shown(rehearsal.payload),
        "violations": [
            {"field": violation.field, "code": violation.code.value, "message": violation.message}
            for violation in outcome.violations
        ],
        "would": rehearsal.would,
    }
    return Answer(200, (("Content-Type", "application/json"),), strict_json.write(shown))
