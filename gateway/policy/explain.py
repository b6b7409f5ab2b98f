"""A schema error in the words of whoever sent the ticket: which field, what is allowed, what was given."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from gateway.domain.problem import Code, Violation
from gateway.policy.keywords import FORBIDDEN, HINT_KEYWORD, SIZE_KEYWORD, json_text
from gateway.policy.near_miss import nearest
from gateway.policy.shown import kind_of, name_of_type, shown, shown_choices, shown_name

_Error: TypeAlias = Any


def explain(error: _Error) -> Iterator[Violation]:
    """The violations of one error of jsonschema's; some errors stand for several."""
    if error.validator in ("anyOf", "oneOf"):
        yield from _alternatives(error)
    elif error.validator in _NAMING:
        code, say = _NAMING[error.validator]
        for name, message in say(error):
            yield Violation(_field(error, name), code, _hinted(error, message))
    elif list(error.schema_path)[-2:-1] == ["propertyNames"]:
        message = f"is a field name that is not allowed: {_say(error)}"
        yield Violation(_field(error, str(error.instance)), Code.UNKNOWN_FIELD, _hinted(error, message))
    else:
        code = _SAYINGS[error.validator][0] if error.validator in _SAYINGS else Code.INVALID
        yield Violation(_field(error), code, _hinted(error, _say(error)))


def _field(error: _Error, *below: str) -> str:
    return ".".join(shown_name(str(part)) for part in (*error.absolute_path, *below))


def _say(error: _Error) -> str:
    if error.validator in _SAYINGS:
        return _SAYINGS[error.validator][1](error.instance, error.validator_value)
    return f"breaks the rule {error.validator!r} of the policy"


def _hinted(error: _Error, message: str) -> str:
    hint = error.schema.get(HINT_KEYWORD) if isinstance(error.schema, dict) else None
    return f"{message}; {hint}" if hint else message


def _alternatives(error: _Error) -> Iterator[Violation]:
    """The branch that was meant, where that can be told; else what all of them want."""
    branches: dict[int, list[_Error]] = {}
    for each in error.context:
        branches.setdefault(each.schema_path[0], []).append(each)
    meant = [branch for branch in branches.values() if not _of_another_type(branch, error)]
    if len(meant) == 1:
        for each in meant[0]:
            yield from explain(each)
        return
    yield Violation(_field(error), *_what_all_want(error, list(branches.values()), meant))


def _of_another_type(branch: list[_Error], error: _Error) -> bool:
    return any(each.validator == "type" and each.absolute_path == error.absolute_path for each in branch)


def _what_all_want(error: _Error, branches: list[list[_Error]], meant: list[list[_Error]]) -> tuple[Code, str]:
    if not branches:
        return Code.INVALID, _hinted(error, "fits several forms of which only one is allowed")
    if not meant:
        kinds = dict.fromkeys(name_of_type(each.validator_value) for branch in branches for each in branch[:1])
        return Code.WRONG_TYPE, _hinted(error, f"must be {' or '.join(kinds)}, not {kind_of(error.instance)}")
    if all(each.validator == "required" for branch in meant for each in branch):
        names = dict.fromkeys(name for branch in meant for name in branch[0].validator_value)
        return Code.REQUIRED, _hinted(error, f"needs one of: {', '.join(names)}")
    nearest_branch = min(meant, key=len)
    first = next(explain(nearest_branch[0]))
    return Code.INVALID, _hinted(error, f"fits none of the allowed forms; nearest: {first.field} {first.message}")


def _required(error: _Error) -> Iterator[tuple[str, str]]:
    for name in error.validator_value:
        if name not in error.instance:
            yield name, "is required"


def _required_beside(error: _Error) -> Iterator[tuple[str, str]]:
    for given, others in error.validator_value.items():
        for name in others:
            if given in error.instance and name not in error.instance:
                yield name, f"is required where {given!r} is given"


def _unknown(error: _Error) -> Iterator[tuple[str, str]]:
    known = error.schema.get("properties", {})
    for name in error.instance:
        if name not in known:
            near = nearest(name, known)
            yield name, f"is not a field of this ticket{f'; did you mean {near!r}?' if near else ''}"


