"""Answers of the API that tell what went wrong: `application/problem+json`."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.domain.call import Json
from gateway.domain.problem import Problem, ProblemType, Violation
from gateway.pipeline import strict_json

CONTENT_TYPE: Final = "application/problem+json"

TITLES: Final = {
    ProblemType.VALIDATION_FAILED: "What was sent breaks a rule",
    ProblemType.UNKNOWN_TEMPLATE: "There is no such template",
    ProblemType.MISSING_VARIABLES: "The template needs more variables",
    ProblemType.MALFORMED_REQUEST: "The request cannot be read",
    ProblemType.AMBIGUOUS_REQUEST: "The request can be read in two ways",
    ProblemType.TOO_LARGE: "The request is too large",
    ProblemType.UNSUPPORTED_ENCODING: "The body's encoding is not supported",
    ProblemType.METHOD_REFUSED: "The method is not allowed here",
    ProblemType.UNAUTHENTICATED: "The gateway does not know who asks",
    ProblemType.FORBIDDEN: "Who asks may not do this",
    ProblemType.NOT_COVERED: "No policy covers the call",
    ProblemType.UNKNOWN_UPSTREAM: "There is no such upstream",
    ProblemType.NOT_FOUND: "There is nothing here",
    ProblemType.WRONG_STATE: "It is past that, or not there yet",
    ProblemType.TOO_MANY_LISTENERS: "Too many look on already",
    ProblemType.UNREACHABLE: "The upstream cannot be reached",
    ProblemType.TIMEOUT: "The upstream did not answer in time",
    ProblemType.UNCONFIRMED: "Nobody can say yet whether the ticket exists",
    ProblemType.DECEPTIVE_ANSWER: "The upstream's success is none",
    ProblemType.CUT_ANSWER: "The upstream's answer broke off",
    ProblemType.UPSTREAM_CREDENTIALS: "The upstream wants credentials",
    ProblemType.UPSTREAM_REFUSED: "The upstream refused the call",
    ProblemType.CIRCUIT_OPEN: "The upstream fails too often to be asked",
    ProblemType.RATE_LIMITED: "A rate limit of the platform is waited out",
    ProblemType.KEY_REUSED: "The idempotency key belongs to another request",
    ProblemType.STILL_RUNNING: "The first request of this key is still under way",
    ProblemType.OUTBOX_FULL: "No more calls may wait",
    ProblemType.STORE_UNAVAILABLE: "The gateway cannot write its records",
    ProblemType.OVERLOADED: "The gateway has too many connections",
    ProblemType.DRAINING: "The gateway is shutting down",
    ProblemType.INTERNAL: "The gateway failed",
}


def problem_response(problem: Problem, call_id: str, extension: Mapping[str, Json] | None = None) -> web.Response:
    """The problem as its document and headers; `extension` holds members that only this problem type has."""
    headers = {"ITSM-Error": problem.type.value, "ITSM-Call-Id": call_id}
    if problem.type is ProblemType.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    body = strict_json.write(_document(problem, call_id) | dict(extension or {}))
    return web.Response(status=problem.status, headers=headers, body=body, content_type=CONTENT_TYPE)


def type_of(problem_type: ProblemType) -> str:
    """The stable name that documents carry as their `type`."""
    return f"urn:itsm-gateway:problem:{problem_type.value}"


def violation_documents(violations: tuple[Violation, ...]) -> list[Json]:
    """Violations as the API tells them everywhere."""
    return [{"field": each.field, "code": each.code.value, "message": each.message} for each in violations]


def _document(problem: Problem, call_id: str) -> dict[str, Json]:
    told: dict[str, Json] = {
        "type": type_of(problem.type),
        "title": TITLES[problem.type],
        "status": problem.status,
        "detail": problem.detail,
        "call_id": call_id,
        "errors": violation_documents(problem.violations) or None,
        "upstream_status": problem.upstream_status,
    }
    return {name: value for name, value in told.items() if value is not None}
