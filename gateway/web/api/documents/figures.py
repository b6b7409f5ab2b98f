"""Figures over a window: promises, and creates over time."""

from typing_extensions import TypedDict

from gateway.web.api.documents.common import Instant, Platform, TimeWindow, described
from gateway.web.api.documents.tickets import TicketDocument


class CreationTarget(TypedDict):
    """A share of the tickets that is to be made within so many seconds."""

    seconds: float
    share: float


class AvailabilityTarget(TypedDict):
    """A share of the exchanges that each upstream is to answer."""

    share: float


@described
class PolicyTargets(TypedDict):
    """What a policy promises, in seconds by priority."""

    policy: str
    response_seconds: dict[str, float]
    resolution_seconds: dict[str, float]
    calendar: str | None
    """Whose open time counts; null where every hour does."""


class Targets(TypedDict):
    """Everything that is promised."""

    creation: CreationTarget
    availability: AvailabilityTarget
    policies: list[PolicyTargets]


@described
class CreationFigures(TypedDict):
    """How fast one platform's tickets were made."""

    platform: Platform
    tickets: int
    within_target: int
    share: float
    p95_seconds: float
    met: bool


@described
class AvailabilityFigures(TypedDict):
    """How one upstream answered; a restart of the gateway begins a minute anew."""

    upstream: str
    platform: Platform
    exchanges: int
    answered: int
    """With anything but a server error."""
    turned_away: int
    """Calls that an open circuit kept from it; no exchange of theirs took place."""
    share: float
    minutes_asked: int
    minutes_answered: int
    """Minutes in which at least one exchange was answered."""
    minutes_share: float | None
    met: bool


@described
class PromiseFigures(TypedDict):
    """How many promises of one kind were made, and how they stand."""

    promised: int
    kept: int
    breached: int
    attainment: float | None
    """The share kept of those that are decided; null while none is."""
    due_soon: int
    """Of all tickets, whenever they were accepted."""


@described
class SlaDocument(TypedDict):
    """What is promised, how fast tickets were made, and which promises fall due."""

    window: TimeWindow
    targets: Targets
    creation: list[CreationFigures]
    response: PromiseFigures
    resolution: PromiseFigures
    availability: list[AvailabilityFigures]
    """Upstreams that were not asked in the window are left out."""
    due_soon: list[TicketDocument]
    """The earliest first."""
    breached: list[TicketDocument]
    """The latest accepted first."""
    meaning: str
    """What the figures can tell, and what not."""


@described
class DecidedPromises(TypedDict):
    """How many promises of one kind were kept, and how many broken."""

    kept: int
    breached: int
    attainment: float | None
    """Null while none is decided."""


class PriorityFigures(TypedDict):
    """Both promises of one priority's tickets."""

    priority: str | None
    response: DecidedPromises
    resolution: DecidedPromises


class PriorityDayFigures(PriorityFigures):
    """The same for the tickets that were accepted on one day (UTC)."""

    day: str


@described
class PrioritiesDocument(TypedDict):
    """How promises were kept by priority, over the whole window and day by day."""

    window: TimeWindow
    priorities: list[PriorityFigures]
    days: list[PriorityDayFigures]
    """Days and priorities in which nothing was decided are left out."""


@described
class StepDocument(TypedDict):
    """The creates of one step."""

    at: Instant
    outcomes: dict[str, int]
    """How many ended how; `under_way` are those that have not ended."""
    retried: int
    mean_seconds: float | None
    slowest_seconds: float | None


@described
class ActivityDocument(TypedDict):
    """Creates by outcome over time; a step without a create is left out."""

    window: TimeWindow
    step_seconds: int
    buckets: list[StepDocument]
