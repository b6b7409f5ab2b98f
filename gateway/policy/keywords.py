"""JSON Schema's keywords as the gateway checks them.

jsonschema's own `pattern` would run `re` on clients' text, `uniqueItems` takes quadratic time, `multipleOf` fails on
huge numbers, `format` checks nothing, and `$ref` is looked up in every call; the others are jsonschema's.
"""

import json
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import create

from gateway.policy.formats import FORMATS
from gateway.policy.patterns import Pattern

SIZE_KEYWORD: Final = "x-max-json-length"
"""Characters of a value's compact JSON: how Jira bounds a rich-text document."""

HINT_KEYWORD: Final = "x-hint"
"""A sentence that is added to the message of whatever breaks this part of the schema."""

FORBIDDEN: Final = "false"
"""Stands for the keyword of a property whose schema is `false`: it must not be there."""

_Errors = Iterator[ValidationError]


class Reference(str):
    """A `$ref` that was resolved when the policy was compiled."""

    __slots__ = ("resolver", "target")
    resolver: Any
    target: Any


def _reference(validator: Any, reference: Reference, value: object, _: object) -> _Errors:
    yield from validator.descend(value, reference.target, resolver=reference.resolver)


def _pattern(_: Any, pattern: Pattern, value: object, __: object) -> _Errors:
    if isinstance(value, str) and not pattern.finds(value):
        yield ValidationError("pattern")


def _format(_: Any, name: str, value: object, __: object) -> _Errors:
    if isinstance(value, str) and not FORMATS[name](value):
        yield ValidationError("format")


def _unique_items(_: Any, wanted: bool, value: object, __: object) -> _Errors:
    if wanted and isinstance(value, list) and len({_canonical(each) for each in value}) < len(value):
        yield ValidationError("uniqueItems")


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _multiple_of(_: Any, unit: float, value: object, __: object) -> _Errors:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    endless = isinstance(value, float) and not math.isfinite(value)
    if endless or (_exact(value) / _exact(unit)).denominator != 1:
        yield ValidationError("multipleOf")


def _exact(number: float) -> Fraction:
    return Fraction(number) if isinstance(number, int) else Fraction(repr(float(number)))


def _properties(validator: Any, properties: Mapping[str, Any], value: object, _: object) -> _Errors:
    """Go by what was given: a schema may name a hundred fields, a ticket has ten."""
    if not isinstance(value, dict):
        return
    for name, inside in value.items():
        part = properties.get(name, True)
        if part is False:
            yield ValidationError(FORBIDDEN, validator=FORBIDDEN, path=(name,), instance=inside, schema=part)
        elif part is not True:
            yield from validator.descend(inside, part, path=name, schema_path=name)


def _max_json_length(_: Any, most: int, value: object, __: object) -> _Errors:
    if len(json_text(value)) > most:
        yield ValidationError(SIZE_KEYWORD)


def json_text(value: object) -> str:
    """The compact JSON of a value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_KEYWORDS: Final = {
    **Draft202012Validator.VALIDATORS,
    "$ref": _reference,
    "pattern": _pattern,
    "format": _format,
    "uniqueItems": _unique_items,
    "multipleOf": _multiple_of,
    "properties": _properties,
    SIZE_KEYWORD: _max_json_length,
}

REFUSED: Final[Mapping[str, str]] = {
    "patternProperties": "name the fields in `properties`, or bound their names by `propertyNames`",
    "$dynamicRef": "use $ref",
    "$dynamicAnchor": "use $defs and $ref",
    "$anchor": "refer to the place by its pointer, as in #/$defs/name",
}
"""Keywords that a policy cannot use, and what to write instead."""

COMPARING: Final = frozenset({"enum", "const", "pattern", "format"})
"""Keywords that look at a stored value: a display value (`2 - Medium`) cannot be held against them."""

_TURNING = frozenset({"not", "if", "oneOf", "contains", "unevaluatedProperties", "unevaluatedItems"})
"""Keywords that may refuse because something inside them is fine: where nothing is compared, they refuse wrongly."""

_SILENT = {"$schema", "$id", "$defs", "$comment", "definitions", "title", "description", "default", "examples"} | {
    *("deprecated", "readOnly", "writeOnly", "contentMediaType", "contentEncoding", HINT_KEYWORD)
}
KNOWN: Final = frozenset(_KEYWORDS) | _SILENT | {"then", "else", "minContains", "maxContains"}


def _dialect(keywords: Mapping[str, Any]) -> Any:
    return create(
        meta_schema=Draft202012Validator.META_SCHEMA,
        validators=keywords,
        type_checker=Draft202012Validator.TYPE_CHECKER,
        id_of=lambda schema: schema.get("$id", "") if isinstance(schema, Mapping) else "",
    )


STORED_VALUES: Final = _dialect(_KEYWORDS)
"""Checks tickets whose values are the stored ones."""

DISPLAY_VALUES: Final = _dialect({name: check for name, check in _KEYWORDS.items() if name not in COMPARING | _TURNING})
"""Checks tickets whose values are display values: presence, type and size only."""
