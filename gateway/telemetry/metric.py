"""What a metric is, before it is made."""

from enum import StrEnum
from typing import Final

from gateway.domain.frozen import frozen

OTHER: Final = "_other"
"""The label value that stands for every name nobody declared."""


class Kind(StrEnum):
    """How a metric behaves."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@frozen
class Metric:
    """One metric as it is exposed; `buckets` only for histograms."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
