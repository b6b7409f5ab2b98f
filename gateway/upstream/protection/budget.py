"""The retry budget: retries must not become the load that keeps a struggling upstream down."""

from collections import deque
from dataclasses import dataclass, field

FORGOTTEN_AFTER_SECONDS = 90.0
"""A retry that never told its end (its caller went away) stops counting as under way: longest backoff plus a read."""


@dataclass(slots=True)
class RetryBudget:
    """Every `calls_per_retry` calls pay for one retry; unpaid ones pass while fewer than `at_once` are under way.

    What was earned is kept, up to `most_saved` retries. With `calls_per_retry=0` there is no limit.
    """

    calls_per_retry: int = 5
    at_once: int = 3
    most_saved: int = 100
    _earned: int = 0
    _under_way: deque[float] = field(default_factory=deque)

    def earn(self) -> None:
        """A call went out for the first time."""
        if self._earned < self.most_saved * self.calls_per_retry:
            self._earned += 1

    def take(self, now: float) -> bool:
        """Whether one more retry may be made; if so it counts as under way until `end`."""
        while self._under_way and self._under_way[0] <= now:
            self._under_way.popleft()
        if self._earned >= self.calls_per_retry:
            self._earned -= self.calls_per_retry
        elif len(self._under_way) >= self.at_once:
            return False
        self._under_way.append(now + FORGOTTEN_AFTER_SECONDS)
        return True

    def end(self) -> None:
        """A retry was answered, or broke."""
        if self._under_way:
            self._under_way.popleft()

    @property
    def left(self) -> int:
        """How many retries would be allowed now."""
        if self.calls_per_retry == 0:
            return self.most_saved
        return max(self._earned // self.calls_per_retry, self.at_once - len(self._under_way))
