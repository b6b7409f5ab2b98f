"""The catalogue's metrics, made real in one registry."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics

from gateway.domain.frozen import frozen
from gateway.telemetry.catalogue import OF_THE_PROCESS, all_metrics
from gateway.telemetry.metric import OTHER, Kind, Metric

MOST_NAMES = 500
"""Distinct names that one label may take; what is declared beyond them counts as `_other`."""


@frozen
class Instruments:
    """Every metric of the catalogue that the gateway feeds, by its name."""

    counters: dict[str, Counter]
    gauges: dict[str, Gauge]
    histograms: dict[str, Histogram]


def instruments(registry: CollectorRegistry) -> Instruments:
    """Register the whole catalogue."""
    ProcessCollector(namespace="itsm", registry=registry)
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has not typed it
    return Instruments(
        {m.name: Counter(m.name, m.help, m.labels, registry=registry) for m in _of(Kind.COUNTER)},
        {m.name: Gauge(m.name, m.help, m.labels, registry=registry) for m in _of(Kind.GAUGE)},
        {
            m.name: Histogram(m.name, m.help, m.labels, registry=registry, buckets=m.buckets)
            for m in _of(Kind.HISTOGRAM)
        },
    )


def _of(kind: Kind) -> tuple[Metric, ...]:
    return tuple(metric for metric in all_metrics() if metric.kind is kind and metric not in OF_THE_PROCESS)


class NamedCounter:
    """A counter with one label for names that operators choose; a name that nobody declared counts as `_other`.

    Children are kept, because looking one up in prometheus_client costs more than counting. `rests` are the values of
    the other labels, in their order, with the name's place left out.
    """

    __slots__ = ("_children", "_counter", "_names", "_position")

    def __init__(self, counter: Counter, label: str, rests: Iterable[tuple[str, ...]]) -> None:
        self._counter = counter
        self._position = counter._labelnames.index(label)  # noqa: SLF001  # the library offers no other way to ask
        self._names: set[str] = set()
        self._children: dict[tuple[str, ...], Counter] = {}
        self._keep(OTHER, rests)

    def declare(self, name: str, rests: Iterable[tuple[str, ...]]) -> None:
        """Let a name count for itself, from 0."""
        if name in self._names or len(self._names) < MOST_NAMES:
            self._names.add(name)
            self._keep(name, rests)

    def of(self, name: str, *rest: str) -> Counter:
        """The child that counts for this name."""
        return self._children.get((name, *rest)) or self._children[(OTHER, *rest)]

    def knows(self, name: str, *rest: str) -> bool:
        """Whether the name counts for itself."""
        return (name, *rest) in self._children

    def _keep(self, name: str, rests: Iterable[tuple[str, ...]]) -> None:
        at = self._position
        for rest in rests:
            self._children[(name, *rest)] = self._counter.labels(*rest[:at], name, *rest[at:])
