"""What is counted about creates: each once, when its caller is answered."""

from collections.abc import Callable
from typing import Final, TypeAlias

from prometheus_client import Counter, Histogram

from gateway.domain.call import Call, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.telemetry.instruments import Instruments

NOT_CREATES: Final = frozenset({OutcomeKind.DRY_RUN, OutcomeKind.REPLAYED, OutcomeKind.UPDATED, OutcomeKind.FORWARDED})
"""Outcomes that a create call may have without being a create of its own."""

MADE: Final = frozenset({OutcomeKind.CREATED, OutcomeKind.RECONCILED})
EXHAUSTED: Final = frozenset(
    {OutcomeKind.UPSTREAM_ERROR, OutcomeKind.RATE_LIMITED, OutcomeKind.TIMEOUT, OutcomeKind.UNREACHABLE}
)
PARKED: Final = frozenset({OutcomeKind.UNCONFIRMED, OutcomeKind.QUEUED})

_RETRIES: Final = ("0", "1", "2", "3", "4+")
_SEQUELS: Final = ("recovered", "exhausted", "parked")
_SOURCES: Final = ("template", "proxy")


KeptTrace: TypeAlias = Callable[[Call], str | None]
"""The trace in which somebody can look a call up, if there is one: the exemplar of what was measured."""


@frozen
class _Ending:
    """The children for creates of one platform that ended in one way."""

    total: Counter
    duration: Histogram
    by_retries: tuple[Counter, ...]


class Creations:
    """Counts creates; every child exists from the start and is found with one look-up."""

    def __init__(self, made: Instruments, kept_trace: KeptTrace) -> None:
        self._kept_trace = kept_trace
        self._endings = {(p, kind): _ending(made, p, kind) for p in PlatformName for kind in _kinds()}
        self._settled = {
            (p, kind): made.counters["itsm_late_settlements_total"].labels(p, kind)
            for p in PlatformName
            for kind in _kinds()
        }
        self._retries = {p: made.counters["itsm_ticket_retry_attempts_total"].labels(p) for p in PlatformName}
        self._unfenced = {p: made.counters["itsm_unfenced_creates_total"].labels(p) for p in PlatformName}
        self._sequels = _pairs(made.counters["itsm_retry_outcomes_total"], _SEQUELS)
        self._sources = _pairs(made.counters["itsm_tickets_by_source_total"], _SOURCES)

    def concluded(self, outcome: Outcome, seconds: float) -> None:
        """A create call was answered."""
        if outcome.kind in NOT_CREATES:
            return
        platform, retries = outcome.call.platform, outcome.retries
        ending = self._endings[platform, outcome.kind]
        ending.total.inc()
        trace = self._kept_trace(outcome.call)
        ending.duration.observe(seconds, {"trace_id": trace} if trace else None)
        ending.by_retries[min(retries, 4)].inc()
        if outcome.attempts:
            self._sent(outcome, platform, retries)
        if outcome.kind in MADE:
            self._sources[platform, _source(outcome)].inc(1 + len(outcome.further))

    def settled(self, outcome: Outcome) -> None:
        """A create that had been unconfirmed was settled; if it made a ticket, this is where the ticket counts."""
        platform = outcome.call.platform
        if child := self._settled.get((platform, outcome.kind)):
            child.inc()
        if outcome.kind in MADE:
            self._sources[platform, _source(outcome)].inc(1 + len(outcome.further))

    def _sent(self, outcome: Outcome, platform: PlatformName, retries: int) -> None:
        if retries:
            self._retries[platform].inc(retries)
        if not outcome.fenced:
            self._unfenced[platform].inc()
        if sequel := _sequel(outcome.kind, retries):
            self._sequels[platform, sequel].inc()


def _kinds() -> tuple[OutcomeKind, ...]:
    return tuple(kind for kind in OutcomeKind if kind not in NOT_CREATES)


def _ending(made: Instruments, platform: PlatformName, kind: OutcomeKind) -> _Ending:
    by_retries = made.counters["itsm_ticket_creation_retries_total"]
    return _Ending(
        made.counters["itsm_ticket_creation_total"].labels(platform, kind),
        made.histograms["itsm_ticket_creation_duration_seconds"].labels(platform, kind),
        tuple(by_retries.labels(platform, kind, retries) for retries in _RETRIES),
    )


def _pairs(counter: Counter, values: tuple[str, ...]) -> dict[tuple[PlatformName, str], Counter]:
    return {(p, value): counter.labels(p, value) for p in PlatformName for value in values}


def _sequel(kind: OutcomeKind, retries: int) -> str | None:
    """How a transient fault ended; None where the call met none."""
    if kind is OutcomeKind.RECONCILED or (kind is OutcomeKind.CREATED and retries):
        return "recovered"
    if kind in EXHAUSTED:
        return "exhausted"
    return "parked" if kind in PARKED else None


def _source(outcome: Outcome) -> str:
    return "template" if outcome.call.template_name else "proxy"
