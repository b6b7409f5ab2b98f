"""One call on its way to its upstream: what is sent, what an exchange means, and what is told in the end."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import field, replace
from http import HTTPStatus
from typing import Final, Protocol

from gateway.domain.call import Call, Headers, PlatformName
from gateway.domain.delivery import Answered, Attempt, Delivery, Event, Failed, FailureKind
from gateway.domain.frozen import frozen
from gateway.domain.trace import parent_of
from gateway.domain.verdict import (
    Ambiguous,
    Answer,
    Deceptive,
    Done,
    Evidence,
    NotExecuted,
    Refused,
    Ticket,
    Verdict,
    in_doubt,
)
from gateway.pipeline.decision import Forward
from gateway.pipeline.ports import Journal
from gateway.upstream.attempts import Attempts, Judged, MayRepeat
from gateway.upstream.exchange import Body, Break, Broken, Exchange, Exchanged, Exchanger, Request
from gateway.upstream.gatekeeper import Gatekeeper
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

    def gatekeeper(self, ask: Ask) -> Gatekeeper:
        """The protection as one call meets it."""
        return Gatekeeper(self.protection, ask)

    def credentials(self) -> Headers | None:
        """The gateway's own login, where it has one."""
        return self.upstream.credentials() if self.upstream.credentials else None

    def exchanger(self, *, creates: bool) -> Exchanger:
        """Exchanges over the session for creates, or the one for everything else."""
        session = self.sessions.creates if creates else self.sessions.others
        ours = self.upstream.credentials is not None
        return Exchanger(session, self.upstream.timeouts, self.upstream.max_answer_bytes, ours)


