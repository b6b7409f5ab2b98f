"""The quick yes: whether a value keeps a whole schema, for the many tickets that do; jsonschema words the rest.

jsonschema makes a validator for every part of a schema in every ticket. Here each part becomes one plain function.
What is not spelt out below is asked of the very keyword that jsonschema would ask, so the two cannot disagree.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Passes: TypeAlias = Callable[[Any], bool]
Rules: TypeAlias = Mapping[str, Any]

_TYPES: Final[Mapping[str, type]] = {"array": list, "boolean": bool}


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
            self.made[place] = _all(self._checks(schema))
        return self.made[place]

    def _later(self, place: int) -> Passes:
        """Stands for a part that is just being made, where a `$ref` leads back to it."""

        def passes(value: Any) -> bool:
            return self.made[place](value)

        return passes

    def _checks(self, schema: Rules) -> list[Passes]:
        """What is asked of a text is one check together, what is asked of an object another."""
        rules = {keyword: wanted for keyword, wanted in schema.items() if keyword in self.validator.VALIDATORS}
        of_text = {keyword: wanted for keyword, wanted in rules.items() if _is_of_text(keyword, wanted)}
        of_object = {keyword: wanted for keyword, wanted in rules.items() if _is_of_object(keyword, wanted)}
        further = [self._keyword(keyword, schema) for keyword in rules if keyword not in of_text | of_object]
        texts = [_text(of_text)] if of_text else []
        objects = [self._object(of_object)] if of_object else []
        return texts + objects + further

    def _object(self, rules: Rules) -> Passes:
        """Go by what was given: a schema may name a hundred fields, a ticket has ten."""
        others_pass, required = "type" not in rules, frozenset(rules.get("required", ()))
        properties = rules.get("properties", {})
        checks = {name: self.whole(part) for name, part in properties.items() if part is not True}
        if not checks:
            return lambda value: required <= value.keys() if isinstance(value, dict) else others_pass

        def passes(value: Any) -> bool:
            if not isinstance(value, dict):
                return others_pass
            if not required <= value.keys():
                return False
            for name, inside in value.items():  # noqa: SIM110  # a generator costs more than all that it asks
                if name in checks and not checks[name](inside):
                    return False
            return True

        return passes

    def _keyword(self, keyword: str, schema: Rules) -> Passes:
        wanted = schema[keyword]
        match keyword:
            case "type" if isinstance(wanted, str) and wanted in _TYPES:
                kind = _TYPES[wanted]
                return lambda value: isinstance(value, kind)
            case "allOf":
                return _all([self.whole(part) for part in wanted])
            case "if":
                return self._branches(schema)
            case "$ref":
                inside = self.validator.evolve(schema=wanted.target, _resolver=wanted.resolver)
                return _Parts(inside, self.made).whole(wanted.target)
            case _:
                return self._asked(keyword, schema)

    def _branches(self, schema: Rules) -> Passes:
        holds, then = self.whole(schema["if"]), self.whole(schema.get("then", True))
        if "else" not in schema:
            return lambda value: not holds(value) or then(value)
        otherwise = self.whole(schema["else"])
        return lambda value: then(value) if holds(value) else otherwise(value)

    def _asked(self, keyword: str, schema: Rules) -> Passes:
        check, validator, wanted = self.validator.VALIDATORS[keyword], self.validator, schema[keyword]
        return lambda value: next(iter(check(validator, wanted, value, schema) or ()), None) is None


def _all(checks: list[Passes]) -> Passes:
    if len(checks) == 1:
        return checks[0]

    def passes(value: Any) -> bool:
        for check in checks:  # noqa: SIM110  # a generator costs more than all that it asks
            if not check(value):
                return False
        return True

    return passes


def _is_of_text(keyword: str, wanted: Any) -> bool:
    match keyword:
        case "type":
            return bool(wanted == "string")
        case "enum":
            return all(isinstance(each, str) for each in wanted)
        case _:
            return keyword in {"minLength", "maxLength", "pattern"}


def _is_of_object(keyword: str, wanted: Any) -> bool:
    return keyword in {"required", "properties"} or (keyword == "type" and wanted == "object")


def _text(rules: Rules) -> Passes:
    """What is no text keeps all rules about texts, unless a text is asked for."""
    others_pass = rules.keys().isdisjoint({"type", "enum"})
    least, most = rules.get("minLength", 0), rules.get("maxLength", math.inf)
    allowed = frozenset(rules["enum"]) if "enum" in rules else None
    finds = rules["pattern"].finds if "pattern" in rules else None

    def passes(value: Any) -> bool:
        if not isinstance(value, str):
            return others_pass
        if allowed is not None and value not in allowed:
            return False
        return least <= len(value) <= most and (finds is None or finds(value))

    return passes
