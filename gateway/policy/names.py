"""The field names that a schema speaks of."""

from collections.abc import Iterator
from typing import Any

_IN_PLACE = ("allOf", "anyOf", "oneOf")
_DEEPEST = 8


def names_in(schema: Any, depth: int = 0) -> Iterator[str]:
    """Every name that the schema describes or requires, on its first level of fields."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    yield from schema.get("properties", {})
    yield from schema.get("required", ())
    for keyword in _IN_PLACE:
        for part in schema.get(keyword, ()):
            yield from names_in(part, depth + 1)
