"""The creates that are on their way in this process, so that a repeated one joins instead of being sent again."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.pipeline.claim import Claim
from gateway.pipeline.earlier import Earlier, Standing
from gateway.pipeline.ports import Caller, Journal

LOOK_SECONDS: Final = 0.05
"""The first pause between looks at a row that another process is at work on; it doubles up to the longest."""
LONGEST_LOOK_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 1.0


class Gone:
    """A caller that waits no longer."""

    left: Final = True


GONE: Final = Gone()


@dataclass(eq=False, slots=True)
class Flight:
    """One create on its way: the row it is about, and the caller who waits for it, the last one where several came.

    `awaited` is done when it has landed; there is none unless somebody joined.
    """

    claim: Claim
    call_id: str
    caller: Caller
    taken: bool = False
    abandoned: bool = False
    landed: bool = False
    outcome: Outcome | None = None
    awaited: "asyncio.Future[None] | None" = None


@dataclass(slots=True)
class Flights:
    """Implements the pipeline's `Flights` port; everything happens on one event loop."""

    journal: Journal
    by_key: dict[tuple[str, str], Flight] = field(default_factory=dict)
    by_fingerprint: dict[str, list[Flight]] = field(default_factory=dict)

    def begin(self, claim: Claim, call_id: str, caller: Caller) -> Flight:
        """A create leaves; `land` it in any case."""
        flight = Flight(claim, call_id, caller)
        if claim.key is not None:
            self.by_key[claim.scope, claim.key] = flight
        else:
            self.by_fingerprint.setdefault(claim.fingerprint, []).append(flight)
        return flight

    def land(self, flight: Flight, outcome: Outcome | None) -> None:
        """The create ended (None: no outcome came of it); whoever joined it is told.

        Who took an abandoned one holds it until that answer, too, has found its reader.
        """
        if flight.claim.key is not None and self.by_key.get((flight.claim.scope, flight.claim.key)) is flight:
            del self.by_key[flight.claim.scope, flight.claim.key]
        flight.landed, flight.outcome = True, outcome
        if flight.awaited is not None:
            flight.awaited.set_result(None)
        if flight.claim.key is None and not flight.taken:
            self._forget(flight)

    def leave(self, flight: Flight, caller: Caller) -> None:
        """Who took an abandoned create has its answer, or waits no longer; unless another has its place by now."""
        if flight.caller is not caller:
            return
        flight.caller, flight.taken = GONE, False
        if flight.landed:
            self._forget(flight)

    def _forget(self, flight: Flight) -> None:
        equals = self.by_fingerprint.get(flight.claim.fingerprint, [])
        if flight in equals:
            equals.remove(flight)
        if not equals:
            self.by_fingerprint.pop(flight.claim.fingerprint, None)

    def find(self, claim: Claim, caller: Caller) -> Flight | None:
        """The flight that this create repeats: that of its key, else the oldest equal one whose caller hung up.

        An equal create whose caller still waits is a ticket of its own, and one abandoned flight answers one caller;
        it is the next one's where that one hangs up, too.
        """
        if claim.key is not None:
            return self.by_key.get((claim.scope, claim.key))
        for flight in self.by_fingerprint.get(claim.fingerprint, ()):
            if flight.caller.left:
                flight.caller, flight.taken = caller, True
                return flight
        return None

    async def landing(self, flight: Flight, deadline: float) -> Outcome | None:
        """Wait for the end, until a deadline on the monotonic clock; None where it brought nothing by then."""
        if flight.abandoned:
            await self._reclaim(flight)
        if not flight.landed:
            flight.awaited = flight.awaited or asyncio.get_running_loop().create_future()
            await asyncio.wait({flight.awaited}, timeout=max(deadline - time.monotonic(), 0.0))
        return flight.outcome

    async def elsewhere(self, call_id: str, deadline: float) -> Earlier | None:
        """Wait until nobody is at work on a row any more; raises StoreUnavailable."""
        pause = LOOK_SECONDS
        while True:
            there = await self.journal.look(call_id)
            left = deadline - time.monotonic()
            if there is None or there.standing not in (Standing.IN_FLIGHT, Standing.QUEUED) or left <= 0:
                return there
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 2, LONGEST_LOOK_SECONDS)

    def is_late(self, deadline: float) -> bool:
        """Whether a deadline on the monotonic clock has passed."""
        return time.monotonic() >= deadline

    async def watch(self, every_seconds: float = WATCH_SECONDS) -> None:
        """Write down whose caller hung up, so that other processes know it, too; until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            for flight in self._newly_left():
                try:
                    await self.journal.abandon(flight.call_id)
                    flight.abandoned = True
                except StoreUnavailable:
                    break  # whoever writes to the store on a call's way tells that it is down

    async def _reclaim(self, flight: Flight) -> None:
        """Somebody waits for it again: no other process may offer it to an equal create."""
        flight.abandoned = False
        with suppress(StoreUnavailable):  # whoever writes to the store on a call's way tells that it is down
            await self.journal.reclaim(flight.call_id)

    def _newly_left(self) -> list[Flight]:
        equals = [flight for flights in self.by_fingerprint.values() for flight in flights]
        return [flight for flight in equals if not flight.abandoned and flight.caller.left]
