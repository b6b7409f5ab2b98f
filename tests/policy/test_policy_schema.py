import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.problem import Code
from gateway.policy.keywords import DISPLAY_VALUES, STORED_VALUES
from gateway.policy.schema import MOST_TOLD, SchemaValidator, compile_schema, shelve

LETTER = {"type": "string", "pattern": "a"}


def told(violations):
    return [(violation.field, violation.code.value, violation.message) for violation in violations]


@pytest.mark.parametrize(
    ("schema", "fields", "field", "code", "message"),
    [
        ({"required": ["a"]}, {}, "a", "required", "is required"),
        (
            {"dependentRequired": {"a": ["b"]}},
            {"a": 1},
            "b",
            "required",
            "is required where 'a' is given",
        ),
        (
            {"properties": {"a": {"maxLength": 2}}},
            {"a": "xyz"},
            "a",
            "too_long",
            "has 3 characters; at most 2 are allowed",
        ),
        (
            {"properties": {"a": {"minLength": 2}}},
            {"a": "x"},
            "a",
            "too_short",
            "has 1 character; at least 2 must be given",
        ),
        ({"properties": {"a": {"maxItems": 1}}}, {"a": [1, 2]}, "a", "too_long", "has 2 items; at most 1 are allowed"),
        (
            {"properties": {"a": {"enum": ["1", "2"]}}},
            {"a": "3"},
            "a",
            "not_allowed",
            '"3" is not allowed; allowed: "1", "2"',
        ),
        (
            {"properties": {"a": {"enum": ["High"]}}},
            {"a": " high"},
            "a",
            "not_allowed",
            '" high" is not allowed; allowed: "High"; did you mean "High"? Case and spaces count',
        ),
        (
            {"properties": {"a": {"enum": ["1"]}}},
            {"a": 1},
            "a",
            "not_allowed",
            '1 is not allowed; allowed: "1"; send it as text: "1"',
        ),
        ({"properties": {"a": {"const": 1}}}, {"a": True}, "a", "not_allowed", "true is not allowed; allowed: 1"),
        ({"properties": {"a": False}}, {"a": 1}, "a", "not_allowed", "must not be given"),
        (
            {"properties": {"a": {"pattern": "^x", "x-hint": "begin with x"}}},
            {"a": "y"},
            "a",
            "pattern_mismatch",
            '"y" does not match ^x; begin with x',
        ),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}, "a", "wrong_type", "must be text, not a number"),
        (
            {"properties": {"a": {"type": ["object", "null"]}}},
            {"a": []},
            "a",
            "wrong_type",
            "must be an object or null, not a list",
        ),
        ({"properties": {"a": {"format": "date"}}}, {"a": "2024-13-01"}, "a", "bad_format", '"2024-13-01" is no date'),
        ({"properties": {"a": {"maximum": 3}}}, {"a": 4}, "a", "out_of_range", "4 is more than 3"),
        ({"properties": {"a": {"minimum": 3}}}, {"a": 2}, "a", "out_of_range", "2 is less than 3"),
        ({"properties": {"a": {"multipleOf": 0.1}}}, {"a": 0.35}, "a", "out_of_range", "0.35 is not a multiple of 0.1"),
        (
            {"properties": {"state": {}}, "additionalProperties": False},
            {"State": 1},
            "State",
            "unknown_field",
            "is not a field of this ticket; did you mean 'state'?",
        ),
        (
            {"propertyNames": {"maxLength": 3}},
            {"abcd": 1},
            "abcd",
            "unknown_field",
            "is a field name that is not allowed: has 4 characters; at most 3 are allowed",
        ),
        (
            {"properties": {"a": {"items": LETTER}}},
            {"a": ["a", "b"]},
            "a.1",
            "pattern_mismatch",
            '"b" does not match a',
        ),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": [{}, {}]}, "a", "invalid", "holds an item twice"),
        ({"properties": {"a": {"not": {"const": 1}}}}, {"a": 1}, "a", "invalid", "is what the policy does not allow"),
        (
            {"properties": {"a": {"x-max-json-length": 9}}},
            {"a": {"b": "cde"}},
            "a",
            "too_long",
            "is 11 characters long as JSON; at most 9 are allowed",
        ),
        (
            {"properties": {"a": {"anyOf": [{"required": ["id"]}, {"required": ["key"]}]}}},
            {"a": {}},
            "a",
            "required",
            "needs one of: id, key",
        ),
        (
            {"properties": {"a": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 1}]}}},
            {"a": "xy"},
            "a",
            "too_long",
            "has 2 characters; at most 1 are allowed",
        ),
        (
            {"properties": {"a": {"anyOf": [{"type": "null"}, {"type": "string"}]}}},
            {"a": 1},
            "a",
            "wrong_type",
            "must be null or text, not a number",
        ),
        (
            {"properties": {"a": {"anyOf": [{"maxLength": 1}, {"enum": ["abc"]}]}}},
            {"a": "xyz"},
            "a",
            "invalid",
            "fits none of the allowed forms; nearest: a has 3 characters; at most 1 are allowed",
        ),
        (
            {"properties": {"a": {"oneOf": [{"type": "string"}, {"maxLength": 3}]}}},
            {"a": "x"},
            "a",
            "invalid",
            "fits several forms of which only one is allowed",
        ),
        (
            {"properties": {"a": {"contains": {"const": "x"}}}},
            {"a": []},
            "a",
            "invalid",
            "lacks an item that the policy asks for",
        ),
        (
            {"dependentSchemas": {"a": {"maxProperties": 1}}},
            {"a": 1, "b": 2},
            "",
            "too_long",
            "has 2 members; at most 1 are allowed",
        ),
    ],
)
def test_each_broken_rule_names_field_code_and_what_is_allowed(validator_of, schema, fields, field, code, message):
    violations = validator_of(schema)(fields)

    assert told(violations) == [(field, code, message)]


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


