"""Fenced calls: creates that carry a correlation value, and updates that must not be done twice."""

import time
from dataclasses import dataclass, replace

from gateway.domain.delivery import Answered, Delivery, Reconciled
from gateway.domain.verdict import CarrierRefused
from gateway.pipeline import strict_json
from gateway.pipeline.decision import Correlation
from gateway.upstream.attempts import Attempts, not_executed
from gateway.upstream.doubt import CreateDoubt, Loss, UpdateDoubt, document_of
from gateway.upstream.ending import told
from gateway.upstream.errand import Errand
from gateway.upstream.fence import send_fenced
from gateway.upstream.gatekeeper import Judged


async def deliver_update(errand: Errand, lost: Loss | None = None) -> Delivery:
    """An update that adds something: after a lost answer it is looked for before it is sent again."""
    attempts = Attempts(errand, not_executed)
    ended = await send_fenced(attempts, lambda since: UpdateDoubt(errand, since), lost)
    return told(ended, attempts) if isinstance(ended, Judged) else ended


@dataclass(slots=True)
class FencedCreate:
    """A create with its correlation value."""

    errand: Errand
    correlation: Correlation

    async def deliver(self, lost: Loss | None = None) -> Delivery:
        """Send it with the value, or without where the platform has shown that it takes none."""
        errand, sight = self.errand, self.errand.line.sight
        attempts, scope = Attempts(errand, not_executed), errand.carrier_scope()
        if lost is None and sight.refuses_carrier(scope):
            return await self._without_carrier(attempts)
        ended = await send_fenced(attempts, lambda since: CreateDoubt(errand, self.correlation, since), lost)
        if not isinstance(ended, Judged):
            delivery = ended
        elif isinstance(ended.verdict, CarrierRefused):
            delivery = await self._refused(ended, attempts)
        else:
            delivery = self._verified(told(ended, attempts))
        if isinstance(delivery, Answered | Reconciled) and delivery.ticket is not None:
            sight.remember(scope, errand.login(), delivery.ticket)
        return delivery

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
        attempts.errand = errand
        judged = await attempts.run(errand.request(strict_json.write(plain)))
        return replace(told(judged, attempts), fenced=False)

    def _remember_refusal(self) -> None:
        self.errand.line.sight.remember_refusal(self.errand.carrier_scope())
        self.errand.line.watcher.carrier_refused(self.errand.forward.call.platform)
