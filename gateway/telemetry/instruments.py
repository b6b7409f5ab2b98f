"""The catalogue's metrics, made real in one registry."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from gateway.domain.frozen import frozen
from gateway.telemetry.catalogue import OF_THE_PROCESS, all_metrics
from gateway.telemetry.metric import OTHER, Kind, Metric
from gateway.telemetry.series import Counter, Histogram, Tally

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
    return Instruments(
        {m.name: Counter(m, registry) for m in _of(Kind.COUNTER)},
        {m.name: Gauge(m.name, m.help, m.labels, registry=registry) for m in _of(Kind.GAUGE)},
        {m.name: Histogram(m, registry) for m in _of(Kind.HISTOGRAM)},
    )


def _of(kind: Kind) -> tuple[Metric, ...]:
    return tuple(metric for metric in all_metrics() if metric.kind is kind and metric not in OF_THE_PROCESS)


class NamedCounter(dict[tuple[str, ...], Tally]):
    """The series of a counter with one label for names that operators choose, by that name and the other labels.

    A name that nobody declared counts as `_other`. `rests` are the values of the other labels, in their order, with the
    name's place left out.
    """

    def __init__(self, counter: Counter, label: str, rests: Iterable[tuple[str, ...]]) -> None:
        super().__init__()
        self._counter = counter
        self._position = counter.metric.labels.index(label)
        self._names: set[str] = set()
        self._others = {rest: self._labelled(OTHER, rest) for rest in rests}

    def __missing__(self, key: tuple[str, ...]) -> Tally:
        return self._others[key[1:]]

    def declare(self, name: str, rests: Iterable[tuple[str, ...]]) -> None:
        """Let a name count for itself, from 0."""
        if name in self._names or len(self._names) < MOST_NAMES:
            self._names.add(name)
            self.update({(name, *rest): self._labelled(name, rest) for rest in rests})

    def _labelled(self, name: str, rest: tuple[str, ...]) -> Tally:
        at = self._position
        return self._counter.labels(*rest[:at], name, *rest[at:])
