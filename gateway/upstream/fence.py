"""The fence: what must not be done twice is sent again only where the first is known to have done nothing.

An answer or failure that leaves the effect open ends the round of attempts. The effect is then looked for: found, it
is adopted; proven absent, the call may be sent again; neither, nobody sends anything.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from gateway.domain.delivery import Answered, Delivery, Failed, FailureKind, Reconciled
from gateway.domain.verdict import Ambiguous, Answer, Deceptive, Evidence, in_doubt
from gateway.platforms.platform import Absent, Found
from gateway.upstream.attempts import Attempts
from gateway.upstream.doubt import Doubt, Loss, loss_of
from gateway.upstream.ending import never_made
from gateway.upstream.exchange import Exchanged
from gateway.upstream.gatekeeper import Judged
from gateway.upstream.reconcile import Reconciler, Unsettled


async def send_fenced(
    attempts: Attempts, doubt_since: Callable[[float], Doubt], lost: Loss | None = None
) -> Judged | Delivery:
    """Send, and send again only on proof, until the deadline; the last exchange where that is plain.

    `doubt_since` knows how to look for what was sent from a Unix time on. What was `lost` before is looked for first.
    Raises StoreUnavailable where nothing could be sent.
    """
    errand, fence = attempts.errand, None
    if lost is not None:
        fence = _fence(attempts, doubt_since(errand.forward.call.received_at))
        if (settled := await fence.settle_lost(lost)) is not None:
            return settled
    request = errand.request(errand.forward.body)
    judged = await attempts.run(request)
    while in_doubt(judged.verdict):
        fence = fence or _fence(attempts, doubt_since(attempts.made[0].started_at))
        if (settled := await fence.settle(judged)) is not None:
            return settled
        judged = await attempts.run(request)
    return judged


@dataclass(slots=True)
class Fence:
    """One call on its way that must not be done twice; `doubt` knows how to look for it."""

    attempts: Attempts
    doubt: Doubt
    searches: Reconciler

    async def settle_lost(self, lost: Loss) -> Delivery | None:
        """What became of a call that somebody else had sent; None when it did nothing."""
        match await self.searches.reconcile(self.doubt, lost, self.attempts.remaining):
            case Found(ticket=ticket, answer=answer):
                return Reconciled((), answer, ticket, events=tuple(self.searches.events))
            case Unsettled(next_search=pause):
                return self._unconfirmed("the answer to an earlier attempt was lost", lost, pause)
            case Absent():
                return None

    async def settle(self, judged: Judged) -> Delivery | None:
        """What became of a doubtful attempt; None when it did nothing and the call may be sent again."""
        windows = self.attempts.errand.line.upstream.windows
        loss = loss_of(judged.verdict, windows, sent_at=judged.sent_at, ended_at=judged.ended_at)
        doubt = self.doubt.sent_last(self.attempts.made[-1].started_at)
        match await self.searches.reconcile(doubt, loss, self.attempts.remaining):
            case Found(ticket=ticket, answer=answer):
                return Reconciled(tuple(self.attempts.made), answer, ticket, events=tuple(self.searches.events))
            case Unsettled(next_search=pause):
                return self._unconfirmed(_reason(judged), loss, pause)
            case Absent():
                return None if await self._may_send_again(judged) else self._not_made(judged)

    async def _may_send_again(self, judged: Judged) -> bool:
        """Wait out the backoff, if attempts are left and it ends before the deadline."""
        if self.attempts.left <= 0 or not self._is_retryable(judged):
            return False
        rest = max(judged.ended_at + self.attempts.next_wait(judged) - time.monotonic(), 0.0)
        if not self.attempts.affords(rest):
            return False
        await asyncio.sleep(rest)
        self.attempts.wait = time.monotonic() - judged.ended_at
        return True

    def _is_retryable(self, judged: Judged) -> bool:
        """The list of statuses still has its say over an answered failure."""
        over = isinstance(judged.verdict, Ambiguous) and judged.verdict.evidence is Evidence.OVER
        return not over or judged.exchange.status in self.attempts.errand.forward.retry.retryable_status_codes

    def _not_made(self, judged: Judged) -> Delivery:
        """Proven absent and not sent again: the upstream's own failure is the truth, where there is one to hand on."""
        made, events = tuple(self.attempts.made), tuple(self.searches.events)
        match judged.exchange:
            case Exchanged(answer=Answer(status=status) as answer) if status >= HTTPStatus.BAD_REQUEST:
                return Answered(made, answer, succeeded=False, events=events)
            case _:
                return never_made(made, events)

    def _unconfirmed(self, reason: str, loss: Loss, pause: float) -> Failed:
        return Failed(
            tuple(self.attempts.made),
            FailureKind.UNCONFIRMED,
            f"the call may have taken effect: {reason}",
            evidence=loss.evidence,
            absent_in=loss.window_left(),
            retry_after=pause,
            events=tuple(self.searches.events),
        )


def _fence(attempts: Attempts, doubt: Doubt) -> Fence:
    return Fence(attempts, doubt, Reconciler(attempts.errand.line, attempts.errand.login, events=attempts.events))


def _reason(judged: Judged) -> str:
    match judged.verdict:
        case Ambiguous(reason=reason) | Deceptive(reason=reason):
            return reason
        case _:
            return "its answer was lost"
