"""Books every call in and out: what was taken in, and is over, must have an outcome."""

from dataclasses import dataclass
from typing import Final

from gateway.domain.call import Call
from gateway.telemetry.instruments import Instruments
from gateway.telemetry.metric import OTHER
from gateway.telemetry.series import Tally


@dataclass(slots=True)
class Account:
    """The calls of one upstream since the start: how many were taken in, are over, and have an outcome."""

    received: Tally
    left: int = 0
    ended: int = 0

    def in_flight(self) -> int:
        """Calls that are not over yet."""
        return self.received.count - self.left

    def unaccounted(self) -> int:
        """Calls that are over and have no outcome; one has its outcome a moment before it is over."""
        return max(self.left - self.ended, 0)


class Accounts(dict[str, Account]):
    """Fulfils the pipeline's `Books`, one account for each upstream; a dry run counts nowhere."""

    def __init__(self, made: Instruments) -> None:
        super().__init__()
        self._made: Final = made
        self.declare(OTHER)

    def __missing__(self, upstream: str) -> Account:
        return self[OTHER]

    def declare(self, upstream: str) -> None:
        """Let an upstream have its own account, from 0."""
        if upstream not in self:
            self[upstream] = account = Account(self._made.counters["itsm_calls_received_total"].labels(upstream))
            self._made.gauges["itsm_calls_in_flight"].labels(upstream).set_function(account.in_flight)
            self._made.gauges["itsm_calls_unaccounted"].labels(upstream).set_function(account.unaccounted)

    def received(self, call: Call) -> None:
        """A call was taken in."""
        if not call.dry_run:
            self[call.upstream].received.count += 1

    def left(self, call: Call) -> None:
        """A call is over, whatever became of it."""
        if not call.dry_run:
            self[call.upstream].left += 1
