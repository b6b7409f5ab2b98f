import pytest

from gateway.policy.match import compile_match
from gateway.policy.match_rule import MatchRule


def a_match(**changes):
    return compile_match(MatchRule.model_validate({"path": "/x"} | changes))


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("/api/now/table/incident", "/api/now/table/incident", True),
        ("/api/now/table/incident", "/api/now/table/incident/1", False),
        ("/api/now/table/incident", "/api/now/table/Incident", False),
        ("/api/now/table/*", "/api/now/table/problem", True),
        ("/api/now/table/*", "/api/now/table", False),
        ("/api/now/table/*", "/api/now/table/", False),
        ("/api/now/table/*", "/api/now/table/a/b", False),
        ("/rest/api/2/issue/{key}/comment", "/rest/api/2/issue/OPS-1/comment", True),
        ("/rest/api/2/issue/{key}/comment", "/rest/api/2/issue/OPS-1/worklog", False),
    ],
)
def test_a_wildcard_stands_for_exactly_one_segment(pattern, path, covered):
    match = a_match(path=pattern)

    assert match.covers_route("POST", path) is covered


def test_folded_paths_are_compared_without_regard_to_case():
    match = a_match(path="/rest/api/2/issue/{Key}/Comment")

    assert match.covers_route("POST", "/REST/api/2/issue/x/comment", folded=True)
    assert not match.covers_route("POST", "/rest/api/2/issue/x/comment")


def test_several_paths_and_methods_are_covered_each():
    match = compile_match(MatchRule.model_validate({"methods": ["PUT", "PATCH"], "paths": ["/a", "/b/{id}"]}))

    assert match.covers_route("PUT", "/a")
    assert match.covers_route("PATCH", "/b/1")
    assert not match.covers_route("POST", "/a")


@pytest.mark.parametrize(
    ("condition", "fields", "holds"),
    [
        ({"a": "x"}, {"a": "x"}, True),
        ({"a": "x"}, {"a": "X"}, False),
        ({"a": "x"}, {}, False),
        ({"a": ["x", "y"]}, {"a": "y"}, True),
        ({"a": ["x", "y"]}, {"a": ["x", "y"]}, False),
        ({"a": {"exists": True}}, {"a": None}, True),
        ({"a": {"exists": True}}, {}, False),
        ({"a": {"exists": False}}, {}, True),
        ({"a": {"exists": False}}, {"a": ""}, False),
        ({"a": 1}, {"a": True}, False),
        ({"a": True}, {"a": 1}, False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"project.key": "OPS"}, {"project": {"key": "OPS"}}, True),
        ({"project.key": "OPS"}, {"project": "OPS"}, False),
        ({"a": "x", "b": "y"}, {"a": "x", "b": "z"}, False),
    ],
)
def test_conditions_on_fields_all_hold_or_the_call_is_not_covered(condition, fields, holds):
    match = a_match(fields=condition)

    assert match.needs_fields
    assert match.covers_fields(fields) is holds


def test_a_match_without_conditions_needs_no_fields():
    assert not a_match().needs_fields
