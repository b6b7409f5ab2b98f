"""One simulated instance: a platform, the faults around it, the ledger, and effects that are still to come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from gateway.domain.frozen import frozen
from gateway.simulator.faults import Effect, Ending, Fault, Reply
from gateway.simulator.ledger import Exchange, Ledger
from gateway.simulator.messages import Answer, Kind, Request
from gateway.simulator.plan import FaultPlan
from gateway.simulator.ports import Clock


class Platform(Protocol):
    """What ServiceNow and Jira have in common: a request changes their state and gets an answer."""

    def kind_of(self, request: Request) -> Kind:
        """Whether the request opens a ticket, searches, or does something else."""

    def answer(self, request: Request, at: datetime) -> Answer:
        """Execute the request as of that moment."""

    def failure(self, status: int) -> Answer:
        """The platform's own words for a status, nothing executed."""

    def tickets(self) -> list[dict[str, object]]:
        """The tickets that were opened over the wire, oldest first."""


@frozen
class Encounter:
    """What the door has to act out."""

    fault: Fault | None
    answer: Answer


@frozen
class _LateEffect:
    due_at: datetime
    request: Request
    number: int


class Simulation:
    """Requests meet the plan's faults here; state outlives every app that is opened over it."""

    def __init__(self, platform: Platform, clock: Clock, faults: Sequence[Fault], random: Random | None) -> None:
        self.faults = FaultPlan(faults, random)
        self._platform = platform
        self._clock = clock
        self._ledger = Ledger()
        self._late: list[_LateEffect] = []

    @property
    def ledger(self) -> Ledger:
        """What has come in so far, late effects that are due included."""
        self.settle()
        return self._ledger

    def tickets(self) -> list[dict[str, object]]:
        """The tickets that were opened over the wire, late ones that are due included."""
        self.settle()
        return self._platform.tickets()

    def meet(self, request: Request) -> Encounter:
        """Let the request meet its fault, take its effect and be written down."""
        self.settle()
        now = self._clock()
        kind = self._platform.kind_of(request)
        fault = self.faults.next_for(request, kind)
        answer = self._execute(request, fault, now)
        silent = fault is not None and fault.ending in {Ending.SILENCE, Ending.RESET}
        status = None if silent else answer.status
        self._ledger.record(Exchange(len(self._ledger) + 1, now, kind, request, fault, answer.ticket, status))
        return Encounter(fault, answer)

    def settle(self) -> None:
        """Let every late effect happen whose time has come, each as of its own moment."""
        now = self._clock()
        due = sorted((late for late in self._late if late.due_at <= now), key=lambda late: late.due_at)
        self._late = [late for late in self._late if late.due_at > now]
        for late in due:
            answer = self._platform.answer(late.request, late.due_at)
            self._ledger.stored_late(late.number, answer.ticket)

    def _execute(self, request: Request, fault: Fault | None, now: datetime) -> Answer:
        if fault is None:
            return self._platform.answer(request, now)
        match fault.effect:
            case Effect.EXECUTED:
                own = self._platform.answer(request, now)
                return replace(self._replied(fault.reply, now), ticket=own.ticket) if fault.reply else own
            case Effect.LATE:
                due_at = now + timedelta(seconds=fault.late_seconds)
                self._late.append(_LateEffect(due_at, request, len(self._ledger) + 1))
            case Effect.NONE:
                pass
        return self._replied(fault.reply or Reply(500), now)

    def _replied(self, reply: Reply, now: datetime) -> Answer:
        if reply.body is not None:
            return Answer(reply.status, reply.headers_at(now), reply.body)
        return self._platform.failure(reply.status).having(*reply.headers_at(now))
