"""How each upstream stands at the moment somebody scrapes; nothing is counted on a call's time."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from gateway.domain.call import Operation
from gateway.domain.frozen import frozen
from gateway.telemetry.instruments import Instruments

LIMITS: Final = ("quota", "burst", "issue", "semaphore")
"""What a rate limit may cover: the login's allowance, one endpoint, one ticket, how many calls run at once."""


@frozen
class UpstreamReading:
    """An upstream as it stands: `breakers` are 0 closed, 1 half open, 2 open; `closed_gates` counts by limit."""

    in_flight: int
    breakers: Mapping[Operation, int]
    closed_gates: Mapping[str, int]
    retries_left: int


Read: TypeAlias = Callable[[], UpstreamReading]

_IDLE: Final = UpstreamReading(0, {}, {}, 0)


class UpstreamGauges:
    """Each upstream that is declared has its gauges; they show zeros until somebody tells how to read it."""

    def __init__(self, made: Instruments) -> None:
        self._gauges = made.gauges
        self._reads: dict[str, Read] = {}

    def declare(self, upstream: str) -> None:
        """Let an upstream have its gauges."""
        if upstream not in self._reads:
            self.show(upstream, lambda: _IDLE)

    def show(self, upstream: str, read: Read) -> None:
        """Let the gauges of an upstream tell what `read` says."""
        self._reads[upstream] = read
        self._gauges["itsm_upstream_in_flight"].labels(upstream).set_function(lambda: read().in_flight)
        self._gauges["itsm_retry_budget_left"].labels(upstream).set_function(lambda: read().retries_left)
        breakers, gates = self._gauges["itsm_circuit_breaker_state"], self._gauges["itsm_rate_limit_gates_closed"]
        for operation in Operation:
            breakers.labels(upstream, operation).set_function(partial(_breaker, read, operation))
        for limit in LIMITS:
            gates.labels(upstream, limit).set_function(partial(_gates, read, limit))


def _breaker(read: Read, operation: Operation) -> int:
    return read().breakers.get(operation, 0)


def _gates(read: Read, limit: str) -> int:
    return read().closed_gates.get(limit, 0)
