"""A refusal in Jira's own error shape."""

from gateway.domain.problem import Problem
from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json
from gateway.platforms.refusals import by_field, explained, headers


def refusal(problem: Problem, call_id: str, accept: str = "") -> Answer:  # noqa: ARG001  # Jira speaks JSON alone
    """Some clients print the first of `errorMessages` alone, others the values of `errors` alone: either tells all."""
    body = {"errorMessages": [explained(problem, call_id)], "errors": by_field(problem.violations)}
    return Answer(problem.status, headers(problem, JSON_UTF8), as_json(body))
