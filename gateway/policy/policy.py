"""A compiled policy: what one policy file declares, ready to judge calls."""

import re
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Protocol

from gateway.domain.call import Fields, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.outcome import PolicyName
from gateway.domain.problem import Violation
from gateway.sla.targets import SlaTargets


class Mode(StrEnum):
    """How strictly a policy is applied; the config's `mode` caps it."""

    ENFORCE = "enforce"
    WARN = "warn"
    OFF = "off"


class Unmatched(StrEnum):
    """What happens to calls that no policy covers."""

    FORWARD = "forward"
    REFUSE_WRITES = "refuse_writes"
    REFUSE = "refuse"


class Record(StrEnum):
    """What the records keep of bodies beyond the journal's own need."""

    NOTHING = "nothing"
    REQUEST = "request"
    BOTH = "both"


@frozen
class Recognition:
    """How repeated creates are recognised.

    An equal create takes an abandoned one over for `join_seconds`. Creates whose `fields` (or, with `whole_body`,
    bodies) are equal are the same one for `within_seconds`.
    """

    join_seconds: float = 600.0
    fields: tuple[str, ...] = ()
    whole_body: bool = False
    within_seconds: float = 86_400.0


class Validator(Protocol):
    """One compiled JSON Schema."""

    @property
    def field_names(self) -> frozenset[str]:
        """The names it speaks of, as violations spell them."""
        ...

    def __call__(self, fields: Fields, *, display_values: bool = False) -> tuple[Violation, ...]:
        """Every violation at once, in the order of the fields' names; empty when the fields are fine.

        `display_values`: the values are those that people see (`2 - Medium`), so they are not held against stored ones.
        """
        ...


class Paths(Protocol):
    """The paths that a policy names: those without wildcards, and one expression for all the others."""

    @property
    def literal(self) -> frozenset[str]:
        """Each covers itself."""
        ...

    @property
    def wild(self) -> re.Pattern[str] | None:
        """None where no path has a wildcard."""
        ...


class Match(Protocol):
    """A policy's compiled `match`."""

    @property
    def methods(self) -> frozenset[str]:
        """The methods that it covers."""
        ...

    @property
    def paths(self) -> Paths:
        """The canonical paths that it covers."""
        ...

    @property
    def needs_fields(self) -> bool:
        """Whether conditions on fields have a say."""
        ...

    def covers_route(self, method: str, path: str, *, folded: bool = False) -> bool:
        """Whether method and canonical path are covered; `folded` compares without regard to case."""
        ...

    def covers_fields(self, fields: Fields) -> bool:
        """Whether the conditions on fields hold."""
        ...


@frozen
class Policy:
    """One policy in force. `platform` or `upstream` says whose calls it judges; `retry` holds only overridden keys.

    `queues` lets a create that its upstream cannot take now be delivered later.
    """

    name: PolicyName
    description: str
    platform: PlatformName | None
    upstream: str | None
    match: Match
    mode: Mode
    defaults: "Defaults"
    schema: Validator | None = None
    warn_schema: Validator | None = None
    retry: Mapping[str, object] = field(default_factory=dict)
    carrier: str = "default"
    record: Record = Record.NOTHING
    sla: SlaTargets | None = None
    recognition: Recognition = Recognition()
    queues: bool = False
    file: str = ""


class Defaults(Protocol):
    """A policy's compiled `defaults`."""

    def complete(self, fields: Fields, variables: Mapping[str, object]) -> Fields:
        """The given fields, and those absent filled in; placeholders without a value leave their field out.

        Where nothing is filled in, it is the very object that was given.
        """
        ...
