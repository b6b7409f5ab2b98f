"""What a policy promises, and the due times that follow from it."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from gateway.domain.frozen import frozen
from gateway.sla.calendar import Calendar, Elapsed

CREATION_TARGET_SECONDS: Final = 2.0
CREATION_TARGET_SHARE: Final = 0.95
"""The specification's objective: 95 of 100 tickets are made within two seconds, retries included."""

AVAILABILITY_TARGET_SHARE: Final = 0.995
"""Of all exchanges with an upstream, so many are to be answered with anything but a server error."""


@frozen
class SlaTargets:
    """Seconds from acceptance until response and resolution are due, by priority; `default` for all others.

    Only the calendar's open time counts. In one of `pause_states` (folded) the resolution's clock stands; None leaves
    that to the platform.
    """

    response: Mapping[str, float] = field(default_factory=dict)
    resolution: Mapping[str, float] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Elapsed)
    pause_states: frozenset[str] | None = None

    def response_seconds(self, priority: str) -> float | None:
        """How soon somebody has to answer; None where nothing is promised."""
        return self.response.get(priority, self.response.get("default"))

    def resolution_seconds(self, priority: str) -> float | None:
        """How soon it has to be solved; None where nothing is promised."""
        return self.resolution.get(priority, self.resolution.get("default"))

    def due(self, accepted: float, seconds: float | None) -> float | None:
        """When a promise made at `accepted` falls due."""
        return None if seconds is None else self.calendar.add(accepted, seconds)
