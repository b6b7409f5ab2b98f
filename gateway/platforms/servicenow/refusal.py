"""A refusal in ServiceNow's own error shape."""

from typing import Final

from gateway.domain.call import Fields
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json
from gateway.platforms.refusals import explained, headers
from gateway.platforms.xml_answers import XML_UTF8, as_xml, is_wanted

_MESSAGES: Final = {
    ProblemType.VALIDATION_FAILED: "Validation failed",
    ProblemType.UNKNOWN_TEMPLATE: "Unknown template",
    ProblemType.MISSING_VARIABLES: "Template variables missing",
}


def refusal(problem: Problem, call_id: str, accept: str = "") -> Answer:
    """`message` says what kind it is, `detail` names every field, for that is what clients print."""
    body = _body(problem, call_id)
    if is_wanted(accept):
        return Answer(problem.status, headers(problem, XML_UTF8), as_xml(body))
    return Answer(problem.status, headers(problem, JSON_UTF8), as_json(body))


def _body(problem: Problem, call_id: str) -> Fields:
    message = _MESSAGES.get(problem.type, problem.type.value.replace("-", " ").capitalize())
    return {"error": {"message": message, "detail": explained(problem, call_id)}, "status": "failure"}
