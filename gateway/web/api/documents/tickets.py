"""Tickets made through the gateway, and how their promises stand."""

from typing import NotRequired

from typing_extensions import TypedDict

from gateway.web.api.documents.common import AnyJson, Instant, Platform, Source, described


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
    met_at: NotRequired[Instant | None]
    working: NotRequired[str]
    """How the due time was worked out."""


class PromisesDocument(TypedDict):
    """What a ticket's policy promised; null where it promised nothing."""

    response: PromiseDocument | None
    resolution: PromiseDocument | None


@described
class TicketDocument(TypedDict):
    """One ticket made through the gateway."""

    id: str
    """The id of the call that made it."""
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
