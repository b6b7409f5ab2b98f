"""Tells everyone who wants to know, in turn; who can wait for it, after the caller has its answer."""

import asyncio
from dataclasses import dataclass, field

from gateway.domain.call import Call
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem
from gateway.pipeline.ports import Telling


@dataclass(eq=False, slots=True)
class TellAll:
    """One `Telling` that feeds many: `listeners` at once, `onlookers` of each call when its caller has its answer."""

    listeners: tuple[Telling, ...]
    onlookers: tuple[Telling, ...] = ()
    _answered: list[Outcome] = field(default_factory=list)

    def concluded(self, outcome: Outcome) -> None:
        """A call is about to be answered; that leaves with this turn of the loop, as the answers of others may."""
        for listener in self.listeners:
            listener.concluded(outcome)
        if not self.onlookers:
            return
        if not self._answered:
            asyncio.get_running_loop().call_soon(self._tell_onlookers)
        self._answered.append(outcome)

    def settled(self, outcome: Outcome) -> None:
        """A call that had been unconfirmed was settled."""
        for listener in self.listeners + self.onlookers:
            listener.settled(outcome)

    def refused_at_the_door(self, problem: Problem, call_id: str) -> None:
        """A request was refused before it became a call."""
        for listener in self.listeners + self.onlookers:
            listener.refused_at_the_door(problem, call_id)

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """The journal row of a call could not be written."""
        for listener in self.listeners + self.onlookers:
            listener.store_failed(call, error)

    def _tell_onlookers(self) -> None:
        answered, self._answered = self._answered, []
        for outcome in answered:
            for onlooker in self.onlookers:
                onlooker.concluded(outcome)
