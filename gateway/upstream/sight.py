"""What searches have been able to see: an empty answer proves nothing to someone who might not see the ticket."""

import time
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.call import Headers
from gateway.domain.verdict import Ticket

REMEMBERED_SECONDS: Final = 3600.0
MAX_REMEMBERED: Final = 1000


@dataclass(slots=True)
class Sight:
    """Per resource and login: for an hour that a carrier's field was seen, or refused, and a ticket known there."""

    proven: dict[tuple[str, str, int], float] = field(default_factory=dict)
    witnesses: dict[tuple[str, int], Ticket] = field(default_factory=dict)
    carrier_less: dict[str, float] = field(default_factory=dict)

    def is_proven(self, resource: str, place: str, login: Headers) -> bool:
        """Whether a search there by this field was able to find within the hour."""
        return self.proven.get((resource, place, hash(login)), 0.0) > time.monotonic()

    def prove(self, resource: str, place: str, login: Headers) -> None:
        """Remember that it was."""
        _bound(self.proven)
        self.proven[resource, place, hash(login)] = time.monotonic() + REMEMBERED_SECONDS

    def witness(self, resource: str, login: Headers) -> Ticket | None:
        """A ticket that a search there must be able to return."""
        return self.witnesses.get((resource, hash(login)))

    def remember(self, resource: str, login: Headers, ticket: Ticket) -> None:
        """The newest ticket made there is the witness."""
        _bound(self.witnesses)
        self.witnesses[resource, hash(login)] = ticket

    def refuses_carrier(self, kind: str) -> bool:
        """Whether this kind of create refused our correlation value within the hour."""
        return self.carrier_less.get(kind, 0.0) > time.monotonic()

    def remember_refusal(self, kind: str) -> None:
        """Do without the correlation value there for an hour."""
        _bound(self.carrier_less)
        self.carrier_less[kind] = time.monotonic() + REMEMBERED_SECONDS


def _bound(memory: "dict[str, float] | dict[tuple[str, str, int], float] | dict[tuple[str, int], Ticket]") -> None:
    """Hostile variety must not grow the memory: forgetting costs one more search, never a ticket."""
    if len(memory) >= MAX_REMEMBERED:
        memory.clear()
