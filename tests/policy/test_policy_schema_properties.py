from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from gateway.policy.document import Document
from gateway.policy.schema import SchemaValidator, compile_schema, shelve

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


@cache
def everything() -> SchemaValidator:
    document = Document("a.yaml", EVERYTHING, lambda _: 1)
    validator, faults = compile_schema(document, "", EVERYTHING, shelve(())[0], text_values=False)
    assert faults == ()
    assert validator is not None
    return validator


@settings(max_examples=150, deadline=None)
@given(fields=st.dictionaries(NAMES | st.text(max_size=8), JSON, max_size=6), display_values=st.booleans())
def test_no_json_whatever_makes_a_validator_fail(fields, display_values):
    violations = everything()(fields, display_values=display_values)

    assert list(violations) == sorted(violations)
    assert all(each.message for each in violations)


@settings(max_examples=300, deadline=None)
@given(fields=st.dictionaries(NAMES | st.text(max_size=8), JSON, max_size=6), display_values=st.booleans())
def test_the_quick_yes_says_what_jsonschema_says(fields, display_values):
    judge = everything().display if display_values else everything().stored

    assert judge.passes(fields) is (next(judge.errors(fields), None) is None)


PLAIN = {
    "required": ["a"],
    "properties": {
        "a": {"type": "string", "maxLength": 3, "pattern": "^[a-z0]"},
        "b": {"enum": ["1", 2, None, {"k": [1]}]},
        "c": {"type": ["object", "array"], "minProperties": 1, "minItems": 1},
        "d": {"items": {"$ref": "#/properties/a"}, "uniqueItems": True},
        "e": {"minimum": 3, "type": "integer", "not": {"const": 4}},
        "f": {"$ref": "#"},
        "g": False,
    },
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
}


@settings(max_examples=150, deadline=None)
@given(fields=st.dictionaries(NAMES | st.text(max_size=3), JSON, max_size=6))
def test_the_verdict_is_the_one_of_jsonschema(fields):
    validate = compiled_once()

    assert (validate(fields) == ()) is Draft202012Validator(PLAIN, registry=Registry()).is_valid(fields)


@cache
def compiled_once() -> SchemaValidator:
    document = Document("a.yaml", PLAIN, lambda _: 1)
    validator, _ = compile_schema(document, "", PLAIN, shelve(())[0], text_values=False)
    assert validator is not None
    return validator
