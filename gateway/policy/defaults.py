"""A policy's `defaults`: fields to fill in where the call has none."""

from collections.abc import Mapping
from typing import cast

from gateway.domain.call import Fields, Json
from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen
from gateway.policy.document import Document, below
from gateway.policy.fillable import LEFT_OUT, Compilation, Fill, Filling


@frozen
class Default:
    """One field's value, and the placeholders it cannot do without."""

    fill: Fill
    names: tuple[str, ...]


@frozen
class CompiledDefaults:
    """See `gateway.policy.policy.Defaults`."""

    defaults: Mapping[str, Default]

    def complete(self, fields: Fields, variables: Mapping[str, object]) -> Fields:
        """The given fields, and those absent filled in; the very object that was given where nothing is.

        An empty text or null counts as given: that is how a client clears a field. Placeholders are the gateway's own
        variables, then the texts of the given fields; one without a value leaves its field out.
        """
        absent = self.defaults.keys() - fields.keys()
        if not absent:
            return fields
        filled = self._filled(absent, _values(fields, variables))
        return fields | filled if filled else fields

    def _filled(self, absent: set[str], values: Mapping[str, object]) -> Fields:
        filled: Fields = {}
        for name, default in self.defaults.items():
            if name not in absent or not all(each in values for each in default.names):
                continue
            filling = Filling(values)
            value = default.fill(filling)
            if value is not LEFT_OUT and not filling.violations:
                filled[name] = cast("Json", value)
        return filled


def compile_defaults(defaults: Mapping[str, object], document: Document) -> tuple[CompiledDefaults, tuple[Fault, ...]]:
    """The defaults of one policy file, and the placeholders in it that cannot be read."""
    compiled: dict[str, Default] = {}
    faults: list[Fault] = []
    for name, value in defaults.items():
        compilation = Compilation(document)
        fill = compilation.value(value, below("/defaults", name), name)
        compiled[name] = Default(fill, tuple(compilation.names))
        faults += compilation.faults
    return CompiledDefaults(compiled), tuple(faults)


def _values(fields: Fields, variables: Mapping[str, object]) -> Mapping[str, object]:
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    return texts | {name: value for name, value in variables.items() if value is not None}
