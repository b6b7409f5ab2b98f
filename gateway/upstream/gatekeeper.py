"""Lets exchanges out to an upstream one call at a time, as its protection allows, and tells it how each ended."""

import asyncio
import time
from typing import Final

from gateway.domain.frozen import frozen
from gateway.domain.verdict import NotExecuted, Verdict
from gateway.upstream.errand import Errand
from gateway.upstream.exchange import Break, Broken, Exchange, Exchanged, Request
from gateway.upstream.protection.ask import Admitted, Held, HeldReason
from gateway.upstream.protection.protection import Protection

SHORTEST_WAIT: Final = 0.01
SHORTEST_EXCHANGE: Final = 0.001


@frozen
class Judged:
    """An exchange and what it means; `sent_at` and `ended_at` are on the monotonic clock: no step moves them."""

    exchange: Exchange
    verdict: Verdict
    sent_at: float
    ended_at: float


async def let_out(errand: Errand, request: Request, began: float, *, buffered: bool, retry: bool) -> Judged:
    """One exchange and what it means; a `HELD` one was not made: it may not go out in the time that is left.

    It begins at `began` (monotonic). Where it is not `buffered`, the answer's body is left unread.
    """
    protection, deadline = errand.line.protection, max(errand.forward.call.deadline, began + SHORTEST_EXCHANGE)
    admitted = protection.admit(errand, began, retry=retry)
    if isinstance(admitted, Held) or admitted.wait or not protection.turnstile.passes():
        admitted = await _turn(errand, admitted, deadline, retry=retry)
        if isinstance(admitted, Held):
            return Judged(*_held_back(request.method, admitted), began, time.monotonic())
    try:
        send = errand.exchanger.buffered if buffered else errand.exchanger.opened
        exchange = await send(request, max(deadline - time.monotonic(), SHORTEST_EXCHANGE))
        ended, wall = time.monotonic(), time.time()
        verdict = errand.judge(exchange, wall)
        if isinstance(exchange, Exchanged):
            protection.answered(admitted, exchange.answer, verdict, ended, wall)
        else:
            _tell_broken(protection, admitted, request, exchange.kind, ended)
    except asyncio.CancelledError:  # whatever ends the call here gives its place back
        protection.withdrawn(admitted)
        raise
    finally:
        protection.turnstile.leave()
    return Judged(exchange, verdict, exchange.departed_at or began, ended)


async def _turn(errand: Errand, admitted: Admitted | Held, deadline: float, *, retry: bool) -> Admitted | Held:
    """Wait for what holds a call back, the pacing, and its turn at the turnstile; an open circuit is told at once."""
    protection, remaining = errand.line.protection, deadline - time.monotonic()
    while isinstance(admitted, Held):
        if admitted.circuit_open or time.monotonic() + admitted.seconds >= deadline:
            return admitted
        await asyncio.sleep(max(admitted.seconds, SHORTEST_WAIT))
        admitted = protection.admit(errand, time.monotonic(), retry=retry)
    try:
        if admitted.wait:
            await asyncio.sleep(min(admitted.wait, max(deadline - time.monotonic(), 0.0)))
        if await protection.turnstile.enter(errand.ask().rank, deadline - time.monotonic()):
            return admitted
    except asyncio.CancelledError:
        protection.withdrawn(admitted)
        raise
    protection.withdrawn(admitted)
    return Held(remaining, HeldReason.SEMAPHORE)


def _tell_broken(protection: Protection, admitted: Admitted, request: Request, kind: Break, now: float) -> None:
    """An answer that was too large, or an upload that its client gave up, says nothing about the upstream."""
    if kind is Break.TOO_LARGE or request.given_up:
        protection.withdrawn(admitted)
    else:
        protection.broke(admitted, now, connect=kind is Break.CONNECT)


def _held_back(method: str, held: Held) -> tuple[Broken, NotExecuted]:
    """An exchange that was not made, in words for its caller."""
    if held.circuit_open:
        kind = Break.CIRCUIT_OPEN
        detail = f"the circuit is open after too many failures; the next call is let through in {held.seconds:.0f} s"
    else:
        kind = Break.RATE_LIMITED
        detail = f"a rate limit of the platform ({held.reason}) is waited out for {held.seconds:.0f} s more"
    return Broken(method, kind, detail, held_for=held.seconds), NotExecuted(detail, held.seconds)
