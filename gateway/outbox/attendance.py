"""Notices whether the upstreams answer, call by call, and writes it down in portions."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.delivery import Attempt
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.records.availability import UpstreamHour, UpstreamHours

HOUR: Final = 3_600
MINUTE: Final = 60
SERVER_ERROR: Final = 500


@dataclass(slots=True)
class Minute:
    """The latest minute in which an upstream was asked, and whether it has answered in it."""

    number: int = -1
    answered: bool = False


@dataclass(slots=True)
class Attendance:
    """Counts of the hours since the last time they were written; what a crash loses is some seconds of them."""

    hours: UpstreamHours
    counted: dict[UpstreamHour, Counter[str]] = field(default_factory=dict)
    minutes: dict[str, Minute] = field(default_factory=dict)

    def heard(self, outcome: Outcome) -> None:
        """Count the exchanges of a call, and a call that an open circuit kept from its upstream."""
        for attempt in outcome.attempts:
            self._count(outcome, "exchanges", attempt.started_at + attempt.duration_seconds, answered=_told(attempt))
        if outcome.kind is OutcomeKind.CIRCUIT_OPEN:
            self._count(outcome, "turned_away", outcome.ended_at, answered=False)

    async def write(self) -> None:
        """Write what was counted; what cannot be written now waits for the next time. Raises StoreUnavailable."""
        counted, self.counted = self.counted, {}
        if not counted:
            return
        try:
            await self.hours.add(counted)
        except StoreUnavailable:
            for key, counts in counted.items():
                self.counted.setdefault(key, Counter()).update(counts)
            raise

    def _count(self, outcome: Outcome, what: str, at: float, *, answered: bool) -> None:
        call = outcome.call
        hour = (int(at // HOUR), call.platform.value, call.upstream)
        counts = self.counted.get(hour) or self.counted.setdefault(hour, Counter())
        minute = self.minutes.get(call.upstream) or self.minutes.setdefault(call.upstream, Minute())
        counts[what] += 1
        counts["answered"] += answered
        if int(at // MINUTE) > minute.number:
            minute.number, minute.answered = int(at // MINUTE), False
            counts["minutes_asked"] += 1
        if answered and not minute.answered:
            minute.answered = True
            counts["minutes_answered"] += 1


def _told(attempt: Attempt) -> bool:
    """An answer of any kind but a server error: a refusal is one, too."""
    return attempt.failure is None and attempt.status is not None and attempt.status < SERVER_ERROR
