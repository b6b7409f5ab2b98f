import pytest

from gateway.policy.defaults import compile_defaults
from gateway.policy.document import Document

GATEWAY = {"call_id": "c-1", "upstream": "snow", "job_id": None}


def complete(defaults, fields, **variables):
    compiled, faults = compile_defaults(defaults, Document("a.yaml", {}, lambda _: 1))
    assert faults == ()
    return compiled.complete(fields, GATEWAY | variables)


@pytest.mark.parametrize("given", ["x", "", None, 0, []])
def test_a_field_that_was_given_is_kept_whatever_its_value(given):
    assert complete({"a": "default"}, {"a": given}) == {"a": given}


def test_absent_fields_are_filled_in_and_the_given_ones_are_not_touched():
    given = {"b": "mine"}

    completed = complete({"a": {"name": "High"}, "b": "default"}, given)

    assert completed == {"a": {"name": "High"}, "b": "mine"}
    assert given == {"b": "mine"}


def test_where_nothing_is_filled_in_the_very_same_fields_come_back():
    given = {"a": "x"}

    assert complete({"a": "default"}, given) is given
    assert complete({"b": "{job_id}"}, given) is given
    assert complete({}, given) is given


def test_placeholders_are_the_gateways_variables_and_the_given_texts():
    completed = complete(
        {"d": "{call_id}/{upstream}/{job_id}/{short}", "whole": "{short}"}, {"short": "s"}, job_id="j-1"
    )

    assert completed == {"d": "c-1/snow/j-1/s", "whole": "s", "short": "s"}


def test_the_gateways_own_variables_come_before_fields_of_that_name():
    assert complete({"d": "{upstream}"}, {"upstream": "forged"})["d"] == "snow"


@pytest.mark.parametrize("default", ["{job_id}", "job {job_id}", {"a": ["x {job_id}"]}, "{number}"])
def test_a_default_whose_placeholder_has_no_value_is_left_out(default):
    assert complete({"d": default, "e": "kept"}, {"number": 3}) == {"number": 3, "e": "kept"}


def test_a_default_that_would_become_a_flood_is_left_out():
    assert complete({"d": "{a}{a}"}, {"a": "x" * 60_000}) == {"a": "x" * 60_000}


def test_a_placeholder_that_cannot_be_read_is_a_fault_with_its_place():
    _, faults = compile_defaults({"a": {"b": "{X}"}}, Document("a.yaml", {}, len))

    assert [(fault.line, fault.pointer) for fault in faults] == [(13, "/defaults/a/b")]
