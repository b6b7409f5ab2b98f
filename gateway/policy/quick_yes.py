"""The quick yes: whether a value keeps a whole schema, for the many tickets that do; jsonschema words the rest.

jsonschema makes a validator for every part of a schema in every ticket. Here the parts become plain functions, once.
What is not spelt out below is asked of the very keyword that jsonschema would ask, so the two cannot disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Passes: TypeAlias = Callable[[Any], bool]

_TYPES: Final[Mapping[str, type]] = {"string": str, "object": dict, "array": list, "boolean": bool}


def quick_yes(validator: Any) -> Passes:
    """The same verdict as the validator's `is_valid`."""
    return _Parts(validator).whole(validator.schema)


@dataclass(slots=True)
class _Parts:
    """Makes the functions, one for every part; a part that is reached again is not made again."""

    validator: Any
    made: dict[int, Passes] = field(default_factory=dict)

    def whole(self, schema: Any) -> Passes:
        """All keywords of one part together."""
        if isinstance(schema, bool):
            return lambda _value: schema
        place = id(schema)
        if place not in self.made:
            self.made[place] = self._later(place)
            known = self.validator.VALIDATORS.keys() & schema.keys()
            checks = [self._keyword(keyword, schema) for keyword in schema if keyword in known]
            self.made[place] = checks[0] if len(checks) == 1 else _all(tuple(checks))
        return self.made[place]

    def _later(self, place: int) -> Passes:
        """Stands for a part that is just being made, where a `$ref` leads back to it."""

        def passes(value: Any) -> bool:
            return self.made[place](value)

        return passes

    def _keyword(self, keyword: str, schema: Mapping[str, Any]) -> Passes:
        wanted = schema[keyword]
        match keyword:
            case "properties":
                return _members({name: self.whole(part) for name, part in wanted.items() if part is not True})
            case "allOf":
                return _all(tuple(self.whole(part) for part in wanted))
            case "if":
                return self._branches(schema)
            case "$ref":
                inside = self.validator.evolve(schema=wanted.target, _resolver=wanted.resolver)
                return _Parts(inside, self.made).whole(wanted.target)
            case _:
                return _plain(keyword, wanted) or self._asked(keyword, schema)

    def _branches(self, schema: Mapping[str, Any]) -> Passes:
        holds, then, otherwise = (self.whole(schema.get(keyword, True)) for keyword in ("if", "then", "else"))
        return lambda value: then(value) if holds(value) else otherwise(value)

    def _asked(self, keyword: str, schema: Mapping[str, Any]) -> Passes:
        check, validator, wanted = self.validator.VALIDATORS[keyword], self.validator, schema[keyword]
        return lambda value: next(iter(check(validator, wanted, value, schema) or ()), None) is None


def _all(checks: tuple[Passes, ...]) -> Passes:
    def passes(value: Any) -> bool:
        for check in checks:  # noqa: SIM110  # a generator costs more than all that it asks
            if not check(value):
                return False
        return True

    return passes


def _members(checks: Mapping[str, Passes]) -> Passes:
    """Go by what was given: a schema may name a hundred fields, a ticket has ten."""

    def passes(value: Any) -> bool:
        if isinstance(value, dict):
            for name, inside in value.items():
                if name in checks and not checks[name](inside):
                    return False
        return True

    return passes


def _plain(keyword: str, wanted: Any) -> Passes | None:
    """The commonest keywords in one expression each; None for any other, or where it is used in an unusual way."""
    match keyword:
        case "type" if isinstance(wanted, str) and wanted in _TYPES:
            kind = _TYPES[wanted]
            return lambda value: isinstance(value, kind)
        case "enum" if all(isinstance(each, str) for each in wanted):
            allowed = frozenset(wanted)
            return lambda value: isinstance(value, str) and value in allowed
        case "required":
            names = tuple(wanted)
            return lambda value: not isinstance(value, dict) or all(map(value.__contains__, names))
        case "maxLength":
            return lambda value: not isinstance(value, str) or len(value) <= wanted
        case "minLength":
            return lambda value: not isinstance(value, str) or len(value) >= wanted
        case "pattern":
            return lambda value: not isinstance(value, str) or wanted.finds(value)
        case _:
            return None
