"""Calls: in a list, and one with its story."""

from typing import Any, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from gateway.web.api.documents.common import (
    CallState,
    ErrorDocument,
    Instant,
    OperationName,
    Outcome,
    Platform,
    Source,
    described,
)

ChangedBy: TypeAlias = Literal["template", "policy", "gateway", "platform"]


class JudgedBy(TypedDict):
    """A policy, and the digest of the set it stood in."""

    name: str
    version: str | None


class TicketName(TypedDict):
    """A ticket by the names its platform gave it."""

    id: str | None
    key: str | None


@described
class CallDocument(TypedDict):
    """One client request through the gateway."""

    id: str
    upstream: str
    platform: Platform
    operation: OperationName
    method: str
    target: str
    """Without the values of its query that may be secret."""
    resource: str
    policy: JudgedBy | None
    template: str | None
    source: Source
    state: CallState
    outcome: Outcome | None
    """Null while it is under way."""
    status: int | None
    """What its caller was told."""
    attempt_count: int
    violation_count: int
    job_id: str | None
    client: str | None
    ticket: TicketName | None
    fenced: bool
    """Whether a lost answer can be found again, so that no ticket is doubled."""
    received_at: Instant
    last_sent_at: Instant | None
    ended_at: Instant | None
    settled_at: Instant | None
    """Since when the outcome is final."""
    duration_seconds: float | None


@described
class AttemptDocument(TypedDict):
    """One exchange with the upstream; either `status` or `failure` says how it ended."""

    number: int
    started_at: Instant
    duration_seconds: float
    status: int | None
    failure: str | None
    wait_seconds: float
    """Waited before it began."""


class EventDocument(TypedDict):
    """Something that happened to a call."""

    at: Instant
    event: str
    attempt: NotRequired[int]
    status: NotRequired[int | None]
    by: NotRequired[str]


class ToldProblem(TypedDict):
    """What the caller was told."""

    type: str
    status: int
    detail: str


@described
class FieldChange(TypedDict):
    """One field that left otherwise than it came, or was stored otherwise than it left."""

    field: str
    by: ChangedBy
    """`template` and `policy` gave it where the caller had not, `gateway` put its correlation value there, `platform`
    stored something else than was sent."""
    sent: NotRequired[Any]
    """What left, where the body is on record."""


@described
class KeptRequest(TypedDict):
    """The request as its caller sent it, without what the gateway added and without its login."""

    headers: list[tuple[str, str]]
    body: str


@described
class CallStoryDocument(CallDocument):
    """One call with everything that is told of it."""

    changes: list[FieldChange]
    """What was changed, by whom; of a call from a template, its fields are named where the body is on record."""
    request: KeptRequest | None
    """Null where the policy does not have it recorded (`record`), and for a call from a template."""

    attempts: list[AttemptDocument]
    violations: list[ErrorDocument]
    problem: ToldProblem | None
    events: list[EventDocument]


@described
class CallPage(TypedDict):
    """Some calls."""

    items: list[CallDocument]
    next: str | None
    """The `cursor` of the following page; null on the last."""
    looked_until: Instant | None
    """Where looking for calls that fit was broken off, so as to answer soon; `next` goes on from there. Null on a page
    that is full, and on the last."""
