"""Counters and histograms for which counting is an addition; prometheus_client learns of them when somebody scrapes.

Nothing is locked, so each single series is counted on by one thread alone.
"""

import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, Exemplar, HistogramMetricFamily

from gateway.telemetry.metric import Metric


@dataclass(eq=False, slots=True)
class Tally:
    """One series of a counter: who counts adds to it."""

    count: int = 0


class Counter:
    """The series of one counter, in the order in which they were asked for first."""

    def __init__(self, metric: Metric, registry: CollectorRegistry) -> None:
        self.metric: Final = metric
        self._series: dict[tuple[str, ...], Tally] = {}
        registry.register(self)

    def labels(self, *values: str) -> Tally:
        """The series with these values of the metric's labels; it exists from now on."""
        return self._series.setdefault(tuple(map(str, values)), Tally())

    def describe(self) -> list[CounterMetricFamily]:
        """The metric without its series, so that the registry sees when two have one name."""
        return [CounterMetricFamily(self.metric.name, self.metric.help, labels=self.metric.labels)]

    def collect(self) -> list[CounterMetricFamily]:
        """All series as they stand."""
        (family,) = self.describe()
        for values, tally in self._series.items():
            family.add_metric(values, tally.count)
        return [family]


class Spread:
    """One series of a histogram."""

    __slots__ = ("_bounds", "_counts", "_exemplars", "_sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds: Final = bounds
        self._counts = [0] * len(bounds)
        self._exemplars: dict[int, Exemplar] = {}
        self._sum = 0.0

    def observe(self, value: float, trace: str | None = None) -> None:
        """Count one value; `trace` is where somebody can look up what it came from."""
        bucket = bisect_left(self._bounds, value)
        self._counts[bucket] += 1
        self._sum += value
        if trace is not None:
            self._exemplars[bucket] = Exemplar({"trace_id": trace}, value, time.time())

    def add_to(self, family: HistogramMetricFamily, labels: tuple[str, ...]) -> None:
        """Show this series as a scrape wants it, each bucket with all the values below its bound."""
        family.add_metric(labels, list(self._buckets()), self._sum)

    def _buckets(self) -> Iterator[tuple[str, float] | tuple[str, float, Exemplar]]:
        names = (*map(str, self._bounds[:-1]), "+Inf")
        for bucket, (name, below) in enumerate(zip(names, accumulate(self._counts), strict=True)):
            exemplar = self._exemplars.get(bucket)
            yield (name, below) if exemplar is None else (name, below, exemplar)


class Histogram:
    """The series of one histogram, in the order in which they were asked for first."""

    def __init__(self, metric: Metric, registry: CollectorRegistry) -> None:
        self.metric: Final = metric
        self._bounds: Final = (*metric.buckets, inf)
        self._series: dict[tuple[str, ...], Spread] = {}
        registry.register(self)

    def labels(self, *values: str) -> Spread:
        """The series with these values of the metric's labels; it exists from now on."""
        return self._series.setdefault(tuple(map(str, values)), Spread(self._bounds))

    def describe(self) -> list[HistogramMetricFamily]:
        """The metric without its series, so that the registry sees when two have one name."""
        return [HistogramMetricFamily(self.metric.name, self.metric.help, labels=self.metric.labels)]

    def collect(self) -> list[HistogramMetricFamily]:
        """All series as they stand."""
        (family,) = self.describe()
        for values, spread in self._series.items():
            spread.add_to(family, values)
        return [family]
