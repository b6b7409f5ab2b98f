"""Strict JSON with line numbers: no duplicate keys, no NaN; keys that start with `//` are comments."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.config.lines import Lines, Parsed
from gateway.domain.fault import Fault
from gateway.policy.document import below

COMMENT = "//"
DEEPEST = 100
_COMMA_LEFT_OVER = re.compile(r",\s*[}\]]")
_PIECE = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+|\n')


def read_json(file: str, source: str) -> Parsed | Fault:
    """The data without its comment keys, and the line of every value."""
    try:
        data = json.loads(source, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        return Fault(file, *_explained(error, source))
    except (ValueError, RecursionError) as error:
        return Fault(file, 0, "", f"is not JSON: {error}")
    walk = _Walk(file)
    for piece in _pieces(source):
        walk.step(*piece)
        if walk.fault:
            return walk.fault
    return Parsed(without_comments(data), Lines(walk.lines))


def without_comments(data: object) -> object:
    """The same data without the keys that start with `//`."""
    match data:
        case dict():
            return {key: without_comments(value) for key, value in data.items() if not key.startswith(COMMENT)}
        case list():
            return [without_comments(value) for value in data]
        case _:
            return data


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _explained(error: json.JSONDecodeError, source: str) -> tuple[int, str, str]:
    """Line, pointer and words of a syntax error; the usual slips by their own names."""
    comma = _COMMA_LEFT_OVER.search(source, max(source.rfind(",", 0, error.pos + 1), 0))
    if comma and comma.start() <= error.pos <= comma.end():
        line = source.count("\n", 0, comma.start()) + 1
        return line, "", "is not JSON: a comma must not stand before a closing bracket; remove it"
    return error.lineno, "", _explain(error, source)


def _explain(error: json.JSONDecodeError, source: str) -> str:
    rest = source[error.pos :].lstrip()
    if not source.strip():
        return "is empty; the smallest file is {}"
    if rest.startswith(("//", "/*", "#")):
        return 'JSON has no comments; write one as a key that starts with //, such as "//": "why"'
    if rest.startswith("'"):
        return "is not JSON: text stands in double quotes"
    return f"is not JSON: {error.msg[0].lower()}{error.msg[1:]} at column {error.colno}"


def _pieces(source: str) -> Iterator[tuple[str, int]]:
    line = 1
    for found in _PIECE.finditer(source):
        piece = found.group()
        if piece == "\n":
            line += 1
        else:
            yield piece, line


@dataclass(slots=True)
class _Level:
    """An object or array that is being walked; `key` is the member whose value comes next."""

    pointer: str
    is_object: bool
    key: str | None = None
    index: int = 0
    keys: set[str] = field(default_factory=set)

    def member(self) -> str:
        return below(self.pointer, self.index if self.key is None else self.key)


class _Walk:
    """Goes through the pieces of text that is known to be JSON, and notes where every value stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        self.fault: Fault | None = None
        self._levels: list[_Level] = []

    def step(self, piece: str, line: int) -> None:
        """One piece further."""
        level = self._levels[-1] if self._levels else None
        if piece == ":":
            return
        if piece == "," and level:
            level.key, level.index = None, level.index + 1
        elif piece in ("}", "]"):
            self._levels.pop()
        elif level and level.is_object and level.key is None:
            self._key(level, json.loads(piece), line)
        else:
            self._value(level, piece, line)

    def _key(self, level: _Level, key: str, line: int) -> None:
        if key in level.keys and not key.startswith(COMMENT):
            message = f"the key {key!r} stands here twice; keep one of them"
            self.fault = self.fault or Fault(self.file, line, below(level.pointer, key), message)
        level.key = key
        level.keys.add(key)
        self.lines[below(level.pointer, key)] = line

    def _value(self, level: _Level | None, piece: str, line: int) -> None:
        pointer = level.member() if level else ""
        self.lines.setdefault(pointer, line)
        if piece in ("{", "["):
            self._levels.append(_Level(pointer, piece == "{"))
        if len(self._levels) > DEEPEST:
            self.fault = Fault(self.file, line, "", f"is nested more than {DEEPEST} levels deep")
