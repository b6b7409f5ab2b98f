"""The rate-limit headers of ServiceNow, Jira Cloud and Jira Data Center, read into what they mean for the next call."""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from gateway.domain.call import Headers, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.retry_after import retry_after
from gateway.upstream.protection.ask import HeldReason
from gateway.upstream.protection.rate_fields import rate_fields

NEARLY_EMPTY_SHARE: Final = 0.2
"""From here on what is left is spread: the share at which Jira says `X-RateLimit-NearLimit`."""

HOUR_SECONDS: Final = 3600.0
LONGEST_REFILL_SECONDS: Final = 60.0

RateHeaders: TypeAlias = Mapping[str, str]
"""Rate-limit headers by their lower-case name, the `Beta-` of a limit that is not enforced yet taken off."""

_NAMES: Final = frozenset(
    {
        "ratelimit",
        "ratelimit-policy",
        "ratelimit-reason",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-nearlimit",
        "x-ratelimit-fillrate",
        "x-ratelimit-interval-seconds",
        "x-ratelimit-rule",
    }
)
_BETA: Final = {
    (f"x-beta-{name.removeprefix('x-')}" if name.startswith("x-") else f"beta-{name}"): name for name in _NAMES
}
_LISTS: Final = frozenset({"ratelimit", "ratelimit-policy"})
_NONE: Final[RateHeaders] = {}
_DIGITS: Final = re.compile(r"[0-9]{1,15}")
_REASONS: Final = (
    ("quota", HeldReason.QUOTA),
    ("burst", HeldReason.BURST),
    ("issue", HeldReason.ISSUE),
    ("concurrent", HeldReason.SEMAPHORE),
)


@frozen
class Allowance:
    """What is left of a limit: calls `spacing` seconds apart make it last for `seconds`; 0 where there is plenty."""

    limit: HeldReason
    spacing: float = 0.0
    seconds: float = 0.0


PLENTY: Final = Allowance(HeldReason.QUOTA)


@frozen
class Overrun:
    """A 429: the limit that was hit, and the seconds it asks for where it names any."""

    limit: HeldReason
    seconds: float | None


def rate_headers(headers: Headers) -> RateHeaders:
    """Those of an answer; a list sent in several lines is one list."""
    if "ratelimit" not in "\n".join(dict(headers)).lower():
        return _NONE  # most answers: a look at all names at once is the cheapest
    found: dict[str, str] = {}
    beta: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in _NAMES:
            _keep(found, lower, value)
        elif lower in _BETA:
            _keep(beta, _BETA[lower], value)
    return beta | found if beta else found


def allowance(headers: RateHeaders, wall: float) -> Allowance | None:
    """The tightest limit that an answer tells of; None where it tells of none. `wall` is Unix seconds."""
    if "ratelimit" in headers:
        told = _structured(headers, wall)
        if told is not PLENTY:
            return told
    if "x-ratelimit-fillrate" in headers:
        return _token_bucket(headers)
    if headers.get("x-ratelimit-nearlimit", "").strip().lower() == "true":
        return _near_limit(headers, wall)
    return PLENTY if "ratelimit" in headers or "x-ratelimit-remaining" in headers else None


def overrun(platform: PlatformName, answer: Answer, wall: float) -> Overrun:
    """What a 429 means: ServiceNow names its hourly rule, and where it names nothing it ran out of semaphores.

    A reason that is not documented, or none at all, slows the endpoint that met it and nothing else.
    """
    headers = rate_headers(answer.headers)
    seconds = retry_after(answer, wall)
    if "x-ratelimit-fillrate" in headers:
        return Overrun(HeldReason.QUOTA, max(seconds or 0.0, _token_seconds(headers)))
    reason = headers.get("ratelimit-reason")
    if reason is not None:
        return Overrun(_limit_named(reason, otherwise=HeldReason.BURST), seconds)
    if platform is PlatformName.SERVICENOW:
        if headers:
            return Overrun(HeldReason.QUOTA, seconds)
        return Overrun(HeldReason.SEMAPHORE if seconds is None else HeldReason.BURST, seconds)
    return Overrun(HeldReason.BURST, seconds)


def number(text: str | None) -> float | None:
    """A count or an instant in Unix seconds; None for anything else."""
    text = (text or "").strip()
    return float(text) if _DIGITS.fullmatch(text) else None


def _keep(kept: dict[str, str], name: str, value: str) -> None:
    if name not in kept:
        kept[name] = value
    elif name in _LISTS:
        kept[name] = f"{kept[name]}, {value}"


def _limit_named(name: str, *, otherwise: HeldReason) -> HeldReason:
    lower = name.lower()
    return next((limit for word, limit in _REASONS if word in lower), otherwise)


def _structured(headers: RateHeaders, wall: float) -> Allowance:
    """`RateLimit: "name";r=left;t=seconds`, judged by the quota `q` that `RateLimit-Policy` gives the same name."""
    quotas = rate_fields(headers.get("ratelimit-policy", ""))
    tightest = PLENTY
    for name, left in rate_fields(headers["ratelimit"]).items():
        if "r" not in left:
            continue
        remaining, seconds = left["r"], left.get("t", _to_the_hour(wall))
        quota = quotas.get(name, {}).get("q")
        enough = NEARLY_EMPTY_SHARE * quota if quota is not None else seconds
        spacing = seconds / max(remaining, 1.0)
        if remaining < enough and spacing > tightest.spacing:
            tightest = Allowance(_limit_named(name, otherwise=HeldReason.QUOTA), spacing, seconds)
    return tightest


def _token_bucket(headers: RateHeaders) -> Allowance:
    """Data Center: `FillRate` tokens every `Interval-Seconds`, for each user on each node."""
    limit, remaining = number(headers.get("x-ratelimit-limit")), number(headers.get("x-ratelimit-remaining"))
    missing = NEARLY_EMPTY_SHARE * (limit or 0.0) - (remaining if remaining is not None else float("inf"))
    if missing <= 0:
        return PLENTY
    spacing = _token_seconds(headers)
    return Allowance(HeldReason.QUOTA, spacing, min(missing * spacing, LONGEST_REFILL_SECONDS))


def _token_seconds(headers: RateHeaders) -> float:
    fill = number(headers.get("x-ratelimit-fillrate")) or 1.0
    return (number(headers.get("x-ratelimit-interval-seconds")) or 1.0) / fill


def _near_limit(headers: RateHeaders, wall: float) -> Allowance:
    """Jira Cloud says how much is left, and resets at the top of the hour (UTC)."""
    seconds = _to_the_hour(wall)
    remaining = number(headers.get("x-ratelimit-remaining"))
    return Allowance(HeldReason.QUOTA, 0.1 if remaining is None else seconds / max(remaining, 1.0), seconds)


def _to_the_hour(wall: float) -> float:
    return HOUR_SECONDS - wall % HOUR_SECONDS
