"""A policy's `match`, compiled: whether it covers a route, and whether its conditions hold."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from gateway.domain.call import Fields, Json
from gateway.domain.frozen import frozen
from gateway.policy.match_rule import MatchRule

_Pattern: TypeAlias = tuple[str | None, ...]
_ABSENT = object()


@frozen
class PathSet:
    """Paths without wildcards in a set, the others segment by segment; None stands for any one segment."""

    literal: frozenset[str]
    patterns: tuple[_Pattern, ...]

    def __contains__(self, path: str) -> bool:
        """Whether any of the patterns covers the path."""
        if path in self.literal:
            return True
        if not self.patterns:
            return False
        segments = path.split("/")
        return any(_fits(pattern, segments) for pattern in self.patterns)


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

    @property
    def needs_fields(self) -> bool:
        """Whether conditions on fields have a say."""
        return bool(self.conditions)

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
    )


def _path_set(paths: Iterable[str]) -> PathSet:
    split = [_split(path) for path in paths]
    literal = frozenset("/".join(segment or "" for segment in pattern) for pattern in split if None not in pattern)
    return PathSet(literal, tuple(pattern for pattern in split if None in pattern))


def _split(path: str) -> _Pattern:
    return tuple(None if segment == "*" or segment.startswith("{") else segment for segment in path.split("/"))


def _fits(pattern: _Pattern, segments: list[str]) -> bool:
    if len(pattern) != len(segments):
        return False
    return all(
        given == wanted if wanted is not None else given for wanted, given in zip(pattern, segments, strict=True)
    )


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
