"""What one create's row and the platform disagree about."""

from collections.abc import Mapping
from dataclasses import field

from gateway.domain.frozen import frozen
from gateway.records.creates import SentCreate
from gateway.records.findings import FindingKind


@frozen
class Seen:
    """What the platform showed: tickets by the value they carry, and which of the told ones are there.

    Only of those that were `called` it is known whether they are `present`.
    """

    carrying: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    called: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()


@frozen
class Disagreement:
    """One create has left other tickets than its row says."""

    kind: FindingKind
    tickets: tuple[str, ...]
    note: str = ""


def disagreement(create: SentCreate, seen: Seen) -> Disagreement | None:
    """Tickets that exist count; one that was told of counts even where somebody has replaced its value.

    The one that carries the value of a create that made a ticket without a name is that ticket.
    """
    carrying = dict.fromkeys(seen.carrying.get(create.value or "", ()))
    told = create.ticket
    if told in seen.present:
        carrying[told] = None
    there = tuple(carrying)
    if len(there) > 1:
        return Disagreement(FindingKind.DUPLICATE, there)
    if told is None and create.made:
        return None
    if told is None:
        return Disagreement(FindingKind.ORPHAN, there) if there else None
    gone = tuple(
        ticket
        for ticket in (told, *create.further)
        if ticket in seen.called and ticket not in seen.present and ticket not in there
    )
    if not gone:
        return None
    instead = f"{there[0]} carries its value instead" if there and told in gone else ""
    return Disagreement(FindingKind.GHOST, gone, instead)
