"""One call on its way to its upstream: what is sent, whose allowance it draws on, and what an exchange means."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import field, replace
from typing import Final, Protocol

from gateway.domain.call import Call, Headers, Operation, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.trace import parent_of
from gateway.domain.verdict import Ambiguous, Evidence, NotExecuted, Ticket, Verdict
from gateway.pipeline.decision import Forward
from gateway.pipeline.ports import Journal
from gateway.upstream.exchange import Body, Break, Exchange, Exchanged, Exchanger, Request
from gateway.upstream.headers import login, upward
from gateway.upstream.protection.ask import Ask, ask_for
from gateway.upstream.protection.protection import Protection
from gateway.upstream.sessions import Sessions
from gateway.upstream.sight import Sight
from gateway.upstream.upstream import Upstream

BACKGROUND_SEARCHES: Final = 4
"""So many searches that nobody waits for go to one upstream at a time."""


class Watcher(Protocol):
    """Counts what happens on the way."""

    def searched(self, upstream: str, result: str) -> None:
        """A search for a lost ticket ended: `found`, `absent` or `denied`."""
        ...

    def carrier_refused(self, platform: PlatformName) -> None:
        """A create was refused for nothing but our correlation value."""
        ...


class Onward(Protocol):
    """Names the span that an attempt is, for the upstream."""

    def __call__(self, call: Call, began_at: float) -> str:
        """The `traceparent` of an attempt that begins at a Unix time."""
        ...


@frozen
class Line:
    """The line to one upstream: everything that outlives a call."""

    upstream: Upstream
    sessions: Sessions
    journal: Journal
    watcher: Watcher
    protection: Protection
    sight: Sight = field(default_factory=Sight)
    luck: Callable[[], float] = random.random
    background: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BACKGROUND_SEARCHES))
    onward: Onward | None = None

    def credentials(self) -> Headers | None:
        """The gateway's own login, where it has one."""
        return self.upstream.credentials() if self.upstream.credentials else None


@frozen
class Errand:
    """One forwarded call on one line; `epoch` names its holder in the journal, `resumed` that others held it before."""

    line: Line
    forward: Forward
    epoch: int = 1
    resumed: bool = False

    @property
    def operation(self) -> Operation:
        """What it does to a ticket."""
        return self.forward.call.route.operation

    @property
    def exchanger(self) -> Exchanger:
        """Creates go over fresh connections only."""
        sessions = self.line.sessions
        return sessions.creates if self.operation is Operation.CREATE_TICKET else sessions.others

    def request(self, body: Body) -> Request:
        """What an attempt of this call sends."""
        call, upstream = self.forward.call, self.line.upstream
        headers = upward(call.headers, credentials=self.line.credentials(), peer=call.peer, dialled=call.gateway_base)
        if call.template_name is not None:
            headers["Content-Type"] = "application/json"
        if "Accept-Encoding" in headers and call.target.startswith(upstream.platform.link_paths()):
            headers["Accept-Encoding"] = "identity"  # answers of the API are judged, and links in them rewritten
        if not isinstance(body, bytes | None) and (length := call.header("content-length")):
            headers["Content-Length"] = length  # a stream goes on as it came: not every server takes chunks
        return Request(call.method, upstream.url(call.target), headers, body or None)

    def renewed(self, request: Request) -> Request:
        """The same request with the gateway's own login as it is now."""
        headers = request.headers.copy()
        headers.update(self.line.credentials() or ())
        return replace(request, headers=headers)

    def traced(self, request: Request, onward: Onward, began_at: float) -> Request:
        """The same request as a part of its call's trace; what a trace that cannot be read carries along is dropped."""
        call, headers = self.forward.call, request.headers.copy()
        headers["traceparent"] = onward(call, began_at)
        if parent_of(call) is None:
            headers.popall("tracestate", None)
        return replace(request, headers=headers)

    def judge(self, exchange: Exchange, wall: float) -> Verdict:
        """What an exchange that ended at a Unix time means on this call's route."""
        if isinstance(exchange, Exchanged):
            forward = self.forward
            carried = forward.correlation.place if forward.correlation else None
            return self.line.upstream.platform.judge(forward.call.route, exchange.answer, carried=carried, clock=wall)
        if exchange.kind is Break.CONNECT:
            return NotExecuted(exchange.detail)
        return Ambiguous(exchange.detail, Evidence.SILENT)

    def login(self) -> Headers:
        """Whose login a search for this call's ticket uses: the gateway's, else the caller's."""
        return self.line.credentials() or login(self.forward.call.headers)

    def ask(self) -> Ask:
        """Whose allowance it draws on: the gateway's own login's, else that of the client's."""
        call, upstream = self.forward.call, self.line.upstream
        priority = ""
        if call.is_create and self.forward.fields:
            priority = upstream.platform.priority(self.forward.fields, Ticket())
        return ask_for(call, priority=priority, login=0 if upstream.credentials else hash(login(call.headers)))

    async def write_down(self, at: float) -> None:
        """That a further attempt of a create leaves at a Unix time; raises StoreUnavailable."""
        carried = self.forward.correlation is not None
        await self.line.journal.sending(self.forward.call.id, at, self.epoch, carried=carried)

    def carrier_scope(self) -> str:
        """For which creates what is learnt of this one's correlation value holds."""
        return self.line.upstream.platform.carrier_scope(self.forward.call.route, self.forward.fields or {})

    def unfenced(self) -> "Errand":
        """The same errand without the correlation value."""
        return replace(self, forward=replace(self.forward, correlation=None))
