"""Calls that are not done, and what became of an act."""

from typing import Annotated

from typing_extensions import TypedDict

from gateway.records.state import NOT_DONE_STATES
from gateway.web.api.documents.common import (
    CallState,
    Instant,
    OperationName,
    Outcome,
    Platform,
    Source,
    closed,
    described,
)


@described
class WaitingDocument(TypedDict):
    """A call that waits: for its next try, for an answer to a question, or, as a dead letter, for a person."""

    id: str
    upstream: str
    platform: Platform
    operation: OperationName
    resource: str
    policy: str | None
    template: str | None
    source: Source
    state: Annotated[str, closed(NOT_DONE_STATES)]
    outcome: Outcome | None
    attempt_count: int
    tries: int
    """How often it was tried while it waited."""
    rank: int | None
    """1 is the most urgent."""
    job_id: str | None
    client: str | None
    fenced: bool
    evidence: str | None
    """What is known of its last attempt, where its effect is open."""
    received_at: Instant
    last_sent_at: Instant | None
    next_try_at: Instant | None
    absent_from: Instant | None
    """From then on an empty search proves that there is no ticket."""
    settled_at: Instant | None


@described
class WaitingPage(TypedDict):
    """Some calls that wait."""

    items: list[WaitingDocument]
    next: str | None
    """The `cursor` of the following page; null on the last."""


@described
class ActedDocument(TypedDict):
    """A call after somebody acted upon it."""

    id: str
    state: CallState
    by: str
    """Who did it, as the audit keeps it."""
