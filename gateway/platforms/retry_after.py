"""How long an upstream wants to be left alone, in every form the two platforms say it."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from gateway.domain.verdict import Answer

_DELAYS: Final = ("retry-after", "beta-retry-after")
_RESETS: Final = ("x-ratelimit-reset", "x-beta-ratelimit-reset")
_SECONDS: Final = re.compile(r"[+-]?[0-9]{1,15}")
_RATE_LIMITED: Final = 429


def retry_after(answer: Answer, clock: float) -> float | None:
    """Seconds from `clock` (Unix seconds) on; None where the answer names no time that can be read.

    The reset of a rate limit counts on a 429 only: ServiceNow sends it with every matched call, an hour ahead.
    """
    for name in _DELAYS:
        if (delay := named_delay(answer.header(name) or "", clock)) is not None:
            return delay
    if answer.status == _RATE_LIMITED:
        for name in _RESETS:
            if (reset := _reset(answer.header(name), clock)) is not None:
                return reset
    return None


def named_delay(text: str, clock: float) -> float | None:
    """Seconds from `clock` on, told in whole ones or by an HTTP date; None where the text is neither."""
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return max(float(int(text)), 0.0)
    try:
        return _until(parsedate_to_datetime(text), clock)
    except (ValueError, OverflowError):
        return None


def _reset(text: str | None, clock: float) -> float | None:
    """An instant: Unix seconds (ServiceNow), or ISO 8601 to the second or the minute (Jira)."""
    text = (text or "").strip()
    if _SECONDS.fullmatch(text):
        return max(int(text) - clock, 0.0)
    try:
        return _until(datetime.fromisoformat(text), clock)
    except (ValueError, OverflowError):
        return None


def _until(instant: datetime, clock: float) -> float:
    return max((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() - clock, 0.0)
