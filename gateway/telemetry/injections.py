"""What the injector's webhook counts, in a registry of its own: it serves no tickets, and has none of their metrics."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

OUTCOMES: Final = ("patched", "left", "refused", "unreadable")


class Injections:
    """Reviews by what became of their pods; every outcome exists at 0 from the start."""

    content_type: Final = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(namespace="itsm", registry=self._registry)
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has not typed it
        counter = Counter(
            "itsm_injections_total",
            "Reviews of pods that asked for the sidecar, by what became of them.",
            ("outcome",),
            registry=self._registry,
        )
        self._outcomes = {outcome: counter.labels(outcome) for outcome in OUTCOMES}

    def reviewed(self, outcome: str) -> None:
        """Count a review: `patched`, `left` as it was, `refused`, or `unreadable`."""
        self._outcomes[outcome].inc()

    def exposition(self) -> bytes:
        """All of it as Prometheus reads it."""
        return generate_latest(self._registry)
