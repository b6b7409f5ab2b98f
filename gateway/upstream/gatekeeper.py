"""Lets exchanges out to an upstream one call at a time, as its protection allows, and tells it how each ended."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from gateway.domain.frozen import frozen
from gateway.domain.verdict import NotExecuted, Verdict
from gateway.upstream.exchange import Break, Broken, Exchange, Exchanged, Request
from gateway.upstream.protection.ask import Admitted, Ask, Held, HeldReason
from gateway.upstream.protection.protection import Protection

SHORTEST_WAIT: Final = 0.01

Send: TypeAlias = Callable[[Request, float], Awaitable[Exchange]]
"""Makes one exchange within the given seconds."""
Judge: TypeAlias = Callable[[Exchange], Verdict]


@frozen
class Gatekeeper:
    """The protection of one upstream, as one call meets it."""

    protection: Protection
    ask: Ask

    async def exchange(
        self, request: Request, send: Send, judge: Judge, *, retry: bool, remaining: float
    ) -> tuple[Exchange, Verdict]:
        """One exchange and what it means; a `HELD` one was not made: it may not go out in the time that is left."""
        deadline = time.monotonic() + remaining
        admitted = await self._admitted(retry, deadline)
        if isinstance(admitted, Held):
            return held_back(request.method, admitted)
        try:
            if not await self._let_out(admitted, deadline):
                self.protection.withdrawn(admitted)
                return held_back(request.method, Held(remaining, HeldReason.SEMAPHORE))
            try:
                exchange = await send(request, max(deadline - time.monotonic(), 0.001))
                verdict = judge(exchange)
                self._tell(admitted, request, exchange, verdict)
            finally:
                self.protection.turnstile.leave()
        except asyncio.CancelledError:  # whatever ends the call here gives its place back
            self.protection.withdrawn(admitted)
            raise
        return exchange, verdict

    def may_retry(self) -> bool:
        """Take one retry from the budget."""
        return self.protection.may_retry(time.monotonic())

    async def _admitted(self, retry: bool, deadline: float) -> Admitted | Held:
        """A rate limit that ends in time is waited for; an open circuit is told at once."""
        while True:
            answer = self.protection.admit(self.ask, time.monotonic(), retry=retry)
            if isinstance(answer, Admitted) or answer.circuit_open:
                return answer
            if time.monotonic() + answer.seconds >= deadline:
                return answer
            await asyncio.sleep(max(answer.seconds, SHORTEST_WAIT))

    async def _let_out(self, admitted: Admitted, deadline: float) -> bool:
        """Wait the pacing out, and for one's turn."""
        if admitted.wait:
            await asyncio.sleep(min(admitted.wait, max(deadline - time.monotonic(), 0.0)))
        return await self.protection.turnstile.enter(self.ask.rank, deadline - time.monotonic())

    def _tell(self, admitted: Admitted, request: Request, exchange: Exchange, verdict: Verdict) -> None:
        match exchange:
            case Exchanged(answer=answer):
                self.protection.answered(admitted, answer, verdict, time.monotonic(), time.time())
            case Broken(kind=Break.TOO_LARGE):
                self.protection.withdrawn(admitted)
            case Broken() if request.given_up:
                self.protection.withdrawn(admitted)
            case Broken(kind=kind):
                self.protection.broke(admitted, time.monotonic(), connect=kind is Break.CONNECT)


def held_back(method: str, held: Held) -> tuple[Broken, NotExecuted]:
    """An exchange that was not made, in words for its caller."""
    if held.circuit_open:
        kind = Break.CIRCUIT_OPEN
        detail = f"the circuit is open after too many failures; the next call is let through in {held.seconds:.0f} s"
    else:
        kind = Break.RATE_LIMITED
        detail = f"a rate limit of the platform ({held.reason}) is waited out for {held.seconds:.0f} s more"
    return Broken(method, kind, detail, held_for=held.seconds), NotExecuted(detail, held.seconds)
