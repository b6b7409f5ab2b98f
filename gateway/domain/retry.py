"""When to try again: the specification's retry policy and timeouts, as arithmetic."""

from dataclasses import replace
from enum import StrEnum

from gateway.domain.frozen import frozen

JITTER_SHARE = 0.2
"""A backoff is shortened by at most this share, so that many callers do not return in step."""


class Creates(StrEnum):
    """What may be done after a create whose effect is unknown."""

    RECONCILE = "reconcile"
    NEVER = "never"
    IMMEDIATE = "immediate"


@frozen
class RetryPolicy:
    """The specification's `retry_policy`, plus `creates`; delays in seconds."""

    max_retries: int = 3
    retry_delay_seconds: float = 5.0
    exponential_backoff: bool = True
    backoff_multiplier: float = 2.0
    max_retry_delay_seconds: float = 60.0
    retryable_status_codes: frozenset[int] = frozenset({429, 500, 502, 503, 504})
    creates: Creates = Creates.RECONCILE

    def backoff(self, retry: int, *, luck: float = 0.0, retry_after: float | None = None) -> float:
        """Seconds to wait before the given retry; the first is 1. `luck` in [0, 1) is the jitter's share taken.

        A `Retry-After` is the floor and is neither capped nor shortened: coming early earns a longer one.
        """
        growth = self.backoff_multiplier ** (retry - 1) if self.exponential_backoff else 1.0
        delay = min(self.retry_delay_seconds * growth, self.max_retry_delay_seconds)
        return max(delay * (1 - JITTER_SHARE * luck), retry_after or 0.0)

    def overridden(self, **changes: object) -> "RetryPolicy":
        """The same policy with some keys replaced: an upstream or a policy file says only what differs."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the doors have validated every key's type


@frozen
class Timeouts:
    """The specification's `timeout`: the first two bound one attempt, the last the whole call; seconds."""

    connection_timeout_seconds: float = 10.0
    read_timeout_seconds: float = 30.0
    total_timeout_seconds: float = 60.0


@frozen
class Windows:
    """How long a ticket that is not found may still appear; seconds.

    `settle` counts from the end of an exchange that failed with an answer, `late_effect` from the send of one that
    broke off in silence.
    """

    settle_seconds: float
    late_effect_seconds: float
