"""Ask the upstream whether an ambiguous create took place, until the answer proves something."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from multidict import CIMultiDict

from gateway.domain.call import Headers
from gateway.domain.delivery import Event
from gateway.domain.retry import Windows
from gateway.domain.verdict import Evidence
from gateway.pipeline.decision import Correlation
from gateway.platforms.platform import Absent, Finding, Found, Question, Search, SearchDenied, Sought
from gateway.upstream.errand import Errand, Line
from gateway.upstream.exchange import Broken, Exchanged, Request

SEARCH_SECONDS: Final = 30.0
SHORTEST_PAUSE_SECONDS: Final = 0.01
LONGEST_PAUSE_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Nothing is proven yet; the next search is due in `next_search` seconds."""

    next_search: float


Settled: TypeAlias = Found | Absent | Unsettled


@dataclass(frozen=True, slots=True)
class Loss:
    """How a create was lost: from `absent_from` (monotonic) on, an empty search proves that it never was."""

    evidence: Evidence
    absent_from: float

    def window_left(self) -> float:
        """Seconds until then."""
        return max(self.absent_from - time.monotonic(), 0.0)


@dataclass(slots=True)
class Reconciler:
    """Searches for one create; keeps what it saw as events."""

    line: Line
    login: Headers
    events: list[Event] = field(default_factory=list)

    async def reconcile(self, sought: Sought, loss: Loss, remaining: Callable[[], float]) -> Settled:
        """Search until the ticket is found, its absence proven, or no further wait fits into what remains."""
        pauses = _pauses(self.line.upstream.windows, loss)
        pause = loss.window_left() if loss.evidence is Evidence.OVER else 0.0
        if pause >= remaining():
            pause = 0.0  # too late to prove its absence, not too late to find it
        while pause < remaining():
            await asyncio.sleep(pause)
            conclusive = loss.window_left() <= 0
            match await self._search(sought, remaining):
                case Found() as found:
                    return found
                case Absent() if conclusive:
                    return Absent()
                case Absent():
                    pause = min(next(pauses), loss.window_left())
                case SearchDenied():
                    pause = next(pauses)
        return Unsettled(pause)

    async def _search(self, sought: Sought, remaining: Callable[[], float]) -> Finding:
        resource, place, sight = sought.route.resource, sought.place, self.line.sight
        seen = replace(
            sought,
            proven=sight.is_proven(resource, place, self.login),
            witness=sight.witness(resource, self.login),
        )
        finding = await self._converse(self.line.upstream.platform.search(seen), remaining)
        match finding:
            case Found():
                self._tell("found", "search: found")
            case Absent():
                if not seen.proven:  # what was only remembered is no new proof
                    sight.prove(resource, place, self.login)
                self._tell("absent", "search: not there")
            case SearchDenied(reason=reason):
                self._tell("denied", f"search proves nothing: {reason}")
        return finding

    def _tell(self, result: str, what: str) -> None:
        self.events.append(Event(time.time(), what))
        self.line.watcher.searched(self.line.upstream.name, result)

    async def _converse(self, search: Search, remaining: Callable[[], float]) -> Finding:
        """Carry the platform's questions to the upstream and the answers back, for no longer than remains."""
        exchanger = self.line.exchanger(creates=False)
        try:
            question = next(search)
            while True:
                seconds = min(SEARCH_SECONDS, max(remaining(), 0.001))
                match await exchanger.buffered(self._request(question), seconds):
                    case Broken(detail=detail):
                        search.close()
                        return SearchDenied(f"the search broke off: {detail}")
                    case Exchanged(answer=answer):
                        question = search.send(answer)
        except StopIteration as stop:
            finding: Finding = stop.value
            return finding

    def _request(self, question: Question) -> Request:
        headers = CIMultiDict(question.headers)
        headers.setdefault("Accept-Encoding", "identity")
        headers.setdefault("User-Agent", "itsm-gateway")
        headers.extend(self.login)
        return Request(question.method, self.line.upstream.url(question.target), headers, question.body)


def sought(errand: Errand, correlation: Correlation) -> Sought:
    """What a search for this create has to go by."""
    call = errand.forward.call
    return Sought(
        call.route,
        call.target,
        errand.forward.fields or {},
        correlation.carrier,
        correlation.place,
        base_url=errand.line.upstream.base_url,
    )


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
