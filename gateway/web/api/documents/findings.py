"""Where records and platform disagree, and what people did."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from gateway.records.findings import FindingKind, FindingState
from gateway.web.api.documents.common import Instant, Platform, closed, described

ACTIONS: Final = ("replay", "discard", "adopt", "close")


@described
class FindingDocument(TypedDict):
    """One disagreement.

    An `orphan` is a ticket whose caller was told of a failure, a `ghost` one that is gone, and a `duplicate` one create
    that left several.
    """

    id: str
    kind: Annotated[str, closed(FindingKind)]
    state: Annotated[str, closed(FindingState)]
    platform: Platform
    upstream: str
    tickets: list[str]
    """The ids that the platform's API takes."""
    call_id: str | None
    found_at: Instant
    note: str | None


@described
class FindingPage(TypedDict):
    """Some findings."""

    items: list[FindingDocument]
    next: str | None
    """The `cursor` of the following page; null on the last."""


@described
class ActDocument(TypedDict):
    """What somebody did."""

    id: str
    at: Instant
    actor: str
    action: Annotated[str, closed(ACTIONS)]
    subject: str
    """The id of the call or finding."""
    detail: str | None


@described
class ActPage(TypedDict):
    """Some acts."""

    items: list[ActDocument]
    next: str | None
    """The `cursor` of the following page; null on the last."""
