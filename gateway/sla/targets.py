"""What a policy promises, and the due times that follow from it."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from gateway.domain.frozen import frozen
from gateway.domain.outcome import SlaDue
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

    def promise(self, priority: str, accepted: float) -> SlaDue:
        """What is promised for a ticket of that priority which was accepted then."""
        response = self.response.get(priority) or self.response.get("default")
        resolution = self.resolution.get(priority) or self.resolution.get("default")
        return SlaDue(
            response_due_at=self.due(accepted, response),
            resolution_due_at=self.due(accepted, resolution),
            response_seconds=response,
            resolution_seconds=resolution,
            calendar=self.calendar.name,
        )

    def due(self, accepted: float, seconds: float | None) -> float | None:
        """When a promise made at `accepted` falls due."""
        return None if seconds is None else self.calendar.add(accepted, seconds)
