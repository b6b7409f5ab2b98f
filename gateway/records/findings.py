"""Where the journal and the platform disagree: tickets that nobody was told of, are gone, or are there twice."""

from enum import StrEnum
from hashlib import sha256
from typing import Any

from gateway.domain.frozen import frozen
from gateway.records.shown import storable


class FindingKind(StrEnum):
    """How they disagree."""

    ORPHAN = "orphan"
    """The caller was told of a failure; the ticket exists."""
    GHOST = "ghost"
    """The caller was told of a ticket; it is gone."""
    DUPLICATE = "duplicate"
    """One create has left more than one ticket."""


class FindingState(StrEnum):
    """What people made of it."""

    OPEN = "open"
    ADOPTED = "adopted"
    CLOSED = "closed"


@frozen
class Finding:
    """One disagreement; `tickets` are the ids that the platform's API takes, `found_at` is Unix seconds."""

    kind: FindingKind
    platform: str
    upstream: str
    tickets: tuple[str, ...]
    call_id: str | None
    found_at: float
    note: str = ""

    @property
    def id(self) -> str:
        """The same for the same disagreement, whenever and by whomever it is found."""
        parts = (self.kind.value, self.upstream, self.call_id or "", *sorted(self.tickets))
        return sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def finding_row(finding: Finding) -> dict[str, Any]:
    """As the table holds it."""
    return {
        "id": finding.id,
        "kind": finding.kind.value,
        "platform": finding.platform,
        "upstream": finding.upstream,
        "tickets": list(finding.tickets),
        "call_id": finding.call_id,
        "found_at": finding.found_at,
        "state": FindingState.OPEN.value,
        "note": storable(finding.note, None),
    }
