"""A compiled ticket template: variables in, a ticket's fields out, or everything that is missing."""

from collections.abc import Mapping
from dataclasses import field
from typing import cast

from gateway.domain.call import Fields, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.problem import Code, Violation
from gateway.policy.fillable import Fill, Filling
from gateway.policy.near_miss import nearest
from gateway.policy.rules import Expanded, Missing, Variable


@frozen
class CompiledTemplate:
    """See `gateway.policy.rules.Template`; `preset` holds the defaults of the variables that have one."""

    platform: PlatformName
    name: str
    description: str
    target: Mapping[str, str]
    fields: Fields
    variables: tuple[Variable, ...]
    fill: Fill
    preset: Mapping[str, object] = field(default_factory=dict)

    def expand(self, variables: Mapping[str, object]) -> Expanded | Missing:
        """Fill in the placeholders in one pass; variables that the template does not know are passed over."""
        filling = Filling({**self.preset, **variables}, list(self._missing(variables)))
        fields = self.fill(filling)
        if filling.violations:
            return Missing(tuple(dict.fromkeys(filling.violations)), self.required)
        return Expanded(cast("Fields", fields))

    @property
    def required(self) -> tuple[str, ...]:
        """The names that a caller has to give."""
        return tuple(variable.name for variable in self.variables if variable.required)

    def _missing(self, given: Mapping[str, object]) -> tuple[Violation, ...]:
        lacking = [name for name in self.required if name not in given]
        strangers = given.keys() - {variable.name for variable in self.variables} if lacking else set()
        return tuple(Violation(name, Code.MISSING_VARIABLE, _say_missing(name, strangers)) for name in lacking)


def _say_missing(name: str, strangers: set[str]) -> str:
    near = nearest(name, strangers)
    hint = f"; {near[:60]!r} was given, which the template does not know" if near else ""
    return f"the template needs the variable {name!r}{hint}"
