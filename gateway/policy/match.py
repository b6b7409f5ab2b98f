"""A policy's `match`, compiled: whether it covers a route, and whether its conditions hold."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from gateway.domain.call import Fields, Json
from gateway.domain.frozen import frozen
from gateway.policy.match_rule import MatchRule

_ABSENT = object()
_ANY_SEGMENT: Final = "[^/]+"


@frozen
class PathSet:
    """Paths without wildcards as they are, those with some in one expression."""

    literal: frozenset[str]
    wild: re.Pattern[str] | None

    def __contains__(self, path: str) -> bool:
        """Whether any of the patterns covers the path."""
        return path in self.literal or (self.wild is not None and self.wild.fullmatch(path) is not None)


@frozen
class Condition:
    """One field, its name taken apart at the dots, and what must be true of its value."""

    names: tuple[str, ...]
    holds: Callable[[object], bool]


@frozen
class CompiledMatch:
    """See `gateway.policy.policy.Match`."""

    methods: frozenset[str]
    paths: PathSet
    folded_paths: PathSet
    conditions: tuple[Condition, ...]
    needs_fields: bool

    def covers_route(self, method: str, path: str, *, folded: bool = False) -> bool:
        """Whether method and canonical path are covered; `folded` compares without regard to case."""
        if method not in self.methods:
            return False
        return path.lower() in self.folded_paths if folded else path in self.paths

    def covers_fields(self, fields: Fields) -> bool:
        """Whether the conditions on fields hold."""
        return all(condition.holds(_value_at(fields, condition.names)) for condition in self.conditions)


def compile_match(rule: MatchRule) -> CompiledMatch:
    """Everything that can be known before a call comes."""
    paths = rule.all_paths
    return CompiledMatch(
        methods=frozenset(rule.methods),
        paths=_path_set(paths),
        folded_paths=_path_set([path.lower() for path in paths]),
        conditions=tuple(Condition(tuple(name.split(".")), _holds(wanted)) for name, wanted in rule.fields.items()),
        needs_fields=bool(rule.fields),
    )


def _path_set(paths: Sequence[str]) -> PathSet:
    wild = [path for path in paths if any(_is_wild(segment) for segment in path.split("/"))]
    expression = "|".join("/".join(_expression(segment) for segment in path.split("/")) for path in wild)
    return PathSet(frozenset(paths).difference(wild), re.compile(expression) if wild else None)


def _is_wild(segment: str) -> bool:
    return segment == "*" or segment.startswith("{")


def _expression(segment: str) -> str:
    return _ANY_SEGMENT if _is_wild(segment) else re.escape(segment)


def _value_at(fields: Fields, names: tuple[str, ...]) -> object:
    here: object = fields
    for name in names:
        if not isinstance(here, dict) or name not in here:
            return _ABSENT
        here = here[name]
    return here


def _holds(wanted: Json) -> Callable[[object], bool]:
    if isinstance(wanted, dict):
        return (lambda value: value is not _ABSENT) if wanted["exists"] else (lambda value: value is _ABSENT)
    values = wanted if isinstance(wanted, list) else [wanted]
    return lambda value: any(_same(value, each) for each in values)


def _same(value: object, wanted: Json) -> bool:
    """Equal as JSON values are: Python's `True == 1` is not meant."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
