"""Ask the upstream whether a call took effect, until the answer proves something."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gateway.domain.call import Headers
from gateway.domain.delivery import Event
from gateway.domain.frozen import frozen
from gateway.domain.retry import Windows
from gateway.domain.verdict import Evidence
from gateway.platforms.platform import Absent, Finding, Found, SearchDenied
from gateway.upstream.conversation import converse
from gateway.upstream.doubt import Doubt, Loss
from gateway.upstream.errand import Line

SHORTEST_PAUSE_SECONDS: Final = 0.01
LONGEST_PAUSE_SECONDS: Final = 300.0


@frozen
class Unsettled:
    """Nothing is proven yet; the next search is due in `next_search` seconds."""

    next_search: float


Settled: TypeAlias = Found | Absent | Unsettled


@dataclass(slots=True)
class Reconciler:
    """Searches for one call's effect; keeps what it saw as events, and takes `turns` where nobody waits for it.

    `login` is asked before every search: searches may go on for hours, and a secret's file change meanwhile.
    """

    line: Line
    login: Callable[[], Headers]
    turns: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)
    events: list[Event] = field(default_factory=list)

    async def reconcile(self, doubt: Doubt, loss: Loss, remaining: Callable[[], float]) -> Settled:
        """Search until the effect is found, its absence proven, or no further wait fits into what remains."""
        pauses = _pauses(self.line.upstream.windows, loss)
        pause = loss.window_left() if loss.evidence is Evidence.OVER else 0.0
        if pause >= remaining():
            pause = 0.0  # too late to prove its absence, not too late to find it
        while pause < remaining():
            await asyncio.sleep(pause)
            conclusive = loss.window_left() <= 0
            match await self._search(doubt, remaining):
                case Found() as found:
                    return found
                case Absent() if conclusive:
                    return Absent()
                case Absent():
                    pause = min(next(pauses), loss.window_left())
                case SearchDenied():
                    pause = next(pauses)
        return Unsettled(pause)

    async def _search(self, doubt: Doubt, remaining: Callable[[], float]) -> Finding:
        async with self.turns:
            login, began = self.login(), time.time()
            finding = await converse(self.line, login, doubt.search(login), remaining)
        doubt.learn(finding, login)
        match finding:
            case Found(duplicates=()):
                self._tell(began, "found", "search: found")
            case Found(duplicates=duplicates):
                names = ", ".join(ticket.key or ticket.id for ticket in duplicates)
                self._tell(began, "found", f"search: found, and duplicates of it: {names}")
            case Absent():
                self._tell(began, "absent", "search: not there")
            case SearchDenied(reason=reason):
                self._tell(began, "denied", f"search proves nothing: {reason}")
        return finding

    def _tell(self, began: float, result: str, what: str) -> None:
        now = time.time()
        self.events.append(Event(now, what, result, max(now - began, 0.0)))
        self.line.watcher.searched(self.line.upstream.name, result)


def _pauses(windows: Windows, loss: Loss) -> Iterator[float]:
    """Doubling, in proportion to the window; after it only a denied search is asked again, ever more rarely."""
    window = windows.late_effect_seconds
    pause = max(window / 64, SHORTEST_PAUSE_SECONDS)
    if loss.evidence is Evidence.OVER:
        pause = max(pause, windows.settle_seconds)
    while True:
        yield pause
        longest = max(window / 8, pause) if loss.window_left() > 0 else LONGEST_PAUSE_SECONDS
        pause = min(pause * 2, longest)
