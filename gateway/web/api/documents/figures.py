"""Figures over a window: promises, and creates over time."""

from typing_extensions import TypedDict

from gateway.web.api.documents.common import Instant, Platform, TimeWindow, described
from gateway.web.api.documents.tickets import TicketDocument


class CreationTarget(TypedDict):
    """A share of the tickets that is to be made within so many seconds."""

    seconds: float
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
    due_soon: list[TicketDocument]
    """The earliest first."""
    breached: list[TicketDocument]
    """The latest accepted first."""
    meaning: str
    """What the figures can tell, and what not."""


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
