"""A refusal in ServiceNow's own error shape."""

from typing import Final

from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json
from gateway.platforms.refusals import explained, headers

_MESSAGES: Final = {
    ProblemType.VALIDATION_FAILED: "Validation failed",
    ProblemType.UNKNOWN_TEMPLATE: "Unknown template",
    ProblemType.MISSING_VARIABLES: "Template variables missing",
}


def refusal(problem: Problem, call_id: str) -> Answer:
    """`message` says what kind it is, `detail` names every field, for that is what clients print."""
    message = _MESSAGES.get(problem.type, problem.type.value.replace("-", " ").capitalize())
    body = {"error": {"message": message, "detail": explained(problem, call_id)}, "status": "failure"}
    return Answer(problem.status, headers(problem, JSON_UTF8), as_json(body))