@frozen
class Errand:
    """One forwarded call on one line; `epoch` names its holder in the journal, `resumed` that others held it before."""

    line: Line
    forward: Forward
    epoch: int = 1
    resumed: bool = False

    def attempts(self, may_repeat: MayRepeat, *, buffered: bool = True) -> Attempts:
        """An empty list of attempts; a create's retries are written down before they leave."""
        call = self.forward.call
        exchanger = self.line.exchanger(creates=call.is_create)
        return Attempts(
            retry=self.forward.retry,
            deadline=call.deadline,
            gate=self.line.gatekeeper(self._ask()),
            send=exchanger.buffered if buffered else exchanger.opened,
            judge=self.judge,
            may_repeat=may_repeat,
            before_retry=self._write_down if call.is_create else None,
            luck=self.line.luck,
            resumed=self.resumed,
            renew=self._renewed if self.line.upstream.credentials is not None else None,
            traced=self._traced if self.line.onward is not None else None,
        )

    def request(self, body: Body) -> Request:
        """What an attempt of this call sends."""
        call = self.forward.call
        headers = upward(call.headers, credentials=self.line.credentials(), peer=call.peer, dialled=call.gateway_base)
        if call.template_name is not None:
            headers["Content-Type"] = "application/json"
        if "Accept-Encoding" in headers and call.target.startswith(self.line.upstream.platform.link_paths()):
            headers["Accept-Encoding"] = "identity"  # answers of the API are judged, and links in them rewritten
        if (length := call.header("content-length")) and not isinstance(body, bytes | None):
            headers["Content-Length"] = length  # a stream goes on as it came: not every server takes chunks
        return Request(call.method, self.line.upstream.url(call.target), headers, body or None)

    def _renewed(self, request: Request) -> Request:
        """The same request with the gateway's own login as it is now."""
        headers = request.headers.copy()
        headers.update(self.line.credentials() or ())
        return replace(request, headers=headers)

    def _traced(self, request: Request, began_at: float) -> Request:
        """The same request as a part of its call's trace; what a trace that cannot be read carries along is dropped."""
        call, onward = self.forward.call, self.line.onward
        assert onward is not None  # noqa: S101  # else nobody would have been given this
        headers = request.headers.copy()
        headers["traceparent"] = onward(call, began_at)
        if parent_of(call.headers) is None:
            headers.popall("tracestate", None)
        return replace(request, headers=headers)

    def judge(self, exchange: Exchange) -> Verdict:
        """What an exchange means on this call's route."""
        match exchange:
            case Broken(kind=Break.CONNECT):
                return NotExecuted(exchange.detail)
            case Broken():
                return Ambiguous(exchange.detail, Evidence.SILENT)
            case Exchanged(answer=answer):
                carried = self.forward.correlation.place if self.forward.correlation else None
                return self.line.upstream.platform.judge(
                    self.forward.call.route, answer, carried=carried, clock=time.time()
                )

    def login(self) -> Headers:
        """Whose login a search for this call's ticket uses: the gateway's, else the caller's."""
        return self.line.credentials() or login(self.forward.call.headers)

    def delivery(self, judged: Judged, attempts: Attempts) -> Delivery:
        """What the last exchange means for the caller, where nothing more is to be done about it."""
        made = tuple(attempts.made)
        match judged.exchange:
            case Broken() as broken:
                return self._lost(broken, made)
            case Exchanged(answer=answer):
                return self._answered(answer, judged.verdict, made)

    def unfenced(self) -> "Errand":
        """The same errand without the correlation value."""
        return replace(self, forward=replace(self.forward, correlation=None))

    def _ask(self) -> Ask:
        """Whose allowance it draws on: the gateway's own login's, else that of the client's."""
        call = self.forward.call
        own = self.line.upstream.credentials is not None
        priority = ""
        if call.is_create and self.forward.fields:
            priority = self.line.upstream.platform.priority(self.forward.fields, Ticket())
        return ask_for(call, priority=priority, login=0 if own else hash(login(call.headers)))

    async def _write_down(self, at: float) -> None:
        carried = self.forward.correlation is not None
        await self.line.journal.sending(self.forward.call.id, at, self.epoch, carried=carried)

    def _answered(self, answer: Answer, verdict: Verdict, made: tuple[Attempt, ...]) -> Delivery:
        match verdict:
            case Done(ticket=ticket, further=further, flaws=flaws):
                return Answered(made, answer, ticket, further=further, flaws=flaws)
            case Deceptive(reason=reason) | Ambiguous(reason=reason, evidence=Evidence.SILENT):
                open_still = self.forward.call.is_create and in_doubt(verdict)
                kind = FailureKind.UNCONFIRMED if open_still else FailureKind.DECEPTIVE
                return Failed(made, kind, f"the upstream's answer is no success: {reason}", fenced=False)
            case NotExecuted(reason=reason) if answer.status < HTTPStatus.BAD_REQUEST:
                return Failed(made, FailureKind.DECEPTIVE, f"the upstream's answer is no success: {reason}")
            case Refused(login=True, reason=reason) if self.line.upstream.credentials is not None:
                return Failed(made, FailureKind.CREDENTIALS, _login_failed(self.line.upstream, reason))
            case _:
                return Answered(made, answer, succeeded=False)

    def _lost(self, broken: Broken, made: tuple[Attempt, ...]) -> Failed:
        told = f"({broken.kind}: {broken.detail})"
        match broken.kind:
            case Break.CIRCUIT_OPEN:
                return Failed(made, FailureKind.CIRCUIT_OPEN, broken.detail, retry_after=broken.held_for)
            case Break.RATE_LIMITED:
                return Failed(made, FailureKind.RATE_LIMITED, broken.detail, retry_after=broken.held_for)
            case Break.CONNECT:
                return Failed(made, FailureKind.UNREACHABLE, f"no connection to upstream {self._name}: {broken.detail}")
            case _ if self.forward.call.is_create:
                return Failed(made, FailureKind.UNCONFIRMED, f"the upstream's answer was lost {told}", fenced=False)
            case Break.TIMEOUT:
                return Failed(made, FailureKind.TIMEOUT, f"upstream {self._name} did not answer in time {told}")
            case Break.CUT | Break.TOO_LARGE | Break.RESET:
                return Failed(made, FailureKind.CUT, f"the upstream's answer was lost {told}")

    @property
    def _name(self) -> str:
        return self.line.upstream.name


def never_made(made: tuple[Attempt, ...], events: tuple[Event, ...]) -> Failed:
    """A search has shown that no ticket was made, nothing more is sent, and there is no answer to hand on.

    No attempts are known of a call that another process had sent.
    """
    match made[-1].failure if made else Break.RESET:
        case None:
            kind, lost = FailureKind.DECEPTIVE, "was no success"
        case Break.TIMEOUT:
            kind, lost = FailureKind.TIMEOUT, "did not come in time"
        case _:
            kind, lost = FailureKind.CUT, "was lost"
    detail = f"the upstream's answer {lost}, and a search has shown that no ticket was made"
    return Failed(made, kind, detail, events=events)


def _login_failed(upstream: Upstream, reason: str) -> str:
    return f"the upstream refused the gateway's own login: {reason}; mend upstreams.{upstream.name}.credentials"
