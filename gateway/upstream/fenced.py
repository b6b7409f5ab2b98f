"""Fenced calls: creates that carry a correlation value, and updates that must not be done twice."""

import time
from dataclasses import dataclass, replace

from gateway.domain.delivery import Answered, Delivery, Reconciled
from gateway.domain.verdict import CarrierRefused
from gateway.pipeline import strict_json
from gateway.pipeline.decision import Correlation
from gateway.upstream.attempts import Attempts, Judged, not_executed
from gateway.upstream.doubt import CreateDoubt, Loss, UpdateDoubt, document_of
from gateway.upstream.errand import Errand
from gateway.upstream.fence import Fence
from gateway.upstream.reconcile import Reconciler


async def deliver_update(errand: Errand, lost: Loss | None = None) -> Delivery:
    """An update that adds something: after a lost answer it is looked for before it is sent again."""
    attempts, searches = _equipped(errand)
    doubt = UpdateDoubt(errand, errand.forward.call.received_at if lost else time.time())
    ended = await Fence(errand, doubt, attempts, searches).deliver(lost)
    return errand.delivery(ended, attempts) if isinstance(ended, Judged) else ended


@dataclass(slots=True)
class FencedCreate:
    """A create with its correlation value."""

    errand: Errand
    correlation: Correlation

    async def deliver(self, lost: Loss | None = None) -> Delivery:
        """Send it with the value, or without where the platform has shown that it takes none."""
        attempts, searches = _equipped(self.errand)
        if lost is None and self.errand.line.sight.refuses_carrier(self._scope()):
            return await self._without_carrier(attempts)
        doubt = CreateDoubt(
            self.errand, self.correlation, self.errand.forward.call.received_at if lost else time.time()
        )
        ended = await Fence(self.errand, doubt, attempts, searches).deliver(lost)
        if isinstance(ended, Judged) and isinstance(ended.verdict, CarrierRefused):
            delivery = await self._refused(ended, attempts)
        else:
            delivery = self._verified(self.errand.delivery(ended, attempts) if isinstance(ended, Judged) else ended)
        if isinstance(delivery, Answered | Reconciled) and delivery.ticket is not None:
            doubt.remember(delivery.ticket, self.errand.login())
        return replace(delivery, events=tuple(searches.events)) if searches.events else delivery

    def _verified(self, delivery: Delivery) -> Delivery:
        """Where the answer shows that the value was not kept, no search would ever find the ticket: say so."""
        if not isinstance(delivery, Answered) or not delivery.succeeded:
            return delivery
        platform, route = self.errand.line.upstream.platform, self.errand.forward.call.route
        carrier, place = self.correlation.carrier, self.correlation.place
        if platform.is_carried(route, delivery.answer, carrier, place) is not False:
            return delivery
        self._remember_refusal()
        return replace(delivery, fenced=False)

    async def _refused(self, judged: Judged, attempts: Attempts) -> Delivery:
        """The 400 was our own doing: the value has no place there, so it goes without, and unfenced."""
        self._remember_refusal()
        attempts.extra += 1
        attempts.wait = time.monotonic() - judged.ended_at
        return await self._without_carrier(attempts)

    async def _without_carrier(self, attempts: Attempts) -> Delivery:
        errand, platform = self.errand.unfenced(), self.errand.line.upstream.platform
        plain = platform.without_carrier(
            self.errand.forward.call.route, document_of(self.errand), self.correlation.carrier, self.correlation.place
        )
        attempts.judge = errand.judge
        judged = await attempts.run(errand.request(strict_json.write(plain)))
        return replace(errand.delivery(judged, attempts), fenced=False)

    def _remember_refusal(self) -> None:
        self.errand.line.sight.remember_refusal(self._scope())
        self.errand.line.watcher.carrier_refused(self.errand.forward.call.platform)

    def _scope(self) -> str:
        forward = self.errand.forward
        return self.errand.line.upstream.platform.carrier_scope(forward.call.route, forward.fields or {})


def _equipped(errand: Errand) -> tuple[Attempts, Reconciler]:
    attempts = errand.attempts(not_executed(errand.forward.retry))
    return attempts, Reconciler(errand.line, errand.login)
