"""A refusal in Jira's own error shape."""

import json

import pytest

from gateway.domain.problem import Code, Problem, ProblemType, Violation
from gateway.platforms.jira import Jira


def test_errors_hold_each_field_and_the_one_message_tells_all():
    violations = (
        Violation("summary", Code.REQUIRED, "must be given"),
        Violation("labels.0", Code.PATTERN_MISMATCH, "must not hold spaces"),
        Violation("labels.0", Code.TOO_LONG, "must have at most 255 characters"),
    )
    problem = Problem(ProblemType.VALIDATION_FAILED, 400, "3 fields are at fault", violations)

    answer = Jira().refusal(problem, "c1")

    body = json.loads(answer.body)
    assert answer.status == 400
    assert (answer.header("content-type") or "").startswith("application/json")
    assert body["errors"] == {
        "summary": "summary: must be given",
        "labels": "labels.0: must not hold spaces; must have at most 255 characters",
    }
    assert body["errorMessages"] == [
        "3 fields are at fault: summary: must be given; labels.0: must not hold spaces; "
        "labels.0: must have at most 255 characters (call c1)"
    ]


def test_errors_are_named_as_jira_names_its_fields_and_tell_every_place_below():
    violations = (
        Violation("labels.0", Code.PATTERN_MISMATCH, "must not hold spaces"),
        Violation("labels.2", Code.TOO_LONG, "must have at most 255 characters"),
    )
    problem = Problem(ProblemType.VALIDATION_FAILED, 400, "2 fields are at fault", violations)

    body = json.loads(Jira().refusal(problem, "c1").body)

    assert body["errors"] == {
        "labels": "labels.0: must not hold spaces; labels.2: must have at most 255 characters",
    }


def test_a_problem_without_fields_is_told_in_the_message_alone():
    answer = Jira().refusal(Problem(ProblemType.UNKNOWN_TEMPLATE, 400, "there is no template 'x'"), "c1")

    assert json.loads(answer.body) == {"errorMessages": ["there is no template 'x' (call c1)"], "errors": {}}


@pytest.mark.parametrize(("seconds", "header"), [(None, None), (0, "0"), (30, "30")])
def test_a_time_to_come_back_is_told_in_whole_seconds(seconds, header):
    problem = Problem(ProblemType.UNCONFIRMED, 504, "nobody knows yet", retry_after=seconds)

    assert Jira().refusal(problem, "c1").header("retry-after") == header
