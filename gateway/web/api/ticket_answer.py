"""How the tickets door tells an outcome: the ticket, the rehearsal, or the problem; never the platform's document."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from aiohttp import web

from gateway.domain.call import Json
from gateway.domain.outcome import Outcome, OutcomeKind, Rehearsal, SlaDue
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Answer, Ticket
from gateway.pipeline import strict_json
from gateway.pipeline.respond import outcome_headers
from gateway.web.api.instants import iso
from gateway.web.problems import problem_response, violation_documents
from gateway.web.render import whole_seconds

_LONGEST_QUOTE: Final = 500

_STATUSES: Final = {
    ProblemType.VALIDATION_FAILED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemType.MISSING_VARIABLES: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProblemType.UNKNOWN_TEMPLATE: HTTPStatus.NOT_FOUND,
}
"""Where the API's status differs from the one that a platform's client is told."""


def answer_ticket(outcome: Outcome, required: tuple[str, ...]) -> web.Response:
    """The outcome as the API tells it; `required` are the variables that the template cannot do without."""
    response = _body_of(outcome, required)
    for name, value in outcome_headers(outcome):
        response.headers[name] = value
    return response


def _body_of(outcome: Outcome, required: tuple[str, ...]) -> web.Response:
    if outcome.rehearsal is not None:
        return _json(HTTPStatus.OK, _rehearsed(outcome, outcome.rehearsal))
    if outcome.kind is OutcomeKind.QUEUED and outcome.answer is not None:
        return _json(HTTPStatus.ACCEPTED, {"status": "queued", "call_id": outcome.call.id}, outcome.answer)
    if outcome.ticket is not None or outcome.kind in (OutcomeKind.CREATED, OutcomeKind.RECONCILED):
        return _json(HTTPStatus.CREATED, _created(outcome))
    if outcome.problem is not None:
        return _refused(outcome.problem, outcome.call.id, required)
    if outcome.answer is not None:
        return problem_response(_upstream_refused(outcome.call.upstream, outcome.answer), outcome.call.id)
    raise AssertionError("an outcome tells the client something")


def _created(outcome: Outcome) -> dict[str, Json]:
    waits: list[Json] = [round(wait, 3) for wait in outcome.waits]
    told: dict[str, Json] = {
        "call_id": outcome.call.id,
        "ticket": _ticket(outcome.ticket),
        "template": outcome.call.template_name,
        "retry": {"attempts": outcome.retries, "delays_seconds": waits},
        "sla": _sla(outcome.sla),
        "outcome": outcome.kind,
    }
    if outcome.violations:
        told["warnings"] = violation_documents(outcome.violations)
    return told


def _ticket(ticket: Ticket | None) -> Json:
    """None where the platform made it and did not say its name."""
    return {"id": ticket.id, "key": ticket.key, "url": ticket.url} if ticket else None


def _sla(sla: SlaDue | None) -> Json:
    if sla is None:
        return None
    return {"response_due_at": iso(sla.response_due_at), "resolution_due_at": iso(sla.resolution_due_at)}


def _rehearsed(outcome: Outcome, rehearsal: Rehearsal) -> dict[str, Json]:
    return {
        "call_id": outcome.call.id,
        "policy": outcome.policy.name if outcome.policy else None,
        "payload": strict_json.shown(rehearsal.payload),
        "violations": violation_documents(outcome.violations),
        "would": rehearsal.would,
    }


def _refused(problem: Problem, call_id: str, required: tuple[str, ...]) -> web.Response:
    told = replace(problem, status=_STATUSES.get(problem.type, problem.status))
    if problem.type is not ProblemType.MISSING_VARIABLES:
        return problem_response(told, call_id)
    names: list[Json] = list(required)
    return problem_response(told, call_id, {"required": names})


def _upstream_refused(upstream: str, answer: Answer) -> Problem:
    """The platform's own words, cut short: they name the field or the right that is missing."""
    words = answer.body[: 4 * _LONGEST_QUOTE].decode("utf-8", "replace")[:_LONGEST_QUOTE]
    return Problem(
        ProblemType.UPSTREAM_REFUSED,
        HTTPStatus.BAD_GATEWAY,
        f"upstream {upstream!r} answered {answer.status}: {words}",
        retry_after=whole_seconds(answer.header("retry-after") or ""),
        upstream_status=answer.status,
    )


def _json(status: HTTPStatus, document: Mapping[str, Json], answer: Answer | None = None) -> web.Response:
    location = answer.header("location") if answer else None
    headers = {"Location": location} if location else None
    body = strict_json.write(dict(document))
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)
