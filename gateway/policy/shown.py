"""How values are named in messages: enough to recognise them, never more than a line of a client's text."""

import json
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 60

_KINDS = {bool: "true or false", dict: "an object", list: "a list", str: "text", type(None): "null"}
_TYPES = {
    "string": "text",
    "object": "an object",
    "array": "a list",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def shown(value: object) -> str:
    """The value as JSON where it is short, its beginning where it is long, its kind where it has parts."""
    if isinstance(value, dict | list):
        return kind_of(value)
    text = json.dumps(value[:LONGEST] if isinstance(value, str) else value, ensure_ascii=False)
    is_whole = len(text) <= LONGEST and not (isinstance(value, str) and len(value) > LONGEST)
    return text if is_whole else f"{text[: LONGEST - 2]}…" + ('"' if isinstance(value, str) else "")


def shown_name(name: str) -> str:
    """A field's name; a long one is cut."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def shown_choices(values: Iterable[object], most: int = 20) -> str:
    """The allowed values, the first of them where they are many."""
    listed = list(values)
    told = ", ".join(shown(value) for value in listed[:most])
    return told if len(listed) <= most else f"{told} and {len(listed) - most} more"


def kind_of(value: object) -> str:
    """What sort of JSON value it is."""
    return _KINDS.get(type(value), "a number")


def name_of_type(types: str | list[str]) -> str:
    """JSON Schema's `type` in words."""
    return " or ".join(_TYPES[each] for each in ([types] if isinstance(types, str) else types))
