"""Delivers a call to one upstream: fenced where a second send could double something, plainly where not."""

from dataclasses import dataclass

from aiohttp import ClientResponse

from gateway.domain.delivery import Answered, Delivery
from gateway.pipeline.decision import Forward, Resend
from gateway.upstream.attempts import MayRepeat, by_status, never, not_executed, release
from gateway.upstream.errand import Errand, Line
from gateway.upstream.exchange import Body, Exchanged
from gateway.upstream.fenced import FencedCreate, deliver_update


@dataclass(frozen=True, slots=True)
class Opened:
    """A call on the short way: how it was answered, and its body yet unread (None where there is no answer)."""

    delivery: Delivery
    stream: ClientResponse | None


@dataclass(frozen=True, slots=True)
class Courier:
    """Implements the pipeline's `Courier` port for one upstream."""

    line: Line

    async def deliver(self, forward: Forward) -> Delivery:
        """Attempts, waits and reconciliation together, within the call's deadline."""
        errand = Errand(self.line, forward)
        if forward.resend is Resend.WHEN_ABSENT:
            if forward.correlation is not None:
                return await FencedCreate(errand, forward.correlation).deliver()
            return await deliver_update(errand)
        attempts = errand.attempts(_may_repeat(forward))
        judged = await attempts.run(errand.request(forward.body))
        return errand.delivery(judged, attempts)

    async def open(self, forward: Forward, body: Body) -> Opened:
        """The short way: the answer's body is not read here, and a request body that streams is sent once."""
        errand = Errand(self.line, forward)
        repeatable = body is None or isinstance(body, bytes)
        attempts = errand.attempts(_may_repeat(forward) if repeatable else never, buffered=False)
        judged = await attempts.run(errand.request(body))
        delivery = errand.delivery(judged, attempts)
        stream = judged.exchange.stream if isinstance(judged.exchange, Exchanged) else None
        if isinstance(delivery, Answered):
            return Opened(delivery, stream)
        release(judged.exchange)
        return Opened(delivery, None)


def _may_repeat(forward: Forward) -> MayRepeat:
    match forward.resend:
        case Resend.FREELY:
            return by_status(forward.retry)
        case Resend.NEVER:
            return never
        case Resend.WHEN_ABSENT | Resend.WHEN_NOT_EXECUTED:
            return not_executed(forward.retry)
