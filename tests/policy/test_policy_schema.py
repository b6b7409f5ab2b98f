import socket

import pytest

from gateway.domain.problem import Code, Violation
from gateway.policy.keywords import DISPLAY_VALUES, STORED_VALUES
from gateway.policy.schema import MOST_TOLD, Judge, SchemaValidator


def test_all_violations_are_told_at_once_in_the_order_of_the_fields(validator_of):
    validate = validator_of(
        {"required": ["d", "b"], "properties": {"a": {"maxLength": 1, "pattern": "^x"}, "c": {"type": "string"}}}
    )

    violations = validate({"c": 1, "a": "yy"})

    assert [(each.field, each.code) for each in violations] == [
        ("a", Code.PATTERN_MISMATCH),
        ("a", Code.TOO_LONG),
        ("b", Code.REQUIRED),
        ("c", Code.WRONG_TYPE),
        ("d", Code.REQUIRED),
    ]


def test_a_flood_of_violations_is_cut_and_says_so(validator_of):
    validate = validator_of({"properties": {"labels": {"items": {"maxLength": 1}}}})

    violations = validate({"labels": ["xx"] * 5_000})

    assert len(violations) == MOST_TOLD + 1
    assert violations[-1].message == "there is more; it is not listed"


def test_a_message_shows_no_more_than_a_line_of_the_clients_text(validator_of):
    validate = validator_of({"properties": {"a": {"pattern": "^y", "enum": ["y"]}}, "additionalProperties": False})

    violations = validate({"a": "secret " * 10_000, "n" * 10_000: 1})

    assert len(violations) == 3
    assert all(len(each.message) < 180 and len(each.field) <= 60 for each in violations)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("c$", "abc", True),
        ("c$", "abc\n", False),
        (r"^\d+$", "١٢", False),
        ("^.$", "😀", True),
        (".", "\ud800", False),
    ],
)
def test_patterns_are_found_anywhere_and_the_end_is_the_very_end(validator_of, pattern, text, fits):
    validate = validator_of({"properties": {"a": {"pattern": pattern}}})

    assert (validate({"a": text}) == ()) is fits


def test_a_pattern_that_would_hang_a_backtracking_engine_is_done_at_once(validator_of):
    validate = validator_of({"properties": {"a": {"pattern": "^(a+)+$"}}})

    violations = validate({"a": "a" * 5_000 + "!"})

    assert [each.code for each in violations] == [Code.PATTERN_MISMATCH]


def test_no_regular_expression_of_the_standard_library_meets_a_clients_text(validator_of, monkeypatch):
    validate = validator_of(
        {
            "properties": {
                "a": {"pattern": "^x"},
                "when": {"format": "date-time"},
                "mail": {"format": "email"},
                "id": {"format": "uuid"},
                "at": {"format": "uri"},
                "day": {"format": "date"},
                "o": {"properties": {"k": {}}, "additionalProperties": False},
                "p": {"properties": {"k": {}}, "unevaluatedProperties": False},
            },
            "propertyNames": {"pattern": "^[a-z]+$"},
            "additionalProperties": {"pattern": "y"},
        }
    )

    def forbidden(*_args, **_kwargs):
        raise AssertionError("re met a client's text")

    for name in ("search", "match", "fullmatch", "compile", "finditer", "findall", "sub", "split"):
        monkeypatch.setattr(f"re.{name}", forbidden)

    violations = validate(
        {"a": "y", "when": "x", "mail": "x", "id": "x", "at": "x", "day": "x"}
        | {"o": {"z": 1}, "p": {"z": 1}, "extra": "n", "BAD": "y"}
    )

    assert {each.field for each in violations} >= {"a", "when", "mail", "id", "at", "day", "o.z", "p", "extra", "BAD"}


def test_nothing_is_fetched_for_a_remote_reference(compile_files, document_of, monkeypatch):
    def forbidden(*_args, **_kwargs):
        raise AssertionError("the network was tried")

    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(socket.socket, "connect", forbidden)
    schema = {"properties": {"a": {"$ref": "https://example.com/a.schema.json"}}}
    policy = {"name": "a", "platform": "jira", "match": {"path": "/x"}, "schema": schema}

    _, faults = compile_files(document_of(policy))

    assert [(each.pointer, each.message) for each in faults] == [
        (
            "/schema/properties/a/$ref",
            "$ref 'https://example.com/a.schema.json' is remote, and nothing is fetched; "
            "save the schema in the policies folder",
        )
    ]