def test_a_schema_that_contains_itself_checks_what_is_nested(validator_of):
    validate = validator_of({"properties": {"a": {"$ref": "#"}, "b": {"type": "string"}}})

    assert [each.field for each in validate({"a": {"a": {"b": 1}}})] == ["a.a.b"]


def test_nesting_that_exhausts_the_stack_is_a_violation_and_no_crash(validator_of):
    validate = validator_of({"properties": {"a": {"$ref": "#"}}})
    deep: dict[str, object] = {}
    for _ in range(20_000):
        deep = {"a": deep}

    violations = validate(deep)

    assert told(violations) == [("", "invalid", "is nested too deeply to be checked")]


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

    validate = SchemaValidator(schema, dialect(schema), dialect(schema))

    assert validate({"a": 10**4_000}) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "Other"])
EVERYTHING = {
    "required": ["a"],
    "minProperties": 1,
    "propertyNames": {"pattern": "^[a-z]"},
    "properties": {
        "a": {"type": "string", "maxLength": 3, "minLength": 1, "pattern": "^x", "format": "date"},
        "b": {"enum": ["1", 2, None, {"k": [1]}], "x-hint": "h"},
        "c": {"anyOf": [{"type": "null"}, {"required": ["id"]}, {"required": ["key"]}], "x-max-json-length": 30},
        "d": {"type": "array", "items": {"$ref": "#/properties/a"}, "uniqueItems": True, "maxItems": 2},
        "e": {"oneOf": [{"multipleOf": 0.3}, {"minimum": 3, "exclusiveMaximum": 9}], "not": {"const": 4}},
        "f": {"$ref": "#"},
        "g": {"contains": {"const": 1}, "minContains": 2, "prefixItems": [{"type": "boolean"}]},
    },
    "additionalProperties": False,
    "if": {"required": ["b"]},
    "then": {"dependentRequired": {"b": ["c"]}},
    "else": {"unevaluatedProperties": False},
}


@settings(max_examples=150, deadline=None)
@given(fields=st.dictionaries(NAMES | st.text(max_size=8), JSON, max_size=6), display_values=st.booleans())
def test_no_json_whatever_makes_a_validator_fail(fields, display_values):
    shelf, _ = shelve(())
    validate = EVERYTHING_COMPILED.setdefault("one", _everything(shelf))

    violations = validate(fields, display_values=display_values)

    assert list(violations) == sorted(violations)
    assert all(each.message for each in violations)


EVERYTHING_COMPILED: dict[str, SchemaValidator] = {}


def _everything(shelf):
    from gateway.policy.document import Document

    validator, faults = compile_schema(
        Document("a.yaml", {}, lambda _: 1), "/schema", EVERYTHING, shelf, text_values=False
    )
    assert faults == ()
    return validator
