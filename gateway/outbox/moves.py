"""Steps of a workflow, understood by what was listed before, or else left to be looked after."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gateway.domain.call import PlatformName, Route
from gateway.domain.frozen import frozen
from gateway.domain.sighting import Move, Sighting
from gateway.domain.verdict import Answer
from gateway.platforms.platform import Platform

MOST_LISTS: Final = 1_000
MOST_UNEXPLAINED: Final = 100

Name: TypeAlias = tuple[str, str]
"""An upstream, and a ticket as the call named it."""


@frozen
class Glance:
    """An answer that tells of a ticket, not read yet."""

    upstream: str
    platform: PlatformName
    route: Route
    sent: bytes
    answer: Answer
    at: float


@dataclass(slots=True)
class Moves:
    """The latest lists of steps that passed by, and the steps that were taken without one."""

    lists: OrderedDict[Name, Mapping[str, Move]] = field(default_factory=OrderedDict)
    taken: dict[Name, str] = field(default_factory=dict)

    def follow(self, glance: Glance, platform: Platform) -> Sighting | None:
        """Where a step has led; None where the glance is of something else, or nobody had listed that step."""
        name = (glance.upstream, glance.route.ticket or "")
        if offered := platform.moves_offered(glance.route, glance.answer):
            self._keep(name, offered)
        step = platform.move_taken(glance.route, glance.sent)
        if not step:
            return None
        move = self.lists.pop(name, {}).get(step)
        if move is None:
            if len(self.taken) < MOST_UNEXPLAINED:
                self.taken[name] = glance.route.resource
            return None
        return Sighting(name[1], glance.at, move.state, move.stage)

    def unexplained(self, upstream: str) -> list[tuple[str, str]]:
        """Tickets (and their resources) of an upstream that went nobody knows where; each is told once."""
        names = [name for name in self.taken if name[0] == upstream]
        return [(name[1], self.taken.pop(name)) for name in names]

    def _keep(self, name: Name, offered: Mapping[str, Move]) -> None:
        self.lists[name] = offered
        self.lists.move_to_end(name)
        if len(self.lists) > MOST_LISTS:
            self.lists.popitem(last=False)
