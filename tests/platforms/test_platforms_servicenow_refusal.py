"""A refusal in ServiceNow's own error shape."""

import json

import pytest

from gateway.domain.problem import Code, Problem, ProblemType, Violation
from gateway.platforms.servicenow import ServiceNow

VIOLATIONS = (
    Violation("short_description", Code.REQUIRED, "must be given"),
    Violation("urgency", Code.NOT_ALLOWED, "must be 1, 2 or 3"),
)


def test_the_detail_names_every_field_with_its_message():
    problem = Problem(ProblemType.VALIDATION_FAILED, 400, "2 fields are at fault", VIOLATIONS)

    answer = ServiceNow().refusal(problem, "c1")

    assert answer.status == 400
    assert answer.header("content-type") == "application/json;charset=UTF-8"
    assert json.loads(answer.body) == {
        "error": {
            "message": "Validation failed",
            "detail": "2 fields are at fault: short_description: must be given; urgency: must be 1, 2 or 3 (call c1)",
        },
        "status": "failure",
    }


@pytest.mark.parametrize("kind", ProblemType)
def test_every_kind_of_problem_has_a_short_message(kind):
    body = json.loads(ServiceNow().refusal(Problem(kind, 400, "why"), "c1").body)

    assert 0 < len(body["error"]["message"]) <= 40
    assert body["error"]["detail"] == "why (call c1)"


@pytest.mark.parametrize(("seconds", "header"), [(None, None), (0, "0"), (30, "30")])
def test_a_time_to_come_back_is_told_in_whole_seconds(seconds, header):
    problem = Problem(ProblemType.UNCONFIRMED, 504, "nobody knows yet", retry_after=seconds)

    assert ServiceNow().refusal(problem, "c1").header("retry-after") == header


def test_text_that_is_no_unicode_still_makes_a_refusal():
    problem = Problem(ProblemType.UNKNOWN_TEMPLATE, 400, "no template '\ud800'")

    assert json.loads(ServiceNow().refusal(problem, "c1").body)["status"] == "failure"
