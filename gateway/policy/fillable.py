"""JSON values with placeholders in their texts: compiled once, filled in one pass, at any depth."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Final, TypeAlias

from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen
from gateway.domain.problem import Code, Violation
from gateway.policy.document import Document, below
from gateway.policy.placeholders import BadPlaceholder, Placeholder, Text, take_apart
from gateway.policy.shown import kind_of

LONGEST_TEXT: Final = 100_000
"""Characters in one filled text; a short template must not become a flood."""

LEFT_OUT: Final = object()
"""Instead of a value: the field or list entry is not there at all."""


@frozen
class Filling:
    """One pass over one template: the values of its variables, and what went wrong on the way.

    An optional variable without a value is absent from `values`.
    """

    values: Mapping[str, object]
    violations: list[Violation] = field(default_factory=list)

    def object_to(self, code: Code, place: str, message: str) -> None:
        """Note a violation and go on, so that all are told at once."""
        self.violations.append(Violation(place, code, message))


Fill: TypeAlias = Callable[[Filling], object]
"""A compiled value: what it becomes under these variables; `LEFT_OUT` where it falls away."""


@frozen
class Compilation:
    """Compiles the values of one file; collects its faults and the names its placeholders use, in order."""

    document: Document
    faults: list[Fault] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)

    def value(self, value: object, pointer: str, place: str) -> Fill:
        """The compiled form of a value anywhere in a file; `place` is its dot path inside the ticket."""
        match value:
            case str():
                return self._text(value, pointer, place)
            case dict():
                return _filled_object(
                    {name: self.value(each, below(pointer, name), _inside(place, name)) for name, each in value.items()}
                )
            case list():
                return _filled_list(
                    [self.value(each, below(pointer, at), _inside(place, at)) for at, each in enumerate(value)]
                )
            case _:
                return lambda _: value

    def _text(self, text: str, pointer: str, place: str) -> Fill:
        apart = take_apart(text)
        if isinstance(apart, BadPlaceholder):
            self.faults.append(self.document.fault(pointer, str(apart)))
            return lambda _: text
        self.names.update(dict.fromkeys(piece.name for piece in apart if isinstance(piece, Placeholder)))
        match apart:
            case (Placeholder(name=name),):
                return lambda filling: filling.values.get(name, LEFT_OUT)
            case () | (str(),):
                plain = "".join(piece for piece in apart if isinstance(piece, str))
                return lambda _: plain
            case _:
                return lambda filling: _joined(apart, filling, place)


def _filled_object(members: Mapping[str, Fill]) -> Fill:
    def fill(filling: Filling) -> object:
        filled = ((name, member(filling)) for name, member in members.items())
        return {name: value for name, value in filled if value is not LEFT_OUT}

    return fill


def _filled_list(entries: list[Fill]) -> Fill:
    return lambda filling: [value for entry in entries if (value := entry(filling)) is not LEFT_OUT]


def _joined(pieces: Text, filling: Filling, place: str) -> str:
    texts = list(_texts(pieces, filling, place))
    length = sum(map(len, texts))
    if length > LONGEST_TEXT:
        filling.object_to(
            Code.TOO_LONG, place, f"has {length:,} characters once filled in; at most {LONGEST_TEXT:,} are allowed"
        )
        return ""
    return "".join(texts)


def _texts(pieces: Text, filling: Filling, place: str) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        match filling.values.get(piece.name, ""):
            case str() as text:
                yield text
            case bool() | int() | float() as scalar:
                yield spelt(scalar)
            case other:
                wanted = f"stands inside the text of {place}, so it must be text, a number or true/false"
                message = f"{wanted}, not {kind_of(other)}"
                filling.object_to(Code.WRONG_TYPE, piece.name, message)


def spelt(scalar: bool | float) -> str:
    """As JSON spells it; a float that remembers its literal may say so by its `str`."""
    return str(scalar) if isinstance(scalar, float) else json.dumps(scalar)


def _inside(place: str, part: str | int) -> str:
    return f"{place}.{part}" if place else str(part)
