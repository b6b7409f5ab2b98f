"""Reads tickets back whose creates were answered without any of their fields, and tells what was stored otherwise."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gateway.domain.call import Call, PlatformName
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem
from gateway.pipeline.field_names import stored_otherwise
from gateway.platforms.platform import ReadBack, SearchDenied, Unread
from gateway.telemetry.proofs import Proofs
from gateway.upstream.onlooker import Onlooker

MOST_WAITING: Final = 500
"""Tickets of one upstream that wait to be read; beyond them the oldest goes unread."""

LARGEST: Final = 64 * 1024
"""Bytes of a create's body: larger ones are not kept in memory for this."""

AT_ONCE: Final = 50
READ_SECONDS: Final = 2.0

_MADE: Final = frozenset({OutcomeKind.CREATED, OutcomeKind.RECONCILED})

Remark: TypeAlias = Callable[[str, str], Awaitable[None]]
"""Adds a line to the story of a call, by its id; raises StoreUnavailable."""


def _shelf() -> deque[Unread]:
    return deque(maxlen=MOST_WAITING)


@dataclass(slots=True)
class Proofreader:
    """Hears of calls as the pipeline's `Telling`, and reads on its own time, where the gateway has a login."""

    upstreams: Mapping[str, Onlooker]
    remark: Remark
    told: Proofs
    read_seconds: float = READ_SECONDS
    waiting: dict[str, deque[Unread]] = field(default_factory=dict)

    def concluded(self, outcome: Outcome) -> None:
        """Keep it for later where the answer showed nothing of what was stored."""
        call, ticket = outcome.call, outcome.ticket
        if outcome.uncompared is None or ticket is None or not ticket.id or outcome.kind not in _MADE:
            return
        if call.is_create and call.upstream in self.upstreams and len(call.body or b"") <= LARGEST:
            unread = Unread(call.id, call.route, call.target, ticket, outcome.uncompared)
            self.waiting.setdefault(call.upstream, _shelf()).append(unread)

    def settled(self, outcome: Outcome) -> None:
        """A ticket that was found late is read as well."""
        self.concluded(outcome)

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """Made no ticket."""

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """Says nothing of a ticket."""

    async def watch(self) -> None:
        """Read what waits, again and again, until cancelled."""
        while True:
            await asyncio.sleep(self.read_seconds)
            for name in list(self.waiting):
                await self.read(self.upstreams[name])

    async def read(self, upstream: Onlooker) -> None:
        """One question about what waits there; not while the upstream has trouble enough."""
        shelf = self.waiting.get(upstream.name)
        if not shelf or not upstream.is_welcome():
            return
        some = [shelf.popleft() for _ in range(min(AT_ONCE, len(shelf)))]
        match await upstream.ask(upstream.platform.read_back(some, upstream.base_url)):
            case SearchDenied(reason=reason):
                self.told.not_read(upstream.name, reason)
            case ReadBack(changed=changed):
                self.told.was_read(upstream.name)
                for call_id, fields in changed.items():
                    await self._tell(upstream.name, upstream.platform.name, call_id, fields)

    async def _tell(self, upstream: str, platform: PlatformName, call_id: str, fields: tuple[str, ...]) -> None:
        self.told.stored_otherwise(upstream, platform, call_id, fields)
        try:
            await self.remark(call_id, stored_otherwise(fields))
        except StoreUnavailable as error:
            self.told.not_noted(call_id, error)
