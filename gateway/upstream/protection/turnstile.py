"""Lets the most urgent calls go first where an upstream can take only so many at once."""

import asyncio
import heapq
from dataclasses import dataclass, field
from math import inf
from typing import Final, TypeAlias

from gateway.upstream.protection.ask import Rank

NARROWEST: Final = 4.0
"""What one ServiceNow node works on at a time."""

WIDE_OPEN: Final = 64.0
"""As wide as this, the turnstile stands open again."""

_Waiter: TypeAlias = tuple[Rank, int, asyncio.Future[None]]


@dataclass(slots=True)
class Turnstile:
    """Wide open until the platform says that too many calls run at once; halved then, and widened by good answers."""

    width: float = inf
    inside: int = 0
    _waiting: list[_Waiter] = field(default_factory=list)
    _arrivals: int = 0

    def passes(self) -> bool:
        """Take a place where one is free, without waiting; who was let in must `leave`."""
        if self.inside >= self.width:
            return False
        self.inside += 1
        return True

    async def enter(self, rank: Rank, patience: float) -> bool:
        """Wait for a place, at most `patience` seconds; who was let in (True) must `leave`."""
        if self.passes():
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals += 1
        waiter = (rank, self._arrivals, turn)
        heapq.heappush(self._waiting, waiter)
        try:
            await asyncio.wait((turn,), timeout=max(patience, 0.0))
        except asyncio.CancelledError:
            self._give_up(waiter)
            raise
        if not turn.done():
            self._give_up(waiter)
        return turn.done()

    def leave(self) -> None:
        """Give the place to whoever is most urgent, of these the one who waited longest."""
        self.inside -= 1
        if self._waiting:
            self._let_in()

    def narrow(self) -> None:
        """Too many at once: let in half as many."""
        self.width = max(self.inside / 2, NARROWEST)

    def widen(self) -> None:
        """A good answer: one place more for every round of them."""
        if self.width == inf:
            return
        self.width += 1 / self.width
        if self.width >= WIDE_OPEN:
            self.width = inf
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self.inside < self.width:
            self.inside += 1
            heapq.heappop(self._waiting)[2].set_result(None)

    def _give_up(self, waiter: _Waiter) -> None:
        """Leave the line; a turn that has just come is the next one's."""
        if waiter[2].done():
            self.leave()
        else:
            self._waiting.remove(waiter)
            heapq.heapify(self._waiting)
