"""Everything declared that is in force, compiled as a whole and swapped as one value; calls in flight keep theirs."""

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from gateway.domain.call import Fields, PlatformName
from gateway.domain.fault import Fault
from gateway.domain.frozen import frozen
from gateway.domain.problem import Violation
from gateway.domain.retry import RetryPolicy
from gateway.policy.coverage import Lane, lanes
from gateway.policy.policy import Policy, Unmatched
from gateway.sla.calendar import Calendar


@frozen
class Variable:
    """One placeholder of a template as its users see it."""

    name: str
    required: bool
    description: str = ""
    default: object = None


@frozen
class Expanded:
    """A template with its placeholders filled in."""

    fields: Fields


@frozen
class Missing:
    """Variables that a template needs and did not get, all of them; `required` is the whole list it needs."""

    violations: tuple[Violation, ...]
    required: tuple[str, ...]


class Template(Protocol):
    """A compiled ticket template."""

    @property
    def platform(self) -> PlatformName:
        """The platform whose tickets it makes."""
        ...

    @property
    def name(self) -> str:
        """Its name in the config."""
        ...

    @property
    def description(self) -> str:
        """What it is for."""
        ...

    @property
    def target(self) -> Mapping[str, str]:
        """What it makes: `table`, or `service_desk` and `request_type`; empty for a Jira issue."""
        ...

    @property
    def fields(self) -> Fields:
        """Its fields as they stand in the config."""
        ...

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Its placeholders, in the order of their first use."""
        ...

    def expand(self, variables: Mapping[str, object]) -> Expanded | Missing:
        """Fill in the placeholders in one pass; a whole-value placeholder keeps its variable's type."""
        ...


@frozen
class UpstreamRules:
    """The reloadable settings of one upstream; `has_credentials` tells whether the gateway can log in by itself."""

    platform: PlatformName
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    unmatched: Unmatched = Unmatched.FORWARD
    has_credentials: bool = False


@frozen
class Rules:
    """One snapshot: policies in the order they are tried (modes already capped), templates, and per-upstream settings.

    `version` is a digest of all the texts it was compiled from; `faults` are those of a later edit that could not be
    put in force, kept visible until mended.
    """

    version: str
    policies: tuple[Policy, ...]
    templates: Mapping[PlatformName, Mapping[str, Template]]
    upstreams: Mapping[str, UpstreamRules]
    faults: tuple[Fault, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    lanes: Mapping[tuple[str, str], Lane] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Know for every upstream and method which policies may have a say, before the first call comes."""
        platforms = {name: upstream.platform for name, upstream in self.upstreams.items()}
        object.__setattr__(self, "lanes", lanes(self.policies, platforms))

    def candidates(self, upstream: str, method: str, path: str, *, folded: bool = False) -> tuple[Policy, ...]:
        """The policies whose upstream, methods and path cover this route, in the order they are tried.

        `folded` compares paths without regard to case: a second reading of a target asks what a forgiving server sees.
        """
        lane = self.lanes.get((upstream, method))
        if lane is None:
            return ()
        return lane.asked(path, folded=True) if folded else lane.covering(path)
