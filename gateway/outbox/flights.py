"""The creates that are on their way in this process, so that a repeated one joins instead of being sent again."""

import asyncio
from dataclasses import dataclass, field

from gateway.domain.outcome import Outcome
from gateway.pipeline.claim import Claim
from gateway.pipeline.ports import Caller


@dataclass(eq=False, slots=True)
class Flight:
    """One create on its way; `caller` tells whether somebody still waits for it."""

    claim: Claim
    caller: Caller
    landed: "asyncio.Future[Outcome | None]"
    taken: bool = False


@dataclass(slots=True)
class Flights:
    """Implements the pipeline's `Flights` port; everything happens on one event loop."""

    by_key: dict[tuple[str, str], Flight] = field(default_factory=dict)
    by_fingerprint: dict[str, list[Flight]] = field(default_factory=dict)

    def begin(self, claim: Claim, caller: Caller) -> Flight:
        """A create leaves; `land` it in any case."""
        flight = Flight(claim, caller, asyncio.get_running_loop().create_future())
        if claim.key is not None:
            self.by_key[claim.scope, claim.key] = flight
        else:
            self.by_fingerprint.setdefault(claim.fingerprint, []).append(flight)
        return flight

    def land(self, flight: Flight, outcome: Outcome | None) -> None:
        """The create ended (None: no outcome came of it); whoever joined it is told."""
        claim = flight.claim
        if claim.key is not None:
            self.by_key.pop((claim.scope, claim.key), None)
        else:
            equals = self.by_fingerprint[claim.fingerprint]
            equals.remove(flight)
            if not equals:
                del self.by_fingerprint[claim.fingerprint]
        if not flight.landed.done():
            flight.landed.set_result(outcome)

    def find(self, claim: Claim) -> Flight | None:
        """The flight that this create repeats: that of its key, else the oldest equal one whose caller hung up.

        An equal create whose caller still waits is a ticket of its own, and one abandoned flight answers one caller.
        """
        if claim.key is not None:
            return self.by_key.get((claim.scope, claim.key))
        for flight in self.by_fingerprint.get(claim.fingerprint, ()):
            if not flight.taken and flight.caller.has_left():
                flight.taken = True
                return flight
        return None

    async def landing(self, flight: Flight, seconds: float) -> Outcome | None:
        """Wait for the end, at most so long; None where it did not come, or brought nothing."""
        done, _ = await asyncio.wait({flight.landed}, timeout=max(seconds, 0.0))
        return flight.landed.result() if done else None
