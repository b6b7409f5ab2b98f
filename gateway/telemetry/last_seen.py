"""How upstreams and the store did last: told by the calls themselves, nobody probes."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from gateway.domain.call import Call
from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem


@dataclass(slots=True)
class Sighting:
    """Unix seconds, None where it has not happened since the start; `failure` says how the last exchange broke."""

    answered_at: float | None = None
    failed_at: float | None = None
    failure: str | None = None


@frozen
class StoreFailure:
    """The last time that a journal row could not be written, Unix seconds."""

    at: float
    detail: str


class LastSeen:
    """Fulfils the pipeline's `Telling`; holds what was seen since the start."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.upstreams: defaultdict[str, Sighting] = defaultdict(Sighting)
        self.store: StoreFailure | None = None
        self._clock = clock

    def concluded(self, outcome: Outcome) -> None:
        """Note how the last exchange of a call ended, and that its journal rows could be written."""
        if not outcome.attempts:
            return
        seen, failure = self.upstreams[outcome.call.upstream], outcome.attempts[-1].failure
        if failure is None:
            seen.answered_at = outcome.ended_at
        else:
            seen.failed_at, seen.failure = outcome.ended_at, failure
        if self.store is not None and outcome.call.is_ticket_call and outcome.call.received_at > self.store.at:
            self.store = None  # both rows of this call were written after the failure, or there would be a later one

    def settled(self, outcome: Outcome) -> None:
        """A search has had an answer."""
        self.upstreams[outcome.call.upstream].answered_at = outcome.ended_at

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """Says nothing about an upstream."""

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:  # noqa: ARG002  # whose row it was is no matter
        """Note the failure until a later call's rows were written."""
        self.store = StoreFailure(self._clock(), str(error))
