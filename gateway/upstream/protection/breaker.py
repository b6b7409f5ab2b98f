"""The circuit breaker of one operation: an upstream that fails is left alone, then asked with a few probes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gateway.upstream.protection.window import Window

MOST_CONNECT_FAILURES: Final = 5
OPEN_SECONDS: Final = 30.0
PROBES: Final = 3
PROBE_PAUSE_SECONDS: Final = 1.0
"""How soon to ask again while all probes are out."""

PROBE_PATIENCE_SECONDS: Final = 60.0
"""Probes that tell nothing for so long (their callers went away) are replaced by a new round."""


class BreakerState(StrEnum):
    """Closed lets every call through, open none, half open only the probes."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


def _tell_nobody(_state: BreakerState) -> None:
    return


@dataclass(slots=True)
class Breaker:
    """Opens at half of at least 20 exchanges failed within 30 s, or at 5 connect failures in a row.

    `held` is asked first; only where it says 0 does `enter` let the call through. `told` hears each change of state.
    """

    told: Callable[[BreakerState], None] = _tell_nobody
    state: BreakerState = BreakerState.CLOSED
    _window: Window = field(default_factory=Window)
    _connect_failures: int = 0
    _open_until: float = 0.0
    _round: int = 0
    _probes: int = 0
    _good_probes: int = 0
    _last_probe_at: float = 0.0

    def held(self, now: float) -> float:
        """Seconds until asking again is worth while; 0 where a call may enter."""
        if self.state is BreakerState.CLOSED:
            return 0.0
        if self.state is BreakerState.OPEN:
            return max(self._open_until - now, 0.0)
        return PROBE_PAUSE_SECONDS if self._probes >= PROBES and not self._is_round_lost(now) else 0.0

    def enter(self, now: float) -> int:
        """Let a call through; the number of its probe round, 0 while the circuit is closed."""
        if self.state is BreakerState.CLOSED:
            return 0
        if self.state is BreakerState.OPEN or self._probes >= PROBES:
            self._turn(BreakerState.HALF_OPEN)
            self._round += 1
            self._probes = self._good_probes = 0
        self._probes += 1
        self._last_probe_at = now
        return self._round

    def ended(self, now: float, *, probe: int, failed: bool, connect: bool = False) -> None:
        """An exchange is over; `connect` where it failed before anything was sent.

        While the circuit is not closed, only the probes of the running round count: what left earlier is old news.
        """
        if self.state is BreakerState.CLOSED:
            self._connect_failures = self._connect_failures + 1 if connect else 0
            if self._window.adds_up(now, failed=failed) or self._connect_failures >= MOST_CONNECT_FAILURES:
                self._open(now)
        elif self.state is BreakerState.HALF_OPEN and probe == self._round:
            self._probed(now, failed=failed)

    def withdrawn(self, *, probe: int) -> None:
        """An exchange ended without saying anything about the upstream: a probe's place is free again."""
        if self.state is BreakerState.HALF_OPEN and probe == self._round:
            self._probes -= 1

    def _probed(self, now: float, *, failed: bool) -> None:
        if failed:
            return self._open(now)
        self._good_probes += 1
        if self._good_probes >= PROBES:
            self._turn(BreakerState.CLOSED)
        return None

    def _open(self, now: float) -> None:
        self._turn(BreakerState.OPEN)
        self._open_until = now + OPEN_SECONDS
        self._connect_failures = 0
        self._window = Window()

    def _turn(self, state: BreakerState) -> None:
        """A further round of probes is no change."""
        changes = state is not self.state
        self.state = state
        if changes:
            self.told(state)

    def _is_round_lost(self, now: float) -> bool:
        return now - self._last_probe_at > PROBE_PATIENCE_SECONDS
