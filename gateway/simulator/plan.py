"""The fault plan: which exchange is hit by what, in an order that a seed makes repeatable."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from gateway.domain.frozen import frozen
from gateway.simulator.faults import Fault
from gateway.simulator.messages import Kind, Request


class FaultPlan:
    """Faults to come: those added once go first, then the cycles, then chance."""

    def __init__(self, faults: Sequence[Fault] = (), random: Random | None = None) -> None:
        self._once = list(faults)
        self._cycles: list[_Cycle] = []
        self._chances: list[_Chance] = []
        self._random = random or Random(0)  # noqa: S311 - faults must be repeatable, not secret

    def add(self, *faults: Fault) -> None:
        """Each hits the next exchange it matches, once, in the order given."""
        self._once.extend(faults)

    def every(self, n: int, *faults: Fault) -> None:
        """Every n-th exchange that matches gets the next of these faults, round and round."""
        self._cycles.append(_Cycle(n, faults))

    def sometimes(self, probability: float, *faults: Fault) -> None:
        """An exchange that matches gets one of these faults with that probability."""
        self._chances.append(_Chance(probability, faults))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._once.clear()
        self._cycles.clear()
        self._chances.clear()

    def pending(self) -> tuple[Fault, ...]:
        """The single faults that have not hit anything yet."""
        return tuple(self._once)

    def next_for(self, request: Request, kind: Kind) -> Fault | None:
        """The fault that hits this exchange; the plan moves on by it."""
        return self._next_single(request, kind) or self._next_of_cycles(request, kind) or self._by_chance(request, kind)

    def _next_single(self, request: Request, kind: Kind) -> Fault | None:
        for place, fault in enumerate(self._once):
            if fault.when.matches(request, kind):
                return self._once.pop(place)
        return None

    def _next_of_cycles(self, request: Request, kind: Kind) -> Fault | None:
        due = [fault for cycle in self._cycles if (fault := cycle.next_for(request, kind))]
        return due[0] if due else None

    def _by_chance(self, request: Request, kind: Kind) -> Fault | None:
        for chance in self._chances:
            fitting = [fault for fault in chance.faults if fault.when.matches(request, kind)]
            if fitting and self._random.random() < chance.probability:
                return self._random.choice(fitting)
        return None


@frozen
class _Chance:
    probability: float
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Cycle:
    n: int
    faults: tuple[Fault, ...]
    seen: int = 0
    turn: int = 0

    def next_for(self, request: Request, kind: Kind) -> Fault | None:
        fault = self.faults[self.turn % len(self.faults)]
        if not fault.when.matches(request, kind):
            return None
        self.seen += 1
        if self.seen % self.n:
            return None
        self.turn += 1
        return fault
