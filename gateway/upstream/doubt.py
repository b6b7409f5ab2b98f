"""What is asked about a call whose effect is unknown, and how long a "not there" proves nothing."""

import time
from dataclasses import replace
from typing import Protocol

from gateway.domain.call import Headers, Json
from gateway.domain.frozen import frozen
from gateway.domain.problem import RequestError
from gateway.domain.retry import Windows
from gateway.domain.verdict import Ambiguous, Evidence, Verdict
from gateway.pipeline import strict_json
from gateway.pipeline.decision import Correlation
from gateway.pipeline.earlier import Pending
from gateway.platforms.platform import Absent, Finding, Search, Sought, SoughtUpdate
from gateway.upstream.errand import Errand


@frozen
class Loss:
    """How a call was lost: from `absent_from` (monotonic) on, an empty search proves that it never took effect."""

    evidence: Evidence
    absent_from: float

    def window_left(self) -> float:
        """Seconds until then."""
        return max(self.absent_from - time.monotonic(), 0.0)


def loss_of(verdict: Verdict, windows: Windows, *, sent_at: float, ended_at: float) -> Loss:
    """A complete answer ends the exchange; anything else may still be at work on the platform."""
    match verdict:
        case Ambiguous(evidence=Evidence.OVER):
            return Loss(Evidence.OVER, ended_at + windows.settle_seconds)
        case _:
            return Loss(Evidence.SILENT, sent_at + windows.late_effect_seconds)


def loss_before(pending: Pending, windows: Windows) -> Loss | None:
    """How a call was lost by whoever held it before; None where nothing of it can have taken effect."""
    if pending.evidence is None:
        return None
    absent_from = pending.absent_from
    if absent_from is None:
        absent_from = (pending.last_sent or pending.forward.call.received_at) + windows.late_effect_seconds
    return Loss(pending.evidence, time.monotonic() + absent_from - time.time())


class Doubt(Protocol):
    """One call's way of being looked for."""

    def sent_last(self, at: float) -> "Doubt":
        """The same doubt about an attempt that left at `at` (Unix seconds)."""
        ...

    def search(self, login: Headers) -> Search:
        """A fresh conversation that looks for its effect."""
        ...

    def learn(self, finding: Finding, login: Headers) -> None:
        """Take from a search what it says about searching there."""
        ...


@frozen
class CreateDoubt:
    """A create is looked for by the correlation value it carried, from its first attempt until after its last."""

    errand: Errand
    correlation: Correlation
    since: float
    last: float | None = None

    def sent_last(self, at: float) -> "CreateDoubt":
        """Effects are to be expected for so much longer."""
        return replace(self, last=at)

    def search(self, login: Headers) -> Search:
        """What was proven, and whom it saw, is remembered between searches."""
        call, sight = self.errand.forward.call, self.errand.line.sight
        sought = Sought(
            call.route,
            call.target,
            self.errand.forward.fields or {},
            self.correlation.carrier,
            self.correlation.place,
            base_url=self.errand.line.upstream.base_url,
            witness=sight.witness(self._scope, login),
            proven=self._is_proven(login),
            document=document_of(self.errand),
            before=sight.newest_before(self._scope, login, self.since),
            since=self.since,
            until=(self.last or self.since) + self.errand.line.upstream.windows.late_effect_seconds,
            accept=call.header("accept") or "",
        )
        return self.errand.line.upstream.platform.search(sought)

    def learn(self, finding: Finding, login: Headers) -> None:
        """An empty search that was able to see proves that for an hour; what was only remembered is no new proof.

        A witness that is gone stays one: deleted or hidden look alike, and what hides it may hide our ticket too.
        """
        if isinstance(finding, Absent) and not self._is_proven(login):
            self.errand.line.sight.prove(self._place, login)

    def _is_proven(self, login: Headers) -> bool:
        return self.errand.line.sight.is_proven(self._place, login)

    @property
    def _place(self) -> str:
        return f"{self.errand.forward.call.route.resource}/{self.correlation.place}"

    @property
    def _scope(self) -> str:
        return self.errand.carrier_scope()


@frozen
class UpdateDoubt:
    """An update that must not be done twice is looked for by what it would have left."""

    errand: Errand
    began_at: float

    def sent_last(self, at: float) -> "UpdateDoubt":  # noqa: ARG002  # an equal entry counts whenever it was made
        """Nothing changes: it is looked for since its first attempt."""
        return self

    def search(self, login: Headers) -> Search:  # noqa: ARG002  # an update is looked for with nothing remembered
        """Look for an equal entry that is not older than the first attempt."""
        call, upstream = self.errand.forward.call, self.errand.line.upstream
        body = document_of(self.errand)
        return upstream.platform.search_update(
            SoughtUpdate(
                call.route,
                call.target,
                body,
                self.began_at,
                base_url=upstream.base_url,
                accept=call.header("accept") or "",
            )
        )

    def learn(self, finding: Finding, login: Headers) -> None:
        """Nothing is remembered of updates."""


def document_of(errand: Errand) -> Json:
    """The body as it is sent; None where it is no JSON, so that nothing can be looked for in it."""
    try:
        return strict_json.parse(errand.forward.body)
    except RequestError:
        return None
