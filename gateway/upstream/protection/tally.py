"""ServiceNow tells a rule's limit and its reset, never what is left: so the gateway counts its own share."""

from collections import OrderedDict
from dataclasses import dataclass, field

from gateway.upstream.protection.ask import HeldReason
from gateway.upstream.protection.rate_headers import NEARLY_EMPTY_SHARE, PLENTY, Allowance, RateHeaders, number

MOST_RULES = 1000


@dataclass(slots=True)
class _Count:
    reset: float
    used: int = 0


@dataclass(slots=True)
class Tally:
    """Calls per login and rate-limit rule since the rule's last reset."""

    _counts: OrderedDict[tuple[int, str], _Count] = field(default_factory=OrderedDict)

    def count(self, login: int, headers: RateHeaders, wall: float) -> Allowance | None:
        """Count an answer that a rule matched, None where none did; what others used up is not known."""
        limit, reset = number(headers.get("x-ratelimit-limit")), number(headers.get("x-ratelimit-reset"))
        if limit is None or reset is None:
            return None
        counted = self._count_of(login, headers.get("x-ratelimit-rule", ""), reset)
        counted.used += 1
        left, seconds = limit - counted.used, reset - wall
        if left >= NEARLY_EMPTY_SHARE * limit or seconds <= 0:
            return PLENTY
        return Allowance(HeldReason.QUOTA, seconds / max(left, 1.0), seconds)

    def _count_of(self, login: int, rule: str, reset: float) -> _Count:
        counted = self._counts.get((login, rule))
        if counted is None or counted.reset != reset:
            counted = self._counts[login, rule] = _Count(reset)
        self._counts.move_to_end((login, rule))
        if len(self._counts) > MOST_RULES:
            self._counts.popitem(last=False)
        return counted
