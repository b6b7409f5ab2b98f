"""Pydantic's errors in the words of whoever edits the file: which key, what is wrong, what would be right."""

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from gateway.policy.document import below
from gateway.policy.model_faults import describe, unknown_key

_KINDS = {
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "list_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
}
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def pointer_to(error: ErrorDetails, data: object) -> str:
    """Where in the data the error lies; pydantic's path also names union members, which the data does not."""
    pointer, here, parts = "", data, list(error["loc"])
    for place, part in enumerate(parts):
        inside = _has(here, part)
        if not inside and (place < len(parts) - 1 or error["type"] != "missing"):
            continue
        if part == "[key]":
            continue
        pointer = below(pointer, part)
        here = here[part] if inside else None  # type: ignore[index]  # `_has` has looked
    return pointer


def message_for(error: ErrorDetails, model: type[BaseModel]) -> str:
    """One plain sentence; never pydantic's own jargon."""
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    if kind == "extra_forbidden":
        return unknown_key(str(error["loc"][-1]), known_keys(model, error["loc"][:-1]))
    if kind in _KINDS:
        return f"must be {_KINDS[kind]}, not {describe(given)}"
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        return f"must be {words} {context[name]}, not {describe(given)}"
    if kind in ("enum", "literal_error"):
        return f"must be one of {_listed(context['expected'])}, not {describe(given)}"
    return _RARE.get(kind, _as_it_says)(error)


def known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys of the object at pydantic's path."""
    here: Any = model
    for part in loc:
        here = _inside(here, part)
    found = next((each for each in _members(here) if _is_model(each)), None)
    return tuple(found.model_fields) if found else ()


def _missing(error: ErrorDetails) -> str:
    return f"the key {error['loc'][-1]!r} is missing"


def _pattern(error: ErrorDetails) -> str:
    return f"{describe(error['input'])} does not have the form {error['ctx']['pattern']}"


def _empty(error: ErrorDetails) -> str:
    return f"must have at least {error['ctx']['min_length']} characters"


def _tag(error: ErrorDetails) -> str:
    return f"`type` must be one of {_listed(error['ctx']['expected_tags'])}, not {error['ctx']['tag']!r}"


def _no_tag(_error: ErrorDetails) -> str:
    return "the key 'type' is missing: one of 'basic', 'bearer', 'header', 'none'"


def _as_it_says(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ")


_RARE: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": _missing,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _empty,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _no_tag,
}


def _listed(expected: object) -> str:
    return str(expected).replace(" or ", ", ")


def _has(data: object, part: int | str) -> bool:
    match data:
        case dict():
            return part in data
        case list():
            return isinstance(part, int) and part < len(data)
        case _:
            return False


def _members(annotation: Any) -> tuple[Any, ...]:
    """The types an annotation allows, wrappers taken off."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return tuple(member for each in get_args(annotation) for member in _members(each))
    return (annotation,)


def _inside(annotation: Any, part: int | str) -> Any:
    """What the annotation says about one member."""
    members = _members(annotation)
    for member in members:
        if _is_model(member) and part in member.model_fields:
            return member.model_fields[part].annotation
        if _is_model(member) and len(members) > 1 and _is_tagged(member, part):
            return member
        if get_origin(member) in (dict, list):
            return get_args(member)[-1]
    return None


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _is_tagged(model: type[BaseModel], tag: int | str) -> bool:
    field = model.model_fields.get("type")
    return field is not None and get_origin(field.annotation) is Literal and tag in get_args(field.annotation)
