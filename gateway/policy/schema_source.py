"""A JSON Schema as an operator wrote it: checked keyword by keyword, and made ready to be compiled."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from gateway.domain.fault import Fault
from gateway.policy.document import Document, below
from gateway.policy.formats import FORMATS
from gateway.policy.keywords import HINT_KEYWORD, KNOWN, REFUSED, SIZE_KEYWORD, Reference
from gateway.policy.near_miss import folded
from gateway.policy.patterns import BadPattern, Pattern
from gateway.policy.plain_words import describe

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ONE = frozenset(
    {"additionalProperties", "items", "contains", "not", "if", "then", "else", "propertyNames"}
    | {"unevaluatedItems", "unevaluatedProperties"}
)
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"properties", "$defs", "definitions", "dependentSchemas"})
_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")
_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
_META = Draft202012Validator(Draft202012Validator.META_SCHEMA)


@dataclass(slots=True)
class Prepared:
    """A schema whose patterns are compiled and whose `$schema` and `$id` are taken off.

    `places` are the identities of all its parts, `references` its `$ref`s and their pointers, yet to be resolved.
    """

    schema: Any = True
    places: set[int] = field(default_factory=set)
    references: list[tuple[str, Reference]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def prepare(document: Document, pointer: str, schema: object, *, text_values: bool = False) -> Prepared:
    """Check the schema at a place in a file; `text_values` where the platform's values are all text."""
    prepared = Prepared(faults=list(_broken(document, pointer, schema)))
    if not prepared.faults:
        prepared.schema = _Walk(document, prepared, text_values).root(schema, pointer)
    return prepared


def _broken(document: Document, pointer: str, schema: object) -> Iterator[Fault]:
    """What JSON Schema itself forbids: `maxLength: "ten"`."""
    seen: set[str] = set()
    try:
        errors = sorted(_META.iter_errors(schema), key=lambda error: str(error.absolute_path))
    except RecursionError:
        yield document.fault(pointer, "the schema is nested too deeply")
        return
    for error in errors:
        place = below(pointer, *error.absolute_path)
        if place not in seen:
            seen.add(place)
            yield document.fault(place, _wanted(error))


def _wanted(error: ValidationError) -> str:
    """What JSON Schema has at this place."""
    if error.validator == "type":
        wanted: Any = error.validator_value
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return f"must be {' or '.join(_KINDS.get(kind, kind) for kind in kinds)}, not {describe(error.instance)}"
    if error.absolute_path and error.absolute_path[-1] == "type":
        return f"must be one of {', '.join(_TYPES)}, or a list of these, not {describe(error.instance)}"
    return f"is no JSON Schema: {error.message[:200]}"


class _Walk:
    """Goes through a schema that is known to be one, and copies it part by part."""

    def __init__(self, document: Document, prepared: Prepared, text_values: bool) -> None:
        self._document = document
        self._prepared = prepared
        self._text_values = text_values

    def root(self, schema: Any, pointer: str) -> Any:
        """The whole schema; only here may it name its dialect."""
        if not isinstance(schema, dict):
            return schema
        if schema.get("$schema", DIALECT).rstrip("#") != DIALECT:
            self._fault(
                below(pointer, "$schema"), f"only JSON Schema 2020-12 is read; write {DIALECT}, or leave it out"
            )
        return self._schema({key: value for key, value in schema.items() if key not in ("$schema", "$id")}, pointer)

    def _schema(self, schema: Any, pointer: str) -> Any:
        if not isinstance(schema, dict):
            return schema
        copy = {keyword: self._keyword(keyword, value, below(pointer, keyword)) for keyword, value in schema.items()}
        self._prepared.places.add(id(copy))
        return copy

    def _keyword(self, keyword: str, value: Any, pointer: str) -> Any:
        if keyword in _ONE:
            return self._schema(value, pointer)
        if keyword in _LISTS:
            return [self._schema(each, below(pointer, at)) for at, each in enumerate(value)]
        if keyword in _MAPS:
            return {name: self._schema(each, below(pointer, name)) for name, each in value.items()}
        return self._leaf(keyword, value, pointer)

    def _leaf(self, keyword: str, value: Any, pointer: str) -> Any:
        match keyword:
            case "pattern":
                return self._pattern(value, pointer)
            case "$ref":
                reference = Reference(value)
                self._prepared.references.append((pointer, reference))
                return reference
            case "enum":
                for at, each in enumerate(value):
                    self._text(each, below(pointer, at))
            case "const":
                self._text(value, pointer)
            case _:
                self._other(keyword, value, pointer)
        return value

    def _pattern(self, value: str, pointer: str) -> str:
        try:
            return Pattern(value)
        except BadPattern as error:
            self._fault(pointer, f"the pattern cannot be used: {error}")
            return value

    def _text(self, value: object, pointer: str) -> None:
        if self._text_values and isinstance(value, bool | int | float):
            spelt = str(value).lower()
            self._fault(
                pointer, f'ServiceNow\'s values are text, so {spelt} never equals one; write "{spelt}" in quotes'
            )

    def _other(self, keyword: str, value: object, pointer: str) -> None:
        if keyword in REFUSED:
            self._fault(pointer, f"{keyword} cannot be used in a policy; {REFUSED[keyword]}")
        elif keyword in ("$schema", "$id"):
            self._fault(pointer, f"{keyword} may only stand at the top of a schema file; remove it")
        elif keyword == "format" and value not in FORMATS:
            self._fault(pointer, f"the format {value!r} is not checked; use one of {', '.join(FORMATS)}, or `pattern`")
        elif keyword == SIZE_KEYWORD and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            self._fault(pointer, f"{SIZE_KEYWORD} must be a whole number of characters")
        elif keyword == HINT_KEYWORD and not isinstance(value, str):
            self._fault(pointer, f"{HINT_KEYWORD} must be text")
        elif keyword not in KNOWN and (near := _near_keyword(keyword)):
            self._fault(pointer, f"JSON Schema has no keyword {keyword!r}; did you mean {near!r}?")

    def _fault(self, pointer: str, message: str) -> None:
        self._prepared.faults.append(self._document.fault(pointer, message))


def _near_keyword(keyword: str) -> str | None:
    """Unknown keywords are allowed by JSON Schema and check nothing, so a slip would go unseen."""
    by_folded = {folded(each): each for each in KNOWN}
    near = difflib.get_close_matches(folded(keyword), by_folded, n=1, cutoff=0.85)
    return by_folded[near[0]] if near else None
