"""A gate: closed after a 429 until the platform wants to be asked again, and slow where little is left."""

from dataclasses import dataclass
from typing import Final

from gateway.domain.frozen import frozen
from gateway.upstream.protection.ask import HeldReason, Rank

MEMORY_SECONDS: Final = 30.0
"""A gate that closes again within this time of opening waits twice as long where the platform names no time."""

LONGEST_LINE_SECONDS: Final = 5.0
LONGEST_WAITS: Final = {
    Rank.URGENT_CREATE: 0.0,
    Rank.CREATE: 1.0,
    Rank.WRITE: 2.0,
    Rank.READ: LONGEST_LINE_SECONDS,
}
"""Pacing is a courtesy built on an estimate: it delays a call a little, and the most urgent ones not at all."""

_MOST_STRIKES: Final = 5


@frozen
class Manner:
    """How gates of one kind behave; seconds.

    `pause` holds where the platform names no time, doubling up to `ceiling`, which also caps a time that it names: a
    nonsense `Retry-After` must not close a gate for good. After reopening, calls are `spacing` apart for `slow`.
    """

    pause: float
    ceiling: float
    spacing: float
    slow: float


MANNERS: Final = {
    HeldReason.QUOTA: Manner(pause=60.0, ceiling=3600.0, spacing=0.05, slow=5.0),  # quotas of both count per hour
    HeldReason.BURST: Manner(pause=2.0, ceiling=60.0, spacing=0.05, slow=10.0),
    HeldReason.ISSUE: Manner(pause=2.0, ceiling=30.0, spacing=0.3, slow=30.0),  # 20 writes in 2 s and 100 in 30 s
    HeldReason.SEMAPHORE: Manner(pause=1.0, ceiling=16.0, spacing=0.0, slow=0.0),  # the turnstile slows instead
}


@dataclass(slots=True)
class Gate:
    """One limit, as far as it is known."""

    manner: Manner
    haste: float = 1.0
    _closed_until: float = float("-inf")
    _strikes: int = 0
    _spacing: float = 0.0
    _slow_until: float = float("-inf")
    _next_at: float = float("-inf")

    def close(self, named: float | None, now: float) -> bool:
        """A 429 came; whether it found the gate open, for those sent before it closed tell nothing new."""
        was_open = now >= self._closed_until
        if was_open:
            self._strikes = min(self._strikes + 1, _MOST_STRIKES) if self.is_remembered(now) else 0
        self._closed_until = max(self._closed_until, now + self._pause(named))
        self._spacing = self.manner.spacing
        self._slow_until = self._closed_until + self.manner.slow
        self._next_at = self._closed_until
        return was_open

    def pace(self, spacing: float, seconds: float, now: float) -> None:
        """Little is left: one call every `spacing` seconds from now on; 0 lifts that."""
        self._spacing = spacing
        self._slow_until = now + seconds if spacing else self._closed_until

    def held(self, now: float) -> float:
        """Seconds until the gate opens; 0 while it is open."""
        return max(self._closed_until - now, 0.0)

    def reserve(self, rank: Rank, now: float) -> float:
        """Take the next place in the line; seconds until it comes up, never more than the rank waits."""
        if now >= self._slow_until:
            return 0.0
        place = max(self._next_at, now)
        self._next_at = min(place + self._spacing, now + LONGEST_LINE_SECONDS)
        return min(place - now, LONGEST_WAITS[rank])

    def is_remembered(self, now: float) -> bool:
        """Whether it still says anything about the next call."""
        return now < max(self._closed_until + MEMORY_SECONDS, self._slow_until)

    def _pause(self, named: float | None) -> float:
        """The time that was named; the gate's own where there is none, or where obeying it did not help."""
        own = self.manner.pause / self.haste * 2.0**self._strikes
        pause = max(named, own if self._strikes else 0.0) if named else own
        return min(pause, self.manner.ceiling)
