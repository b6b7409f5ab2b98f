"""Reads what the platforms themselves say of their SLAs, to be shown beside the gateway's own reckoning."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from gateway.platforms.platform import SearchDenied
from gateway.records.promises import TicketPromises
from gateway.records.record import PromiseChange, TicketRecord
from gateway.telemetry.promising import Promising
from gateway.upstream.onlooker import Onlooker

MOST_QUESTIONS: Final = 50
"""For each upstream and round; who is asked for tickets one by one gets no more of them."""

DENIED_SECONDS: Final = 3_600.0
"""So long a platform is not asked again where it has no SLAs, or does not show them to this login."""

MOST_REMEMBERED: Final = 20_000
MOST_ENDED: Final = 500

_CLOSED_TO_US: Final = frozenset({400, 403, 404})
_INSTANTS: Final = ("due_at", "started_at", "ended_at")


@dataclass(slots=True)
class SecondOpinion:
    """Asks in portions, the longest unasked first, and remembers for a while who does not tell."""

    promises: TicketPromises
    told: Promising
    clock: Callable[[], float]
    denied_until: dict[tuple[str, str], float] = field(default_factory=dict)
    asked_at: dict[str, float] = field(default_factory=dict)
    ended: dict[str, TicketRecord] = field(default_factory=dict)

    def changed(self, changes: Sequence[PromiseChange]) -> None:
        """A ticket that was solved is read once more, though nobody polls it any longer."""
        solved = (change.ticket for change in changes if change.ticket.phase == "resolved")
        for ticket in solved:
            if len(self.ended) < MOST_ENDED:
                self.ended[ticket.id] = ticket

    async def read(self, upstream: Onlooker, tickets: Sequence[TicketRecord]) -> None:
        """One round for the tickets of one upstream; stops where it would rather be left alone."""
        wanted = {ticket.id: ticket for ticket in tickets} | self._ended_at(upstream.name)
        self._forget()
        for portion in self._portions(upstream, list(wanted.values())):
            if not upstream.is_welcome():
                return
            found = await self._ask(upstream, portion)
            if isinstance(found, SearchDenied) and found.status not in _CLOSED_TO_US:
                return

    async def _ask(self, upstream: Onlooker, portion: Sequence[TicketRecord]) -> SearchDenied | None:
        scope = _scope(portion[0])
        if self.denied_until.get((upstream.name, scope), 0.0) > self.clock():
            return None
        now = self.clock()
        self.asked_at |= {ticket.id: now for ticket in portion}
        found = await upstream.ask(upstream.platform.own_slas([ticket.ticket_id or "" for ticket in portion]))
        if isinstance(found, SearchDenied):
            self.told.polled(upstream.name, _subject(scope), found.reason)
            if found.status in _CLOSED_TO_US:
                self.denied_until[upstream.name, scope] = now + DENIED_SECONDS
            return found
        self.told.polled(upstream.name, _subject(scope), "")
        shown = {ticket_id: [_shown(asdict(each), now) for each in its] for ticket_id, its in found.by_ticket.items()}
        views = {ticket.id: shown[ticket.ticket_id] for ticket in portion if ticket.ticket_id in shown}
        await self.promises.keep_platform_view(views)
        return None

    def _portions(self, upstream: Onlooker, tickets: list[TicketRecord]) -> Iterator[list[TicketRecord]]:
        """Tickets whose platform would not tell are left out first, so that they take nobody's turn."""
        now, size = self.clock(), upstream.platform.own_slas_at_once
        open_to_us = [
            ticket
            for ticket in sorted(tickets, key=lambda each: self.asked_at.get(each.id, 0.0))
            if ticket.ticket_id and self.denied_until.get((upstream.name, _scope(ticket)), 0.0) <= now
        ]
        for start in range(0, min(len(open_to_us), size * MOST_QUESTIONS), size):
            yield open_to_us[start : start + size]

    def _ended_at(self, upstream: str) -> dict[str, TicketRecord]:
        ids = [each.id for each in self.ended.values() if each.upstream == upstream]
        return {ticket_id: self.ended.pop(ticket_id) for ticket_id in ids}

    def _forget(self) -> None:
        """Order among very many is not worth their memory."""
        if len(self.asked_at) > MOST_REMEMBERED:
            self.asked_at.clear()


def _scope(ticket: TicketRecord) -> str:
    """What a refusal speaks for: a Jira project, or all of an instance."""
    return (ticket.ticket_key or "").rpartition("-")[0]


def _subject(scope: str) -> str:
    return f"SLAs of {scope}" if scope else "SLAs"


def _shown(reading: dict[str, Any], at: float) -> dict[str, Any]:
    """As the API shows it, read when the records are."""
    told = {name: None if reading[name] is None else _iso(reading[name]) for name in _INSTANTS}
    return reading | told | {"read_at": _iso(at)}


def _iso(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
