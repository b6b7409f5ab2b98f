"""Counts and tells what becomes of calls that wait."""

from collections.abc import Callable, Iterable

from gateway.domain.call import Call
from gateway.domain.outcome import Outcome
from gateway.telemetry.instants import instant
from gateway.telemetry.logger import Logger
from gateway.telemetry.metrics import Metrics


class Waits:
    """One event for each step; `tried` are others who want to know of every try."""

    def __init__(self, metrics: Metrics, logger: Logger, tried: Iterable[Callable[[Outcome], None]] = ()) -> None:
        self._log = logger
        self._tried = (metrics.exchanged, *tried)

    def queued(self, call: Call, until: float) -> None:
        """A call was found not to be made, and waits now."""
        self._log.info("call queued", call_id=call.id, upstream=call.upstream, next_try_at=instant(until))

    def tried(self, outcome: Outcome) -> None:
        """A call that waited was sent, whatever came of it."""
        for tell in self._tried:
            tell(outcome)

    def put_off(self, call: Call, until: float) -> None:
        """It is tried again later."""
        self._log.info("call put off", call_id=call.id, upstream=call.upstream, next_try_at=instant(until))

    def given_up(self, call: Call, reason: str) -> None:
        """It waits for a person."""
        self._log.warning("dead letter", call_id=call.id, upstream=call.upstream, reason=reason)
