"""What is counted about creates: each once, when its caller is answered."""

from collections.abc import Callable
from typing import Final, TypeAlias

from gateway.domain.call import Call, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.telemetry.instruments import Instruments
from gateway.telemetry.series import Counter, Spread, Tally

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
    """What is counted of creates of one platform that ended in one way.

    `sequel` is for those that this end alone shows to have met a transient fault, `late_sequel` for those that took
    retries.
    """

    total: Tally
    duration: Spread
    by_retries: tuple[Tally, ...]
    sequel: Tally | None
    late_sequel: Tally | None


class Creations:
    """Counts creates; every series exists from the start and is found with one look-up."""

    def __init__(self, made: Instruments, kept_trace: KeptTrace) -> None:
        self._kept_trace = kept_trace
        counters = made.counters
        self._endings = {(p, kind): _ending(made, p, kind) for p in PlatformName for kind in _kinds()}
        settled = counters["itsm_late_settlements_total"]
        self._settled = {(p, kind): settled.labels(p, kind) for p in PlatformName for kind in _kinds()}
        self._retries = {p: counters["itsm_ticket_retry_attempts_total"].labels(p) for p in PlatformName}
        self._unfenced = {p: counters["itsm_unfenced_creates_total"].labels(p) for p in PlatformName}
        self._sources = _pairs(counters["itsm_tickets_by_source_total"], _SOURCES)

    def concluded(self, outcome: Outcome, seconds: float) -> None:
        """A create call was answered."""
        platform, retries = outcome.call.platform, outcome.retries
        ending = self._endings.get((platform, outcome.kind))
        if ending is None:
            return
        ending.total.count += 1
        ending.duration.observe(seconds, self._kept_trace(outcome.call))
        ending.by_retries[min(retries, 4)].count += 1
        if outcome.attempts:
            self._retries[platform].count += retries
            self._unfenced[platform].count += not outcome.fenced
            if sequel := ending.late_sequel if retries else ending.sequel:
                sequel.count += 1
        self._count_tickets(outcome)

    def settled(self, outcome: Outcome) -> None:
        """A create that had been unconfirmed was settled; if it made a ticket, this is where the ticket counts."""
        if late := self._settled.get((outcome.call.platform, outcome.kind)):
            late.count += 1
        self._count_tickets(outcome)

    def _count_tickets(self, outcome: Outcome) -> None:
        if outcome.kind in MADE:
            source = "template" if outcome.call.template_name else "proxy"
            self._sources[outcome.call.platform, source].count += 1 + len(outcome.further)


def _kinds() -> tuple[OutcomeKind, ...]:
    return tuple(kind for kind in OutcomeKind if kind not in NOT_CREATES)


def _ending(made: Instruments, platform: PlatformName, kind: OutcomeKind) -> _Ending:
    counters = made.counters
    by_retries = counters["itsm_ticket_creation_retries_total"]
    sequels = _pairs(counters["itsm_retry_outcomes_total"], _SEQUELS)
    return _Ending(
        counters["itsm_ticket_creation_total"].labels(platform, kind),
        made.histograms["itsm_ticket_creation_duration_seconds"].labels(platform, kind),
        tuple(by_retries.labels(platform, kind, retries) for retries in _RETRIES),
        sequels.get((platform, _sequel(kind, retried=False))),
        sequels.get((platform, _sequel(kind, retried=True))),
    )


def _pairs(counter: Counter, values: tuple[str, ...]) -> dict[tuple[PlatformName, str], Tally]:
    return {(p, value): counter.labels(p, value) for p in PlatformName for value in values}


def _sequel(kind: OutcomeKind, *, retried: bool) -> str:
    """How a transient fault ended; empty where the call met none."""
    if kind is OutcomeKind.RECONCILED or (kind is OutcomeKind.CREATED and retried):
        return "recovered"
    if kind in EXHAUSTED:
        return "exhausted"
    return "parked" if kind in PARKED else ""
