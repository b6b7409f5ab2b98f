"""Takes over what a process that is gone has left in mid-call, at start and whenever a lease runs out."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from gateway.domain.fault import StoreUnavailable
from gateway.pipeline.earlier import Pending
from gateway.pipeline.ports import Ports, Settler

EVERY_SECONDS: Final = 5.0
AT_ONCE: Final = 100


class Left(Protocol):
    """Where rows lie that nobody alive goes on with."""

    async def expired(self, limit: int = 100) -> tuple[Pending, ...]:
        """Take the longest open first; raises StoreUnavailable."""
        ...


async def recover(
    left: Left,
    ports: Ports,
    settler: Settler,
    told: Callable[[StoreUnavailable], None],
    every_seconds: float = EVERY_SECONDS,
) -> None:
    """Settle what is found, until cancelled.

    Without a login nobody can be asked: such a call stays unconfirmed, until its caller comes again with one.
    """
    while True:
        try:
            taken = await left.expired(AT_ONCE)
        except StoreUnavailable as unavailable:
            told(unavailable)
            taken = ()
        for pending in taken:
            if ports.couriers[pending.forward.call.upstream].can_log_in(pending.forward):
                settler.settle_later(pending)
        if len(taken) < AT_ONCE:
            await asyncio.sleep(every_seconds)
