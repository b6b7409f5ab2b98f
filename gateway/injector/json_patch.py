"""JSON Patch, as much of it as an injection needs: `add`, for the API server to carry out or for us to do here."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from gateway.injector.names import Manifest


def add(path: Sequence[str | int], value: object) -> Manifest:
    """One operation; each step of the path is a key or an index, and `-` is the place after the last item."""
    return {"op": "add", "path": "".join(f"/{_escaped(step)}" for step in path), "value": value}


def add_items(path: Sequence[str | int], present: object, items: Sequence[object]) -> list[Manifest]:
    """Operations that put items behind those of a list that may not be there yet."""
    if not items:
        return []
    return [add([*path, "-"], item) for item in items] if present else [add(path, list(items))]


def applied(document: Manifest, operations: Iterable[Manifest]) -> Manifest:
    """The document with the operations carried out; the one that was given stays as it is."""
    result = copy.deepcopy(document)
    for operation in operations:
        *way, last = [_unescaped(step) for step in operation["path"].split("/")[1:]]
        place: Any = result
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        _put(place, last, copy.deepcopy(operation["value"]))
    return result


def _put(place: Manifest | list[object], last: str, value: object) -> None:
    if isinstance(place, list):
        place.insert(len(place) if last == "-" else int(last), value)
    else:
        place[last] = value


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
