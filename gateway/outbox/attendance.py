"""Notices whether the upstreams answer, call by call, and writes it down in portions."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.call import Call
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.records.availability import UpstreamHour, UpstreamHours

MINUTE_SECONDS: Final = 60
HOUR_MINUTES: Final = 60
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
    minutes: defaultdict[str, Minute] = field(default_factory=lambda: defaultdict(Minute))

    def heard(self, outcome: Outcome) -> None:
        """Count the exchanges of a call, and a call that an open circuit kept from its upstream.

        An answer is one of any kind but a server error: a refusal is one, too.
        """
        for attempt in outcome.attempts:
            answered = attempt.failure is None and attempt.status is not None and attempt.status < SERVER_ERROR
            self._count(outcome.call, "exchanges", attempt.started_at + attempt.duration_seconds, answered=answered)
        if outcome.kind is OutcomeKind.CIRCUIT_OPEN:
            self._count(outcome.call, "turned_away", outcome.ended_at, answered=False)

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

    def _count(self, call: Call, what: str, at: float, *, answered: bool) -> None:
        number = int(at) // MINUTE_SECONDS
        hour, minute = number // HOUR_MINUTES, self.minutes[call.upstream]
        counts = self.counted.get((hour, call.platform, call.upstream)) or self._begin(hour, call)
        counts[what] += 1
        counts["answered"] += answered
        if number > minute.number:
            minute.number, minute.answered = number, False
            counts["minutes_asked"] += 1
        if answered and not minute.answered:
            minute.answered = True
            counts["minutes_answered"] += 1

    def _begin(self, hour: int, call: Call) -> Counter[str]:
        counts = self.counted[hour, call.platform.value, call.upstream] = Counter()
        return counts
