"""What the tickets door answers with."""

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from gateway.web.api.documents.common import AnyJson, ErrorDocument, Instant, Outcome, closed, described


class MadeTicket(TypedDict):
    """The new ticket."""

    id: str
    key: str
    url: str


class Retries(TypedDict):
    """How often it was sent again, and what was waited before each time."""

    attempts: int
    delays_seconds: list[float]


class DueTimes(TypedDict):
    """When the ticket's promises are due; null where nothing is promised."""

    response_due_at: Instant | None
    resolution_due_at: Instant | None


@described
class CreatedDocument(TypedDict):
    """A ticket was made."""

    call_id: str
    ticket: MadeTicket | None
    """Null where the platform made it and did not say its name."""
    template: str
    retry: Retries
    sla: DueTimes | None
    outcome: Outcome
    warnings: NotRequired[list[ErrorDocument]]
    """Rules that were broken and only warn."""


class QueuedDocument(TypedDict):
    """The ticket will be made when its upstream can be reached; the call tells how it goes on."""

    status: Annotated[str, closed(("queued",))]
    call_id: str


@described
class AlertsKnownDocument(TypedDict):
    """Nothing was made: the alerts have their ticket, or are over."""

    status: Annotated[str, closed(("known", "resolved"))]
    call_id: str | None
    """The call that made the ticket; null where these alerts never had one."""
    ticket: MadeTicket | None


@described
class RehearsedDocument(TypedDict):
    """What a dry run shows; nothing was sent."""

    call_id: str
    policy: str | None
    payload: AnyJson
    """But for the correlation value, what the upstream would receive."""
    violations: list[ErrorDocument]
    would: Annotated[str, closed(("forward", "refuse"))]
