"""Tells everyone who wants to know, in turn."""

from dataclasses import dataclass

from gateway.domain.call import Call
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.domain.problem import Problem
from gateway.pipeline.ports import Telling


@dataclass(frozen=True, slots=True)
class TellAll:
    """One `Telling` that feeds many."""

    listeners: tuple[Telling, ...]

    def concluded(self, outcome: Outcome) -> None:
        """A call was answered."""
        for listener in self.listeners:
            listener.concluded(outcome)

    def settled(self, outcome: Outcome) -> None:
        """A call that had been unconfirmed was settled."""
        for listener in self.listeners:
            listener.settled(outcome)

    def refused_at_the_door(self, problem: Problem) -> None:
        """A request was refused before it became a call."""
        for listener in self.listeners:
            listener.refused_at_the_door(problem)

    def store_failed(self, call: Call, error: StoreUnavailable) -> None:
        """The journal row of a call could not be written."""
        for listener in self.listeners:
            listener.store_failed(call, error)
