"""What a policy only warns of: its `warn_schema`, and field names that are almost those its schemas name."""

from gateway.domain.call import Fields
from gateway.domain.frozen import frozen
from gateway.domain.problem import Violation
from gateway.policy.names import names_in
from gateway.policy.near_miss import NearMisses, near_misses
from gateway.policy.policy import Validator
from gateway.policy.schema import SchemaValidator


@frozen
class Warnings:
    """A validator of its own kind: the rules' violations, and the slips in the names."""

    rules: SchemaValidator | None
    names: NearMisses

    def __call__(self, fields: Fields, *, display_values: bool = False) -> tuple[Violation, ...]:
        """Everything to warn of, in the order of the fields' names."""
        broken = self.rules(fields, display_values=display_values) if self.rules else ()
        slips = self.names(fields)
        return tuple(sorted(broken + slips)) if slips else broken

    @property
    def field_names(self) -> frozenset[str]:
        """The names its rules speak of."""
        return self.rules.field_names if self.rules else frozenset()


def warnings_of(schema: SchemaValidator | None, warn_schema: SchemaValidator | None) -> Validator | None:
    """The warnings of a policy with these schemas; one that closes its fields needs no watch over their names."""
    given = [each.schema for each in (schema, warn_schema) if each]
    names = {name for each in given for name in names_in(each)}
    if not names or any(each.get("additionalProperties") is False for each in given):
        return warn_schema
    return Warnings(warn_schema, near_misses(names))
