"""Pydantic's errors in the words of whoever edits the file: which key, what is wrong, what would be right."""

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gateway.domain.fault import Fault
from gateway.policy.document import Document, below
from gateway.policy.near_miss import nearest

M = TypeVar("M", bound=BaseModel)

_KINDS = {
    "dict_type": "an object",
    "model_type": "an object",
    "tuple_type": "a list",
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
_RARE = {"string_too_short": "must not be empty", "too_short": "must not be an empty list"}
_LONGEST_SHOWN = 60


def read_model(model: type[M], data: object, document: Document, pointer: str = "") -> M | tuple[Fault, ...]:
    """The data as a model, or every fault in it; `pointer` says where in the document the data stands."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        return tuple(document.fault(_pointer(pointer, each, data), _message(each, model)) for each in details)


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


def _pointer(pointer: str, error: ErrorDetails, data: object) -> str:
    """Only as far as the data goes: pydantic's path also names what it tried."""
    here = data
    for part in error["loc"]:
        inside = part in here if isinstance(here, dict) else isinstance(here, list) and isinstance(part, int)
        if not inside:
            break
        pointer = below(pointer, part)
        here = here[part]  # type: ignore[index]  # `inside` has looked
    return pointer


def _message(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    match kind:
        case "extra_forbidden":
            return unknown_key(str(error["loc"][-1]), _known_keys(model, error["loc"][:-1]))
        case "enum" | "literal_error":
            return f"must be one of {str(context['expected']).replace(' or ', ', ')}, not {describe(given)}"
        case "string_pattern_mismatch":
            return f"{describe(given)} does not have the form {context['pattern']}"
        case _ if kind in _KINDS:
            return f"must be {_KINDS[kind]}, not {describe(given)}"
        case _ if kind in _BOUNDS:
            words, name = _BOUNDS[kind]
            return f"must be {words} {context[name]}, not {describe(given)}"
        case "missing":
            return f"the key {error['loc'][-1]!r} is missing"
        case _:
            return _RARE.get(kind, error["msg"])


def unknown_key(name: str, known: tuple[str, ...]) -> str:
    """Name the nearest known key, or all of them."""
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"known keys: {', '.join(sorted(known)) or 'none'}"
    return f"unknown key {name[:_LONGEST_SHOWN]!r}; {hint}"


def _known_keys(model: type[BaseModel], path: tuple[int | str, ...]) -> tuple[str, ...]:
    here: type[BaseModel] | None = model
    for part in path:
        fields = _by_key(here) if here else {}
        here = _model_in(fields[str(part)]) if str(part) in fields else here
    return tuple(_by_key(here)) if here else ()


def _by_key(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
