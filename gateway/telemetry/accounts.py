"""Books every call in and out: what was taken in, and is over, must have an outcome."""

from dataclasses import dataclass
from typing import Final

from prometheus_client import Counter

from gateway.telemetry.instruments import Instruments
from gateway.telemetry.metric import OTHER


@dataclass(slots=True)
class Account:
    """The calls of one upstream since the start."""

    counter: Counter
    received: int = 0
    left: int = 0
    ended: int = 0

    def in_flight(self) -> int:
        """Calls that are not over yet."""
        return self.received - self.left

    def unaccounted(self) -> int:
        """Calls that are over and have no outcome; one has its outcome a moment before it is over."""
        return max(self.left - self.ended, 0)


class Accounts:
    """Counts on the way of a call are additions; the gauges are worked out when somebody scrapes."""

    def __init__(self, made: Instruments) -> None:
        self._made: Final = made
        self._accounts: dict[str, Account] = {}
        self.declare(OTHER)

    def declare(self, upstream: str) -> None:
        """Let an upstream have its own account, from 0."""
        if upstream not in self._accounts:
            account = Account(self._made.counters["itsm_calls_received_total"].labels(upstream))
            self._accounts[upstream] = account
            self._made.gauges["itsm_calls_in_flight"].labels(upstream).set_function(account.in_flight)
            self._made.gauges["itsm_calls_unaccounted"].labels(upstream).set_function(account.unaccounted)

    def received(self, upstream: str) -> None:
        """A call was taken in."""
        account = self._of(upstream)
        account.received += 1
        account.counter.inc()

    def ended(self, upstream: str) -> None:
        """A call has an outcome."""
        self._of(upstream).ended += 1

    def left(self, upstream: str) -> None:
        """A call is over, whatever became of it."""
        self._of(upstream).left += 1

    def _of(self, upstream: str) -> Account:
        return self._accounts.get(upstream) or self._accounts[OTHER]