_NAMING: Final[Mapping[str, tuple[Code, Callable[[_Error], Iterator[tuple[str, str]]]]]] = {
    "required": (Code.REQUIRED, _required),
    "dependentRequired": (Code.REQUIRED, _required_beside),
    "additionalProperties": (Code.UNKNOWN_FIELD, _unknown),
}
"""Errors that jsonschema reports of the whole object, although a member is at fault."""


def _not_allowed(value: object, allowed: list[object]) -> str:
    message = f"{shown(value)} is not allowed; allowed: {shown_choices(allowed)}"
    if isinstance(value, str):
        meant = next((each for each in allowed if isinstance(each, str) and _alike(each, value)), None)
        return message if meant is None else f"{message}; did you mean {shown(meant)}? Case and spaces count"
    if isinstance(value, int | float) and shown(value) in allowed:
        return f'{message}; send it as text: "{shown(value)}"'
    return message


def _alike(one: str, other: str) -> bool:
    return one.casefold() == other[: 4 * len(one) + 20].strip().casefold()


def _length(value: object, unit: str = "character") -> str:
    count = len(value) if isinstance(value, str | list | dict) else len(json_text(value))
    return f"has {count:,} {unit}" + ("" if count == 1 else "s")


_Say: TypeAlias = Callable[[Any, Any], str]

_SAYINGS: Final[Mapping[str | None, tuple[Code, _Say]]] = {
    None: (Code.NOT_ALLOWED, lambda _value, _: "must not be given"),
    FORBIDDEN: (Code.NOT_ALLOWED, lambda _value, _: "must not be given"),
    "type": (Code.WRONG_TYPE, lambda value, types: f"must be {name_of_type(types)}, not {kind_of(value)}"),
    "enum": (Code.NOT_ALLOWED, _not_allowed),
    "const": (Code.NOT_ALLOWED, lambda value, only: _not_allowed(value, [only])),
    "pattern": (Code.PATTERN_MISMATCH, lambda value, pattern: f"{shown(value)} does not match {shown_name(pattern)}"),
    "format": (Code.BAD_FORMAT, lambda value, name: f"{shown(value)} is no {name}"),
    "maxLength": (Code.TOO_LONG, lambda value, most: f"{_length(value)}; at most {most:,} are allowed"),
    "minLength": (Code.TOO_SHORT, lambda value, least: f"{_length(value)}; at least {least:,} must be given"),
    "maxItems": (Code.TOO_LONG, lambda value, most: f"{_length(value, 'item')}; at most {most:,} are allowed"),
    "minItems": (Code.TOO_SHORT, lambda value, least: f"{_length(value, 'item')}; at least {least:,} must be given"),
    "maxProperties": (Code.TOO_LONG, lambda value, most: f"{_length(value, 'member')}; at most {most:,} are allowed"),
    "minProperties": (
        Code.TOO_SHORT,
        lambda value, least: f"{_length(value, 'member')}; at least {least:,} must be given",
    ),
    "minimum": (Code.OUT_OF_RANGE, lambda value, least: f"{shown(value)} is less than {least}"),
    "maximum": (Code.OUT_OF_RANGE, lambda value, most: f"{shown(value)} is more than {most}"),
    "exclusiveMinimum": (Code.OUT_OF_RANGE, lambda value, bound: f"{shown(value)} must be more than {bound}"),
    "exclusiveMaximum": (Code.OUT_OF_RANGE, lambda value, bound: f"{shown(value)} must be less than {bound}"),
    "multipleOf": (Code.OUT_OF_RANGE, lambda value, unit: f"{shown(value)} is not a multiple of {unit}"),
    "uniqueItems": (Code.INVALID, lambda _value, _: "holds an item twice"),
    "contains": (Code.INVALID, lambda _value, _: "lacks an item that the policy asks for"),
    "not": (Code.INVALID, lambda _value, _: "is what the policy does not allow"),
    SIZE_KEYWORD: (
        Code.TOO_LONG,
        lambda value, most: f"is {len(json_text(value)):,} characters long as JSON; at most {most:,} are allowed",
    ),
}
