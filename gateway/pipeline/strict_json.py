"""JSON that can be read in one way only: what a policy judges is what the upstream will read.

Python's parser takes duplicate keys, NaN, other encodings and lone surrogates; servers read those differently. They are
refused here. A number keeps its spelling, so that a changed body says `1e2` where its sender said `1e2`.
"""

import json
import math
import re
from typing import Any, Final, NoReturn

from gateway.domain.call import Json
from gateway.domain.problem import Problem, ProblemType, RequestError

MAX_DEPTH: Final = 128
MAX_MEMBERS: Final = 200_000

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_BRACKETS = frozenset(b"[]{}")
_ALL_BUT_BRACKETS = bytes(byte for byte in range(256) if byte not in _BRACKETS)


class NumberLiteral(float):
    """A number that remembers how it was spelt."""

    __slots__ = ("literal",)
    literal: str

    def __new__(cls, literal: str) -> "NumberLiteral":
        """Refuse what no double can hold: `1e999` would arrive as infinity."""
        number = super().__new__(cls, literal)
        if math.isinf(number):
            _refuse(f"the number {literal[:40]} is too large")
        number.literal = literal
        return number

    def __str__(self) -> str:
        """As it was spelt, also inside a template's text."""
        return self.literal


def parse(body: bytes) -> Json:
    """The body's value; raises RequestError (400) for anything that two readers could understand differently."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(f"the body is not UTF-8 (byte {error.start}); send JSON in UTF-8", error)
    if text.startswith("\ufeff"):
        _refuse("the body begins with a byte order mark; send it without")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH or body.count(b",") >= MAX_MEMBERS:
        _refuse_too_much(body)
    decoder = _WITH_NEGATIVE_ZERO if b"-0" in body else _PLAIN
    try:
        value: Json = decoder.decode(text)
    except json.JSONDecodeError as error:
        _refuse(f"the body is not JSON: {error.msg} at line {error.lineno} column {error.colno}", error)
    except (ValueError, RecursionError, MemoryError) as error:
        _refuse("the body is not JSON that can be read: a number is too long", error)
    if b"\\u" in body:
        _refuse_lone_surrogates(value)
    return value


def write(value: Json) -> bytes:
    """Compact UTF-8 JSON; numbers as they were spelt."""
    if _holds_literal(value):
        return _spell(value).encode()
    return _compact(value).encode()


def shown(body: bytes) -> Json:
    """A body for a person to look at: its value where it is JSON, else its text; never fails."""
    try:
        return parse(body) if body else None
    except RequestError:
        return body.decode("utf-8", "replace")


def _spell(value: Json) -> str:
    if isinstance(value, NumberLiteral):
        return value.literal
    if isinstance(value, dict):
        members = (f"{_compact(key)}:{_spell(item)}" for key, item in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_spell(item) for item in value) + "]"
    return _compact(value)


def _holds_literal(value: Json) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return isinstance(value, NumberLiteral)
    for item in value:  # noqa: SIM110  # a generator costs more than all that it asks
        if type(item) is not str and _holds_literal(item):
            return True
    return False


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        _refuse(f"the key {twice[:60]!r} stands twice in one object; servers differ in which one they take")
    return members


def _constant(name: str) -> NoReturn:
    _refuse(f"{name} is not JSON")


def _integer(literal: str) -> int | NumberLiteral:
    return NumberLiteral(literal) if literal == "-0" else int(literal)


_PLAIN = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_constant, parse_float=NumberLiteral)
_WITH_NEGATIVE_ZERO = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_constant, parse_float=NumberLiteral, parse_int=_integer
)
"""A hook for integers costs a call each, so only a body that may need it pays."""


def _refuse_too_much(body: bytes) -> None:
    """Count depth and members outside strings, before the parser meets them."""
    skeleton = _STRING.sub(b"", body)
    if skeleton.count(b",") >= MAX_MEMBERS:
        _refuse(f"the body has more than {MAX_MEMBERS:,} members")
    depth = 0
    for byte in skeleton.translate(None, _ALL_BUT_BRACKETS):
        depth += 1 if byte in b"{[" else -1
        if depth > MAX_DEPTH:
            _refuse(f"the body is nested deeper than {MAX_DEPTH} levels")


def _refuse_lone_surrogates(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        _refuse("the body holds half a surrogate pair (\\ud800 … \\udfff), which is no character", error)


def _refuse(detail: str, cause: BaseException | None = None) -> NoReturn:
    raise RequestError(Problem(ProblemType.MALFORMED_REQUEST, 400, detail)) from cause
