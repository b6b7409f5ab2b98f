"""Tickets made through the gateway, and how their promises stand."""

from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from gateway.web.api.documents.common import AnyJson, Instant, Platform, Source, closed, described


class NamedTicket(TypedDict):
    """A ticket by its names, and where to look at it."""

    id: str | None
    key: str | None
    url: str | None


@described
class PromiseDocument(TypedDict):
    """One promise, and how it stands."""

    due_at: Instant
    state: str
    met_at: Instant | None
    """When it was answered, or solved, as far as that was seen."""
    working: str
    """How the due time was worked out."""


class StretchDocument(TypedDict):
    """A stretch of time."""

    begins_at: Instant
    ends_at: Instant


@described
class PlatformReading(TypedDict):
    """What the platform itself says of one of its SLAs on the ticket; it counts in a dispute."""

    name: str
    state: Annotated[str, closed(("running", "paused", "completed", "cancelled"))]
    breached: bool
    due_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    percentage: float | None
    """How much of the promised time was used up when the platform last worked it out."""
    read_at: Instant
    """ServiceNow's figures are as old as its own last refresh, besides."""
    compared_with: NotRequired[Annotated[str, closed(("response", "resolution"))]]
    """Which of the gateway's promises it is held against; left out where there is no such promise."""
    seconds_after_ours: NotRequired[float]
    """How much later it falls due than that one."""


@described
class PromisesDocument(TypedDict):
    """What a ticket's policy promised; null where it promised nothing."""

    response: PromiseDocument | None
    resolution: PromiseDocument | None
    phase: NotRequired[str]
    """`open`, `paused` (on hold) or `resolved`."""
    platform_state: NotRequired[str | None]
    """The platform's own word or number, as it was last seen."""
    seen_at: NotRequired[Instant | None]
    reopened: NotRequired[int]
    clock_stood: NotRequired[list[StretchDocument]]
    """While on hold, or resolved and opened again."""
    platform: NotRequired[list[PlatformReading]]
    """Its own SLAs, read by polling; left out where they were not read."""


@described
class TicketDocument(TypedDict):
    """One ticket made through the gateway."""

    id: str
    """The id of the call that made it; behind it `-2`, `-3` … for the others of a call that made several."""
    upstream: str
    platform: Platform
    resource: str
    ticket: NamedTicket
    call_id: str
    source: Source
    template: str | None
    job_id: str | None
    policy: str | None
    priority: str | None
    attempt_count: int
    accepted_at: Instant
    ticket_at: Instant
    """When the gateway knew of it."""
    creation_seconds: float
    sla: PromisesDocument


@described
class TicketPage(TypedDict):
    """Some tickets."""

    items: list[TicketDocument]
    next: str | None
    """The `cursor` of the following page; null on the last."""


@described
class VariableDocument(TypedDict):
    """One variable of a template."""

    name: str
    required: bool
    description: str
    default: AnyJson


@described
class TemplateDocument(TypedDict):
    """A template."""

    platform: Platform
    name: str
    description: str
    target: dict[str, str]
    """What it makes: `table`, or `service_desk` and `request_type`; empty for a Jira issue."""
    path: str
    """Where its ticket is created, below the upstream's base URL."""
    fields: dict[str, AnyJson]
    variables: list[VariableDocument]
