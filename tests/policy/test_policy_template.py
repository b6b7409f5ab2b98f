import pytest

from gateway.domain.call import PlatformName
from gateway.domain.problem import Code, Violation
from gateway.policy.document import Document
from gateway.policy.fillable import LONGEST_TEXT
from gateway.policy.rules import Expanded, Missing, Variable
from gateway.policy.templates import compile_templates


def a_template(fields, **settings):
    templates, faults = compile_templates(
        {"servicenow": {"one": fields}}, {"servicenow": {"one": settings}}, Document("c.json", {}, lambda _: 1)
    )
    assert faults == ()
    return templates[PlatformName.SERVICENOW]["one"]


RCA = {
    "short_description": "RCA Required: {job_name}",
    "description": "{job_name} failed: {error}",
    "urgency": "{urgency}",
}


def test_a_template_with_all_its_variables_becomes_the_tickets_fields():
    template = a_template(RCA)

    expanded = template.expand({"job_name": "load", "error": "{urgency}", "urgency": "2"})

    assert expanded == Expanded(
        {"short_description": "RCA Required: load", "description": "load failed: {urgency}", "urgency": "2"}
    )


def test_all_missing_variables_are_named_at_once_with_the_whole_list_of_required_ones():
    template = a_template(RCA)

    missing = template.expand({"error": "x", "job_nam": "load"})

    assert missing == Missing(
        (
            Violation(
                "job_name",
                Code.MISSING_VARIABLE,
                "the template needs the variable 'job_name'; 'job_nam' was given, which the template does not know",
            ),
            Violation("urgency", Code.MISSING_VARIABLE, "the template needs the variable 'urgency'"),
        ),
        ("job_name", "error", "urgency"),
    )


def test_a_default_stands_in_and_is_not_required():
    template = a_template(
        RCA, variables={"urgency": {"default": "3", "description": "1 to 3"}, "error": {"default": 7}}
    )

    expanded = template.expand({"job_name": "load"})

    assert expanded.fields == {
        "short_description": "RCA Required: load",
        "description": "load failed: 7",
        "urgency": "3",
    }
    assert template.variables == (
        Variable("job_name", required=True),
        Variable("error", required=False, default=7),
        Variable("urgency", required=False, description="1 to 3", default="3"),
    )


def test_an_optional_variable_without_value_leaves_its_field_out_and_an_embedded_one_nothing():
    template = a_template({"a": "{x}", "b": "<{x}>", "c": ["{x}", "y"]}, variables={"x": {"required": False}})

    assert template.expand({}) == Expanded({"b": "<>", "c": ["y"]})


def test_a_default_of_null_is_a_value():
    template = a_template({"a": "{x}"}, variables={"x": {"default": None}})

    assert template.expand({}) == Expanded({"a": None})


@pytest.mark.parametrize(("value", "text"), [(1, "1"), (2.5, "2.5"), (True, "true"), (False, "false"), ("x", "x")])
def test_an_embedded_value_is_spelt_as_json_spells_it(value, text):
    template = a_template({"a": "[{x}]"})

    assert template.expand({"x": value}) == Expanded({"a": f"[{text}]"})


@pytest.mark.parametrize(("value", "kind"), [(None, "null"), ({}, "an object"), ([1], "a list")])
def test_what_is_no_text_cannot_stand_inside_a_text(value, kind):
    template = a_template({"a": {"b": "[{x}]"}})

    missing = template.expand({"x": value})

    assert missing == Missing(
        (
            Violation(
                "x",
                Code.WRONG_TYPE,
                f"stands inside the text of a.b, so it must be text, a number or true/false, not {kind}",
            ),
        ),
        ("x",),
    )


def test_a_short_template_does_not_become_a_flood():
    template = a_template({"a": "{x}{x}{x}{x}"})

    missing = template.expand({"x": "y" * (LONGEST_TEXT // 4 + 1)})

    assert [(each.field, each.code) for each in missing.violations] == [("a", Code.TOO_LONG)]


def test_expanding_changes_neither_the_template_nor_the_variables():
    template = a_template({"a": ["{x}"], "b": {"c": "plain"}})
    given = {"x": "1", "unknown": "passed over"}

    first = template.expand(given)
    first.fields["b"]["c"] = "changed"

    assert template.expand(given) == Expanded({"a": ["1"], "b": {"c": "plain"}})
    assert given == {"x": "1", "unknown": "passed over"}


def test_what_a_template_makes_is_told_by_its_target():
    assert a_template({"a": "x"}).target == {"table": "incident"}
    assert a_template({"a": "x"}, target={"table": "problem"}, description="why").target == {"table": "problem"}


def test_a_given_value_comes_before_the_default():
    template = a_template({"a": "{x}"}, variables={"x": {"default": "3"}})

    assert template.expand({"x": "1"}) == Expanded({"a": "1"})


def test_the_hint_for_a_misspelt_variable_shows_no_more_than_its_beginning():
    template = a_template({"a": "{x}"})

    missing = template.expand({"x" * 100_000: "1"})

    assert len(missing.violations[0].message) < 100
