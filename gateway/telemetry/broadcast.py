"""What happens now, for whoever looks on: bounded, and free while nobody does."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from gateway.domain.call import Call
from gateway.domain.fault import Fault, StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem
from gateway.policy.rules import Rules

MOST_LISTENERS: Final = 50
MOST_WAITING: Final = 256
"""Events that one listener may be behind, before it is let go."""

MOST_KEPT: Final = 128
"""Events that a listener may have missed and still get when it comes back."""


@frozen
class Happening:
    """One event; `id` grows by one with each, and begins with what no other process has."""

    id: str
    name: str
    data: str


class TooManyListeners(Exception):
    """No further listener is taken."""


@dataclass(eq=False, slots=True)
class Listener:
    """One who looks on; it gets what happens from now on, in order, and is let go rather than told half of it."""

    missed: bool = False
    """It asked to go on where nothing is kept any more: what it shows is out of date."""
    dropped: bool = False
    """It was too slow."""
    _waiting: "asyncio.Queue[Happening | None]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING + 1))

    async def next(self) -> Happening | None:
        """The next event; None when there will be no more."""
        return await self._waiting.get()

    def give(self, happening: Happening) -> bool:
        """Whether it could still be taken; a listener that is too slow hears no more than what waits for it."""
        if self._waiting.qsize() < MOST_WAITING:
            self._waiting.put_nowait(happening)
            return True
        self.dropped = True
        self.end()
        return False

    def end(self) -> None:
        """Let it know that there is no more; the queue has room for this one."""
        self._waiting.put_nowait(None)


class Broadcast:
    """Fulfils the pipeline's `Telling`; `process` tells the ids of this process from those of another."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._count = 0
        self._listeners: set[Listener] = set()
        self._kept: deque[Happening] = deque(maxlen=MOST_KEPT)

    def listen(self, last_id: str = "") -> Listener:
        """Look on from now, or from after the event of that id; raises TooManyListeners."""
        if len(self._listeners) >= MOST_LISTENERS:
            raise TooManyListeners
        later = self._after(last_id)
        listener = Listener(missed=later is None)
        for happening in later or ():
            listener.give(happening)
        self._listeners = self._listeners | {listener}
        return listener

    def leave(self, listener: Listener) -> None:
        """Look on no more."""
        self._listeners = self._listeners - {listener}
        if not self._listeners:
            self._kept.clear()

    def close(self) -> None:
        """Let everybody know that there is no more."""
        for listener in self._listeners:
            listener.end()
        self._listeners = set()

    def concluded(self, outcome: Outcome) -> None:
        """A call was answered."""
        self._count += 1
        if self._listeners:
            self._tell("call", _told(outcome))

    def settled(self, outcome: Outcome) -> None:
        """A call that had been unconfirmed was settled."""
        self._count += 1
        if self._listeners:
            self._tell("settled", _told(outcome))

    def reloaded(self, rules: Rules, faults: tuple[Fault, ...]) -> None:
        """An edit of config or policies was read."""
        self._count += 1
        if self._listeners:
            self._tell("rules", {"version": rules.version, "policies": len(rules.policies), "faults": len(faults)})

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """There is no call to look at."""

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """The journal row of a call could not be written."""
        self._count += 1
        if self._listeners:
            self._tell("store", {"call_id": call.id, "detail": str(error)})

    def _tell(self, name: str, data: dict[str, object]) -> None:
        happening = Happening(f"{self._process}-{self._count}", name, json.dumps(data, ensure_ascii=False))
        self._kept.append(happening)
        self._listeners = {listener for listener in self._listeners if listener.give(happening)}

    def _after(self, last_id: str) -> tuple[Happening, ...] | None:
        """What happened after an event; None where that is not kept."""
        if last_id in ("", f"{self._process}-{self._count}"):
            return ()
        ids = [happening.id for happening in self._kept]
        return tuple(self._kept)[ids.index(last_id) + 1 :] if last_id in ids else None


def _told(outcome: Outcome) -> dict[str, object]:
    """What a list of calls shows; the rest is asked for by id."""
    call, ticket = outcome.call, outcome.ticket
    return {
        "call_id": call.id,
        "upstream": call.upstream,
        "platform": call.platform,
        "operation": call.route.operation,
        "outcome": outcome.kind,
        "policy": outcome.policy.name if outcome.policy else None,
        "ticket": (ticket.key or ticket.id) if ticket else None,
        "retries": outcome.retries,
        "duration_seconds": round(outcome.ended_at - call.received_at, 4),
    }
