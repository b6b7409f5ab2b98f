"""Delivers a call to one upstream: fenced where a second send could double something, plainly where not."""

import math
import time
from collections.abc import Coroutine, Mapping
from contextlib import nullcontext
from typing import Any, Final

from aiohttp import ClientResponse

from gateway.domain.delivery import Answered, Delivery, Failed, FailureKind, Reconciled
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer, Ticket
from gateway.pipeline.decision import Forward, Resend
from gateway.pipeline.earlier import Pending
from gateway.platforms.platform import Absent, Found, Guard
from gateway.upstream.attempts import Attempts, MayRepeat, by_status, never, not_executed, release
from gateway.upstream.conversation import refused_read
from gateway.upstream.doubt import CreateDoubt, Doubt, Loss, UpdateDoubt, loss_before
from gateway.upstream.ending import never_made, told
from gateway.upstream.errand import Errand, Line
from gateway.upstream.exchange import Body, Exchanged
from gateway.upstream.fenced import FencedCreate, deliver_update
from gateway.upstream.headers import login
from gateway.upstream.reconcile import Reconciler

_MAY_REPEAT: Final[Mapping[Resend, MayRepeat]] = {
    Resend.FREELY: by_status,
    Resend.WHEN_ABSENT: not_executed,
    Resend.WHEN_NOT_EXECUTED: not_executed,
    Resend.NEVER: never,
}


@frozen
class Opened:
    """A call on the short way: how it was answered, and its body yet unread (None where there is no answer)."""

    delivery: Delivery
    stream: ClientResponse | None


@frozen
class Courier:
    """Implements the pipeline's `Courier` port for one upstream."""

    line: Line

    def deliver(self, forward: Forward) -> Coroutine[Any, Any, Delivery]:
        """Attempts, waits and reconciliation together, within the call's deadline."""
        return _deliver(Errand(self.line, forward))

    async def resume(self, pending: Pending) -> Delivery:
        """Go on with a call that others held before: look for what they may have done, and send it where that is safe.

        Raises StoreUnavailable where nothing could be sent, as the attempt could not be written down.
        """
        errand = Errand(self.line, pending.forward, pending.epoch, resumed=True)
        lost = loss_before(pending, self.line.upstream.windows)
        if lost is not None and not _may_be_found(pending.forward) and pending.forward.resend is not Resend.FREELY:
            return Failed((), FailureKind.UNCONFIRMED, "the answer to an earlier attempt was lost", fenced=False)
        return await _deliver(errand, lost)

    async def settle(self, pending: Pending, deadline: float | None = None) -> Delivery | None:
        """Ask until it is known what became of a call, and send nothing; None where that cannot be learnt.

        `deadline` is on the monotonic clock; without one nobody waits, and the searches take turns.
        """
        lost = loss_before(pending, self.line.upstream.windows)
        if lost is None or not can_be_sought(pending.forward):
            return None
        errand = Errand(self.line, pending.forward, pending.epoch, resumed=True)
        turns = self.line.background if deadline is None else nullcontext()
        searches = Reconciler(self.line, errand.login, turns=turns)
        until = math.inf if deadline is None else deadline
        match await searches.reconcile(_doubt(errand, pending), lost, lambda: until - time.monotonic()):
            case Found(ticket=ticket, answer=answer):
                return Reconciled(pending.attempts, answer, ticket, events=tuple(searches.events))
            case Absent():
                return never_made(pending.attempts, tuple(searches.events))
            case _:
                return None

    def can_log_in(self, forward: Forward) -> bool:
        """Whether anybody's login is at hand: the gateway's own, or the caller's while it is remembered."""
        return bool(Errand(self.line, forward).login())

    async def may_see(self, forward: Forward, ticket: Ticket) -> Answer | None:
        """None where this caller may read the ticket, or the gateway answers for it; else the refusal to hand on."""
        if self.line.upstream.credentials is not None:
            return None
        call = forward.call
        return await refused_read(self.line, login(call.headers), call.route, ticket, call.deadline)

    async def open(self, forward: Forward, body: Body) -> Opened:
        """The short way: the answer's body is not read here, and a request body that streams is sent once."""
        errand = Errand(self.line, forward)
        repeatable = body is None or isinstance(body, bytes)
        attempts = Attempts(errand, _MAY_REPEAT[forward.resend] if repeatable else never, buffered=False)
        judged = await attempts.run(errand.request(body))
        delivery = told(judged, attempts)
        stream = judged.exchange.stream if isinstance(judged.exchange, Exchanged) else None
        if isinstance(delivery, Answered):
            return Opened(delivery, stream)
        release(judged.exchange)
        return Opened(delivery, None)


def _deliver(errand: Errand, lost: Loss | None = None) -> Coroutine[Any, Any, Delivery]:
    forward = errand.forward
    if forward.resend is not Resend.WHEN_ABSENT:
        return _deliver_unfenced(errand)
    if forward.correlation is None:
        return deliver_update(errand, lost)
    return FencedCreate(errand, forward.correlation).deliver(lost)


async def _deliver_unfenced(errand: Errand) -> Delivery:
    attempts = Attempts(errand, _MAY_REPEAT[errand.forward.resend])
    judged = await attempts.run(errand.request(errand.forward.body))
    return told(judged, attempts)


def can_be_sought(forward: Forward) -> bool:
    """Whether a search can show that a call did, or did not, take effect."""
    if forward.correlation is not None:
        return forward.correlation.guard is Guard.SEARCH
    return not forward.call.is_create and forward.resend is Resend.WHEN_ABSENT


def _may_be_found(forward: Forward) -> bool:
    """Whether a search can show at least that a call did take effect."""
    return forward.correlation is not None or can_be_sought(forward)


def _doubt(errand: Errand, pending: Pending) -> Doubt:
    began_at = errand.forward.call.received_at
    if errand.forward.correlation is not None:
        return CreateDoubt(errand, errand.forward.correlation, began_at, pending.last_sent)
    return UpdateDoubt(errand, began_at)
