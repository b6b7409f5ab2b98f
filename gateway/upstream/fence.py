"""The fence: a create is sent a second time only where the first is known to have made nothing.

An answer or failure that leaves the effect open ends the round of attempts. The ticket is then searched for by its
correlation value: found, it is adopted; proven absent, the create may be sent again; neither, nobody sends anything.
"""

import asyncio
import time
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from gateway.domain.delivery import Answered, Delivery, Failed, FailureKind, Reconciled
from gateway.domain.verdict import Ambiguous, Answer, CarrierRefused, Deceptive, Done, Evidence, Ticket
from gateway.pipeline import strict_json
from gateway.pipeline.decision import Correlation
from gateway.platforms.platform import Absent, Found
from gateway.upstream.attempts import Attempts, Judged, not_executed
from gateway.upstream.errand import Errand, never_made
from gateway.upstream.exchange import Exchanged
from gateway.upstream.reconcile import Loss, Reconciler, Unsettled, sought


@dataclass(slots=True)
class Fence:
    """One create with a correlation value on its way."""

    errand: Errand
    correlation: Correlation
    attempts: Attempts = field(init=False)
    searches: Reconciler = field(init=False)

    def __post_init__(self) -> None:
        self.attempts = self.errand.attempts(not_executed(self.errand.forward.retry))
        self.searches = Reconciler(self.errand.line, self.errand.login())

    async def deliver(self) -> Delivery:
        """Send, and send again only on proof, until the deadline."""
        if self._carrier_was_refused():
            return await self._without_carrier()
        request = self.errand.request(self.errand.forward.body)
        judged = await self.attempts.run(request)
        while isinstance(judged.verdict, Ambiguous | Deceptive):
            settled = await self._settle(judged)
            if settled is not None:
                return settled
            judged = await self.attempts.run(request)
        if isinstance(judged.verdict, CarrierRefused):
            return await self._refused(judged)
        if isinstance(judged.verdict, Done) and judged.verdict.ticket is not None:
            self._remember(judged.verdict.ticket)
        return self._with_events(self.errand.delivery(judged, self.attempts))

    async def _settle(self, judged: Judged) -> Delivery | None:
        """What became of an ambiguous attempt; None when it made nothing and the create may be sent again."""
        loss = self._loss(judged)
        settled = await self.searches.reconcile(sought(self.errand, self.correlation), loss, self.attempts.remaining)
        match settled:
            case Found(ticket=ticket, answer=answer):
                self._remember(ticket)
                return Reconciled(tuple(self.attempts.made), answer, ticket, events=tuple(self.searches.events))
            case Unsettled(next_search=pause):
                return self._unconfirmed(judged, loss, pause)
            case Absent():
                return None if await self._may_send_again(judged) else self._not_made(judged)

    def _loss(self, judged: Judged) -> Loss:
        """How long an empty search proves nothing, by the evidence."""
        windows = self.errand.line.upstream.windows
        match judged.verdict:
            case Ambiguous(evidence=Evidence.OVER):
                return Loss(Evidence.OVER, judged.ended_at + windows.settle_seconds)
            case _:
                return Loss(Evidence.SILENT, judged.sent_at + windows.late_effect_seconds)

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
        return not over or judged.exchange.status in self.errand.forward.retry.retryable_status_codes

    def _not_made(self, judged: Judged) -> Delivery:
        """Proven absent and not sent again: the upstream's own failure is the truth, where there is one to hand on."""
        made, events = tuple(self.attempts.made), tuple(self.searches.events)
        match judged.exchange:
            case Exchanged(answer=Answer(status=status) as answer) if status >= HTTPStatus.BAD_REQUEST:
                return Answered(made, answer, succeeded=False, events=events)
            case _:
                return never_made(made, events)

    def _unconfirmed(self, judged: Judged, loss: Loss, pause: float) -> Failed:
        match judged.verdict:
            case Ambiguous(reason=reason) | Deceptive(reason=reason):
                detail = f"the create may have taken effect: {reason}"
            case _:
                detail = "the create may have taken effect"
        return Failed(
            tuple(self.attempts.made),
            FailureKind.UNCONFIRMED,
            detail,
            evidence=loss.evidence,
            absent_from=loss.absent_from,
            retry_after=pause,
            events=tuple(self.searches.events),
        )

    async def _refused(self, judged: Judged) -> Delivery:
        """The 400 was our own doing: the correlation value has no place there, so it goes without, and unfenced."""
        self.errand.line.sight.remember_refusal(self._scope())
        self.errand.line.watcher.carrier_refused(self.errand.forward.call.platform)
        self.attempts.extra += 1
        self.attempts.wait = time.monotonic() - judged.ended_at
        return await self._without_carrier()

    async def _without_carrier(self) -> Delivery:
        errand = self.errand.unfenced()
        self.attempts.judge = errand.judge
        judged = await self.attempts.run(errand.request(strict_json.write(self.correlation.plain)))
        return self._with_events(replace(errand.delivery(judged, self.attempts), fenced=False))

    def _carrier_was_refused(self) -> bool:
        return self.errand.line.sight.refuses_carrier(self._scope())

    def _scope(self) -> str:
        forward = self.errand.forward
        return self.errand.line.upstream.platform.carrier_scope(forward.call.route, forward.fields or {})

    def _remember(self, ticket: Ticket) -> None:
        """A ticket known to exist is what the next search must be able to see."""
        self.errand.line.sight.remember(self.errand.forward.call.route.resource, self.errand.login(), ticket)

    def _with_events(self, delivery: Delivery) -> Delivery:
        return replace(delivery, events=tuple(self.searches.events)) if self.searches.events else delivery
