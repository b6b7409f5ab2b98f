import pytest

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
