"""Which policies cover a route: compiled for all policies together, so that a call meets only those that can fit it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.domain.call import PlatformName
from gateway.domain.frozen import frozen
from gateway.policy.policy import Policy


@frozen
class Lane:
    """The policies for calls of one method to one upstream, in the order they are tried.

    `by_path` knows the answer for every path that a policy spells out; any other path has to fit `wild`, which holds
    all wildcards of all these policies.
    """

    method: str
    policies: tuple[Policy, ...]
    by_path: Mapping[str, tuple[Policy, ...]]
    wild: re.Pattern[str] | None

    def covering(self, path: str) -> tuple[Policy, ...]:
        """The policies that cover a canonical path."""
        if path in self.by_path:
            return self.by_path[path]
        if self.wild is None or self.wild.fullmatch(path) is None:
            return ()
        return self.asked(path)

    def asked(self, path: str, *, folded: bool = False) -> tuple[Policy, ...]:
        """The same, asked of one after the other; `folded` compares without regard to case."""
        return tuple(policy for policy in self.policies if policy.match.covers_route(self.method, path, folded=folded))


def lanes(policies: Sequence[Policy], upstreams: Mapping[str, PlatformName]) -> Mapping[tuple[str, str], Lane]:
    """A lane for every upstream and method that any policy is for."""
    compiled: dict[tuple[str, str], Lane] = {}
    for upstream, platform in upstreams.items():
        own = [policy for policy in policies if _is_for(policy, upstream, platform)]
        for method in frozenset[str]().union(*(policy.match.methods for policy in own)):
            compiled[upstream, method] = _lane(method, tuple(each for each in own if method in each.match.methods))
    return compiled


def _is_for(policy: Policy, upstream: str, platform: PlatformName) -> bool:
    return policy.upstream == upstream if policy.upstream else policy.platform is platform


def _lane(method: str, policies: tuple[Policy, ...]) -> Lane:
    literal = frozenset[str]().union(*(policy.match.paths.literal for policy in policies))
    wild = "|".join(policy.match.paths.wild.pattern for policy in policies if policy.match.paths.wild)
    lane = Lane(method, policies, {}, re.compile(wild) if wild else None)
    return replace(lane, by_path={path: lane.asked(path) for path in literal})
