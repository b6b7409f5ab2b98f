"""How a ticket stands towards its promises, and what each sighting of it changes."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from enum import StrEnum
from typing import Final

from gateway.domain.frozen import frozen
from gateway.domain.sighting import Sighting, Stage
from gateway.sla.calendar import Calendar, Opening
from gateway.sla.working import shifted

SOON_SECONDS: Final = 3_600.0
"""A promise falls due soon within the last hour, or the last quarter of one that is shorter than four."""

SOON_SHARE: Final = 0.25


class Phase(StrEnum):
    """Whether the clock of the resolution runs."""

    OPEN = "open"
    PAUSED = "paused"
    RESOLVED = "resolved"


class PromiseState(StrEnum):
    """How one promise stands; `kept` and `breached` count for attainment."""

    RUNNING = "running"
    SOON = "soon"
    PAUSED = "paused"
    KEPT = "kept"
    BREACHED = "breached"


@frozen
class Standing:
    """One ticket's clocks; instants are Unix seconds. `stops` are the stretches in which the resolution's clock stood.

    `stopped_at` is since when it stands: on hold, or resolved.
    """

    response_due_at: float | None = None
    resolution_due_at: float | None = None
    phase: Phase = Phase.OPEN
    responded_at: float | None = None
    resolved_at: float | None = None
    stopped_at: float | None = None
    stops: tuple[Opening, ...] = ()
    reopened: int = 0
    state: str = ""
    seen_at: float = 0.0

    def response(self, now: float, seconds: float) -> PromiseState | None:
        """How the first promise stands, which was so many seconds long; None where nothing was promised."""
        if self.response_due_at is None:
            return None
        return promise_state(self.response_due_at, seconds, self.responded_at, now)

    def resolution(self, now: float, seconds: float) -> PromiseState | None:
        """How the second one stands: while its clock stands in time, nothing breaks it."""
        if self.resolution_due_at is None:
            return None
        in_time = self.stopped_at is not None and self.stopped_at <= self.resolution_due_at
        if self.phase is Phase.PAUSED and in_time:
            return PromiseState.PAUSED
        met_at = self.stopped_at if self.phase is Phase.RESOLVED else None
        return promise_state(self.resolution_due_at, seconds, met_at, now)


def seen(standing: Standing, sighting: Sighting, calendar: Calendar, pauses: AbstractSet[str]) -> Standing:
    """What is known after a sighting; one that is older than the last changes nothing."""
    if sighting.at < standing.seen_at:
        return standing
    now = replace(standing, seen_at=sighting.at, state=sighting.state or standing.state)
    if now.responded_at is None and (sighting.responded or sighting.stage in (Stage.STARTED, Stage.RESOLVED)):
        now = replace(now, responded_at=sighting.at)
    if sighting.stage is None:
        return now
    return _moved(now, _phase(sighting, pauses), sighting.at, calendar)


def promise_state(due: float, seconds: float, met_at: float | None, now: float) -> PromiseState:
    """How a promise of that length stands at `now`: one kept late is broken."""
    if met_at is not None:
        return PromiseState.KEPT if met_at <= due else PromiseState.BREACHED
    if now >= due:
        return PromiseState.BREACHED
    return PromiseState.SOON if now >= due - soon_before(seconds) else PromiseState.RUNNING


def soon_before(seconds: float) -> float:
    """How long before its due time a promise of that length counts as due soon."""
    return min(SOON_SECONDS, seconds * SOON_SHARE)


def _phase(sighting: Sighting, pauses: AbstractSet[str]) -> Phase:
    if sighting.stage is Stage.RESOLVED:
        return Phase.RESOLVED
    return Phase.PAUSED if sighting.state.casefold() in pauses else Phase.OPEN


def _moved(standing: Standing, phase: Phase, at: float, calendar: Calendar) -> Standing:
    """The clock stands while paused or resolved; when it goes on, what was left of the promise is left still."""
    if phase is standing.phase:
        return standing
    reopened = standing.reopened + (standing.phase is Phase.RESOLVED)
    resolved_at = at if phase is Phase.RESOLVED else None
    moved = replace(standing, phase=phase, reopened=reopened, resolved_at=resolved_at)
    if phase is not Phase.OPEN:
        return replace(moved, stopped_at=at if standing.stopped_at is None else standing.stopped_at)
    if standing.stopped_at is None:
        return moved
    stop = Opening(standing.stopped_at, at)
    due = moved.resolution_due_at
    return replace(
        moved,
        stopped_at=None,
        stops=(*moved.stops, stop),
        resolution_due_at=None if due is None else shifted(due, stop, calendar),
    )
