"""Makes spans of calls: their names are known before anything leaves, the spans are made once the call has ended."""

import asyncio
from collections.abc import Iterable
from typing import Protocol

from gateway.domain.call import Call
from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem
from gateway.domain.trace import Parent, parent_of, part_span, trace_id, traceparent
from gateway.telemetry.spans import Lap, Span, answered, delivered, searches, settled
from gateway.telemetry.stopwatch import laps_of


class Collector(Protocol):
    """Takes spans, and sends them on in its own time."""

    def keeps(self, trace: str, parent: Parent | None) -> bool:
        """Whether a trace is kept; the same trace is always answered alike."""
        ...

    def take(self, trace: str, spans: Iterable[Span]) -> None:
        """Send these on, some time soon."""
        ...


@frozen
class Tracing:
    """Fulfils the pipeline's `Telling`, and tells upstreams which span they are called from."""

    collector: Collector

    def onward(self, call: Call, began_at: float) -> str:
        """The `traceparent` of an attempt that begins at a Unix time."""
        return traceparent(trace_id(call), part_span("attempt", began_at), sampled=self._keeps(call))

    def kept_trace(self, call: Call) -> str | None:
        """The trace in which somebody can look this call up."""
        return trace_id(call) if self._keeps(call) else None

    def concluded(self, outcome: Outcome) -> None:
        """A call was answered."""
        self._after_the_answer(outcome, laps_of(outcome.call))

    def settled(self, outcome: Outcome) -> None:
        """It became known what had become of a call; where that took an attempt, `tried` has told of it."""
        if searches(outcome) and not outcome.attempts and self._keeps(outcome.call):
            self.collector.take(trace_id(outcome.call), settled(outcome))

    def tried(self, outcome: Outcome) -> None:
        """A call that waited was sent."""
        if outcome.attempts and self._keeps(outcome.call):
            self.collector.take(trace_id(outcome.call), delivered(outcome))

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """There is no call, so there is no span."""

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """The call's outcome shows it."""

    def _after_the_answer(self, outcome: Outcome, laps: tuple[Lap, ...]) -> None:
        """Its caller does not wait for this."""
        asyncio.get_running_loop().call_soon(self._answered, outcome, laps)

    def _answered(self, outcome: Outcome, laps: tuple[Lap, ...]) -> None:
        if self._keeps(outcome.call):
            self.collector.take(trace_id(outcome.call), answered(outcome, laps))

    def _keeps(self, call: Call) -> bool:
        return self.collector.keeps(trace_id(call), parent_of(call))
