"""How many of an operation's last exchanges failed."""

from dataclasses import dataclass, field
from typing import Final

WINDOW_SECONDS: Final = 30.0
FEWEST_EXCHANGES: Final = 20

_SLICES: Final = 10
_SLICE_SECONDS: Final = WINDOW_SECONDS / _SLICES


@dataclass(slots=True)
class Window:
    """The exchanges of the last 30 s, counted in slices of 3 s so that memory does not grow with traffic."""

    _stamps: list[int] = field(default_factory=lambda: [-1] * _SLICES)
    _exchanges: list[int] = field(default_factory=lambda: [0] * _SLICES)
    _failures: list[int] = field(default_factory=lambda: [0] * _SLICES)
    _failed_at: float = float("-inf")

    def adds_up(self, now: float, *, failed: bool) -> bool:
        """Count one exchange; whether half of enough of them have now failed."""
        stamp = int(now / _SLICE_SECONDS)
        place = stamp % _SLICES
        if self._stamps[place] != stamp:
            self._stamps[place] = stamp
            self._exchanges[place] = self._failures[place] = 0
        self._exchanges[place] += 1
        if failed:
            self._failures[place] += 1
            self._failed_at = now
        return now - self._failed_at < WINDOW_SECONDS and self._is_half(stamp)

    def _is_half(self, stamp: int) -> bool:
        within = [place for place in range(_SLICES) if stamp - self._stamps[place] < _SLICES]
        exchanges = sum(self._exchanges[place] for place in within)
        return exchanges >= FEWEST_EXCHANGES and 2 * sum(self._failures[place] for place in within) >= exchanges
