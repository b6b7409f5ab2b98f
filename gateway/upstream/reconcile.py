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
LONGEST_PAUSE_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Nothing is proven yet; the next search is due in `next_search` seconds."""

    next_search: float


Settled: TypeAlias = Found | Absent | Unsettled


@dataclass(frozen=True, slots=True)
class Loss:
    """How a create was lost: from `absent_from` (Unix seconds) on, an empty search proves that it never was."""

    evidence: Evidence
    absent_from: float


@dataclass(slots=True)
class Reconciler:
    """Searches for one create; keeps what it saw as events."""

    line: Line
    login: Headers
    events: list[Event] = field(default_factory=list)

    async def reconcile(self, sought: Sought, loss: Loss, remaining: Callable[[], float]) -> Settled:
        """Search until the ticket is found, its absence proven, or no further wait fits into what remains."""
        pauses = _pauses(self.line.upstream.windows, loss)
        pause = max(loss.absent_from - time.time(), 0.0) if loss.evidence is Evidence.OVER else 0.0
        while pause < remaining():
            await asyncio.sleep(pause)
            began = time.time()
            match await self._search(sought):
                case Found() as found:
                    return found
                case Absent() if began >= loss.absent_from:
                    return Absent()
                case Absent():
                    pause = min(next(pauses), max(loss.absent_from - time.time(), 0.0))
                case SearchDenied():
                    pause = next(pauses)
        return Unsettled(pause)

    async def _search(self, sought: Sought) -> Finding:
        resource, sight = sought.route.resource, self.line.sight
        seen = replace(
            sought,
            proven=sight.is_proven(resource, self.login),
            witness=sight.witness(resource, self.login),
        )
        finding = await self._converse(self.line.upstream.platform.search(seen))
        match finding:
            case Found():
                self._tell("found", "search: found")
            case Absent():
                sight.prove(resource, self.login)
                self._tell("absent", "search: not there")
            case SearchDenied(reason=reason):
                self._tell("denied", f"search proves nothing: {reason}")
        return finding

    def _tell(self, result: str, what: str) -> None:
        self.events.append(Event(time.time(), what))
        self.line.watcher.searched(self.line.upstream.name, result)

    async def _converse(self, search: Search) -> Finding:
        """Carry the platform's questions to the upstream and the answers back."""
        exchanger = self.line.exchanger(creates=False)
        try:
            question = next(search)
            while True:
                match await exchanger.buffered(self._request(question), SEARCH_SECONDS):
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
    pause = window / 64 if loss.evidence is Evidence.SILENT else max(windows.settle_seconds, window / 64)
    while True:
        yield pause
        past = time.time() > loss.absent_from
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS if past else window / 8)