def test_references_lead_inside_the_schema_and_to_files_of_the_folder(validator_of, document_of):
    shared = document_of(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "https://example.com/anything",
            "$defs": {"short": {"maxLength": 2}, "name": {"$ref": "#/$defs/short"}},
        },
        "policies/shared parts/people.schema.json",
    )
    validate = validator_of(
        {
            "properties": {
                "a": {"$ref": "#/$defs/own"},
                "b": {"$ref": "shared%20parts/people.schema.json#/$defs/name"},
            },
            "$defs": {"own": {"maxLength": 1}},
        },
        (shared,),
    )

    violations = validate({"a": "xx", "b": "xxx"})

    assert [(each.field, each.message) for each in violations] == [
        ("a", "has 2 characters; at most 1 are allowed"),
        ("b", "has 3 characters; at most 2 are allowed"),
    ]


def test_a_reference_inside_a_schema_file_leads_inside_that_file(validator_of, document_of):
    shared = document_of(
        {
            "$ref": "#/$defs/base",
            "unevaluatedProperties": False,
            "$defs": {"base": {"properties": {"b": {"maxLength": 1}}}},
        },
        "policies/lib/thing.schema.json",
    )
    validate = validator_of({"properties": {"a": {"$ref": "lib/thing.schema.json"}}}, (shared,))

    assert validate({"a": {"b": "x"}}) == ()
    assert [each.field for each in validate({"a": {"b": "xx", "c": 1}})] == ["a", "a.b"]


def test_a_schema_that_contains_itself_checks_what_is_nested(validator_of):
    validate = validator_of({"properties": {"a": {"$ref": "#"}, "b": {"type": "string"}}})

    assert [each.field for each in validate({"a": {"a": {"b": 1}}})] == ["a.a.b"]


def test_nesting_that_exhausts_the_stack_is_a_violation_and_no_crash(validator_of):
    validate = validator_of({"properties": {"a": {"$ref": "#"}}})
    deep: dict[str, object] = {}
    for _ in range(20_000):
        deep = {"a": deep}

    violations = validate(deep)

    assert violations == (Violation("", Code.INVALID, "is nested too deeply to be checked"),)


def test_display_values_are_held_against_presence_type_and_size_only(validator_of):
    validate = validator_of(
        {
            "required": ["short_description"],
            "properties": {
                "impact": {"enum": ["1", "2"], "maxLength": 20},
                "caller_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "opened_at": {"format": "date"},
            },
            "if": {"properties": {"impact": {"const": "1"}}},
            "then": {"required": ["urgency"]},
            "not": {"properties": {"impact": {"enum": ["9"]}}},
        }
    )

    fields = {"impact": "2 - Medium", "caller_id": "Abel Tuter", "opened_at": "25.11.2026", "short_description": "x"}

    assert validate(fields, display_values=True) == ()
    assert [each.field for each in validate(fields)] == ["caller_id", "impact", "opened_at"]
    assert [each.field for each in validate({"caller_id": 1, "impact": "x" * 21}, display_values=True)] == [
        "caller_id",
        "impact",
        "short_description",
    ]


@pytest.mark.parametrize("dialect", [STORED_VALUES, DISPLAY_VALUES])
def test_numbers_that_no_double_holds_are_judged_and_do_not_crash(dialect):
    schema = {"properties": {"a": {"multipleOf": 0.5, "minimum": 1}}}

    validate = SchemaValidator(schema, Judge(dialect(schema)), Judge(dialect(schema)))

    assert validate({"a": 10**4_000}) == ()


def test_an_endless_number_is_no_multiple_of_anything(validator_of):
    validate = validator_of({"properties": {"a": {"multipleOf": 0.5}}})

    assert validate({"a": 1.5}) == ()
    assert [each.field for each in validate({"a": float("inf")})] == ["a"]
