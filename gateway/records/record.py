"""What the reports answer with: rows as frozen values, instants in Unix seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Generic, TypeVar

from gateway.domain.frozen import frozen

Item = TypeVar("Item")


@frozen
class CallRecord:
    """One call; `kind` is None while it is under way, `settled_at` None while nobody can say what became of it."""

    id: str
    upstream: str
    platform: str
    operation: str
    method: str
    target: str
    resource: str
    policy: str | None
    policy_version: str | None
    template: str | None
    source: str
    state: str
    kind: str | None
    status: int | None
    attempts: int
    violations: int
    job_id: str | None
    client: str | None
    ticket_id: str | None
    ticket_key: str | None
    received_at: float
    last_sent_at: float | None
    ended_at: float | None
    settled_at: float | None
    fenced: bool


@frozen
class CallStory:
    """One call with all that is told of it, events in order; the correlation value was `carried_in` that field."""

    call: CallRecord
    attempts: tuple[Mapping[str, Any], ...] = ()
    violations: tuple[Mapping[str, Any], ...] = ()
    events: tuple[Mapping[str, Any], ...] = ()
    problem: Mapping[str, Any] | None = None
    carried_in: str | None = None


@frozen
class WaitingRecord:
    """One call that is not done: `queued` for a later try, `ambiguous`, or a dead letter (`dead`).

    `tries` counts what the outbox tried, `rank` 1 is the most urgent.
    """

    id: str
    upstream: str
    platform: str
    operation: str
    resource: str
    policy: str | None
    template: str | None
    source: str
    state: str
    kind: str | None
    attempts: int
    tries: int | None
    rank: int | None
    job_id: str | None
    client: str | None
    received_at: float
    last_sent_at: float | None
    next_try_at: float | None
    settled_at: float | None
    evidence: str | None
    absent_from: float | None
    queued_bytes: int | None
    fenced: bool


@frozen
class FindingRecord:
    """One disagreement between the journal and a platform; `tickets` are the ids that the platform's API takes."""

    id: str
    kind: str
    platform: str
    upstream: str
    tickets: Sequence[str]
    call_id: str | None
    found_at: float
    state: str
    note: str | None


@frozen
class AuditRecord:
    """What somebody did to a row."""

    id: str
    at: float
    actor: str
    action: str
    subject: str
    detail: str | None


@frozen
class TicketRecord:
    """One ticket made through the gateway."""

    id: str
    upstream: str
    platform: str
    resource: str
    ticket_id: str | None
    ticket_key: str | None
    url: str | None
    call_id: str
    source: str
    template: str | None
    job_id: str | None
    policy: str | None
    priority: str | None
    attempts: int
    accepted_at: float
    ticket_at: float
    response_due_at: float | None
    resolution_due_at: float | None
    response_seconds: float | None = None
    resolution_seconds: float | None = None
    calendar: str | None = None
    response_state: str | None = None
    resolution_state: str | None = None
    phase: str | None = None
    platform_state: str | None = None
    responded_at: float | None = None
    resolved_at: float | None = None
    stopped_at: float | None = None
    stops: Sequence[Sequence[float]] | None = None
    reopened: int | None = None
    seen_at: float | None = None
    platform_sla: Sequence[Mapping[str, Any]] | None = None


@frozen
class PromiseChange:
    """A promise (`response` or `resolution`) that stands otherwise than before; the ticket as it is now."""

    ticket: TicketRecord
    promise: str
    before: str | None
    now: str | None


@frozen
class Position:
    """Where a page begins: after the row with this instant and id."""

    at: float
    id: str


@frozen
class Window:
    """Which rows are asked for: columns that must equal a value, and instants from `since` until before `until`."""

    equal: Mapping[str, str] = field(default_factory=dict)
    since: float | None = None
    until: float | None = None
    oldest_first: bool = False


@frozen
class Page(Generic[Item]):
    """Some rows; `next` is where the following page begins, None on the last, `paused` where a search was cut short."""

    items: tuple[Item, ...]
    next: Position | None
    paused: Position | None = None


@frozen
class Creation:
    """How long one platform's tickets took from acceptance until the gateway knew of them."""

    platform: str
    tickets: int
    within_target: int
    p95_seconds: float


@frozen
class Promises:
    """Promises of one kind: those made, kept and broken in the window, and of all that stand how many are due soon."""

    promised: int
    kept: int
    breached: int
    due_soon: int

    @property
    def attainment(self) -> float | None:
        """The share that was kept of those that are decided; None while none is."""
        decided = self.kept + self.breached
        return self.kept / decided if decided else None


@frozen
class UpstreamAnswers:
    """How often an upstream was asked in a window, and answered; `turned_away` were kept from it by an open circuit."""

    upstream: str
    platform: str
    exchanges: int
    answered: int
    turned_away: int
    minutes_asked: int
    minutes_answered: int


@frozen
class PriorityDay:
    """Promises that are decided, of the tickets of one priority accepted on one day (since 1970, UTC)."""

    day: int
    priority: str
    response_kept: int
    response_breached: int
    resolution_kept: int
    resolution_breached: int


@frozen
class SlaFigures:
    """The tickets accepted in a window; of all tickets, the next that fall due, and the last that broke a promise."""

    creations: tuple[Creation, ...]
    response: Promises
    resolution: Promises
    availability: tuple[UpstreamAnswers, ...]
    due_soon: tuple[TicketRecord, ...]
    breached: tuple[TicketRecord, ...]
