"""The gates of one upstream, each as wide as the limit it stands for: login, endpoint, issue, whole upstream."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gateway.domain.frozen import frozen
from gateway.upstream.protection.ask import Ask, Held, HeldReason
from gateway.upstream.protection.gate import MANNERS, Gate
from gateway.upstream.protection.rate_headers import Allowance, Overrun

MOST_GATES: Final = 1000
"""Beyond it the one that was passed longest ago is forgotten, which costs one more 429."""

Place: TypeAlias = tuple[HeldReason, str | int]


@frozen
class ClosedGate:
    """What is held back for how long; `about` names the endpoint or the issue, and is empty for the wider limits."""

    reason: HeldReason
    about: str
    seconds: float


@dataclass(slots=True)
class Gates:
    """Made when a limit is met, forgotten when it says nothing more: normally there are none.

    `haste` divides the pauses that are made where the platform names no time.
    """

    haste: float = 1.0
    known: OrderedDict[Place, Gate] = field(default_factory=OrderedDict)

    def held(self, ask: Ask, now: float) -> Held | None:
        """The gate that keeps this call back longest; None where all its gates are open."""
        longest: Held | None = None
        for reason, gate in self._of(ask, now):
            seconds = gate.held(now)
            if seconds > (longest.seconds if longest else 0.0):
                longest = Held(seconds, reason)
        return longest

    def reserve(self, ask: Ask, now: float) -> float:
        """Take a place in the line of every gate; seconds until the last of them comes up."""
        return max((gate.reserve(ask.rank, now) for _, gate in self._of(ask, now)), default=0.0)

    def close(self, ask: Ask, overrun: Overrun, now: float) -> bool:
        """Hold everything that the limit covers; whether it was not held already."""
        return self._made(_place(overrun.limit, ask)).close(overrun.seconds, now)

    def pace(self, ask: Ask, allowance: Allowance, now: float) -> None:
        """Spread what is left, or lift that where there is plenty."""
        place = _place(allowance.limit, ask)
        if allowance.spacing or place in self.known:
            self._made(place).pace(allowance.spacing, allowance.seconds, now)

    def closed(self, now: float) -> Iterator[ClosedGate]:
        """Every gate that holds calls back."""
        for (reason, about), gate in self.known.items():
            if (seconds := gate.held(now)) > 0:
                yield ClosedGate(reason, about if isinstance(about, str) else "", seconds)

    def _of(self, ask: Ask, now: float) -> Iterator[tuple[HeldReason, Gate]]:
        for reason in MANNERS:
            place = _place(reason, ask)
            gate = self.known.get(place) if place[0] is reason else None
            if gate is None:
                continue
            if gate.is_remembered(now):
                self.known.move_to_end(place)
                yield reason, gate
            else:
                del self.known[place]

    def _made(self, place: Place) -> Gate:
        gate = self.known.get(place)
        if gate is None:
            gate = self.known[place] = Gate(MANNERS[place[0]], self.haste)
        self.known.move_to_end(place)
        if len(self.known) > MOST_GATES:
            self.known.popitem(last=False)
        return gate


def _place(limit: HeldReason, ask: Ask) -> Place:
    """A limit on an issue, met by a call that names none, is one on the endpoint."""
    match limit:
        case HeldReason.QUOTA:
            return limit, ask.login
        case HeldReason.ISSUE if ask.issue:
            return limit, ask.issue
        case HeldReason.SEMAPHORE:
            return limit, ""
        case _:
            return HeldReason.BURST, ask.endpoint
