"""Pydantic's errors in the words of whoever edits the file: which key, what is wrong, what would be right."""

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from gateway.policy.document import below
from gateway.policy.near_miss import nearest

_KINDS = {
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "list_type": "a list",
    "tuple_type": "a list",
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
_LONGEST_SHOWN = 60


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
    if kind == "union_tag_not_found":
        tags = [repr(tag) for each in _at(model, error["loc"]) for tag in _tags(each)]
        return f"the key {context['discriminator']} is missing: one of {', '.join(sorted(tags))}"
    if kind in ("enum", "literal_error"):
        return f"must be one of {_listed(context['expected'])}, not {describe(given)}"
    return _RARE.get(kind, _as_it_says)(error)


def describe(value: object) -> str:
    """A value as its author knows it, cut short."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            shown = repr(value)
            return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"


def unknown_key(name: str, known: tuple[str, ...]) -> str:
    """Name the nearest known key, or all of them."""
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"known keys: {', '.join(sorted(known)) or 'none'}"
    return f"unknown key {name[:_LONGEST_SHOWN]!r}; {hint}"


def known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys of the object at pydantic's path."""
    found = next((each for each in _at(model, loc) if _is_model(each)), None)
    return tuple(field.alias or name for name, field in found.model_fields.items()) if found else ()


def _at(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[Any, ...]:
    """What may stand at pydantic's path."""
    here: Any = model
    for part in loc:
        here = _inside(here, part)
    return _members(here)


def _missing(error: ErrorDetails) -> str:
    return f"the key {error['loc'][-1]!r} is missing"


def _pattern(error: ErrorDetails) -> str:
    return f"{describe(error['input'])} does not have the form {error['ctx']['pattern']}"


def _empty(error: ErrorDetails) -> str:
    return f"must have at least {error['ctx']['min_length']} characters"


def _tag(error: ErrorDetails) -> str:
    return f"`type` must be one of {_listed(error['ctx']['expected_tags'])}, not {error['ctx']['tag']!r}"


def _as_it_says(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ")


_RARE: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": _missing,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _empty,
    "union_tag_invalid": _tag,
    "too_short": lambda _: "must not be an empty list",
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
        if _is_model(member) and part in (fields := _by_key(member)):
            return fields[part]
        if _is_model(member) and len(members) > 1 and _is_tagged(member, part):
            return member
        if get_origin(member) in (dict, list):
            return get_args(member)[-1]
    return None


def _by_key(model: type[BaseModel]) -> dict[int | str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _is_tagged(model: type[BaseModel], tag: int | str) -> bool:
    return tag in _tags(model)


def _tags(model: Any) -> tuple[str, ...]:
    """The values of `type` by which one of several models is told."""
    field = model.model_fields.get("type") if _is_model(model) else None
    return get_args(field.annotation) if field is not None and get_origin(field.annotation) is Literal else ()
