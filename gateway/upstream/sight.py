"""What searches have been able to see: an empty answer proves nothing to someone who might not see the ticket."""

import time
from dataclasses import field
from typing import Final, TypeAlias

from cachetools import TTLCache

from gateway.domain.call import Headers
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Ticket

REMEMBERED_SECONDS: Final = 3600.0
MAX_REMEMBERED: Final = 1000
"""Hostile variety must not grow the memory: forgetting costs one more search, never a ticket."""

Seer: TypeAlias = tuple[str, int]
"""Where somebody looks, and a hash of whose login it is."""


@frozen
class Known:
    """A ticket that was made through this line, and when it was known (Unix seconds)."""

    ticket: Ticket
    at: float


def _proofs() -> "TTLCache[Seer, bool]":
    return TTLCache(MAX_REMEMBERED, REMEMBERED_SECONDS)


def _refusals() -> "TTLCache[str, bool]":
    return TTLCache(MAX_REMEMBERED, REMEMBERED_SECONDS)


@frozen
class Sight:
    """For an hour: where searches were able to find, the newest ticket known there, and what takes no carrier."""

    proven: "TTLCache[Seer, bool]" = field(default_factory=_proofs)
    newest: dict[Seer, Known] = field(default_factory=dict)
    carrier_less: "TTLCache[str, bool]" = field(default_factory=_refusals)

    def is_proven(self, place: str, login: Headers) -> bool:
        """Whether a search by this field was able to find."""
        return (place, hash(login)) in self.proven

    def prove(self, place: str, login: Headers) -> None:
        """Remember that it was."""
        self.proven[place, hash(login)] = True

    def witness(self, scope: str, login: Headers) -> Ticket | None:
        """A ticket that a search there must be able to return."""
        known = self._known(scope, login)
        return known.ticket if known else None

    def newest_before(self, scope: str, login: Headers, instant: float) -> Ticket | None:
        """The newest ticket there that was known before an instant (Unix seconds)."""
        known = self._known(scope, login)
        return known.ticket if known and known.at < instant else None

    def remember(self, scope: str, login: Headers, ticket: Ticket) -> None:
        """The newest ticket made there is the witness."""
        seer = (scope, hash(login))
        self.newest.pop(seer, None)  # so that who has seen nothing new for longest comes first
        self.newest[seer] = Known(ticket, time.time())
        if len(self.newest) > MAX_REMEMBERED:
            del self.newest[next(iter(self.newest))]

    def refuses_carrier(self, scope: str) -> bool:
        """Whether this kind of create took no correlation value."""
        return scope in self.carrier_less

    def remember_refusal(self, scope: str) -> None:
        """Do without the correlation value there."""
        self.carrier_less[scope] = True

    def _known(self, scope: str, login: Headers) -> Known | None:
        known = self.newest.get((scope, hash(login)))
        return known if known and time.time() - known.at < REMEMBERED_SECONDS else None
