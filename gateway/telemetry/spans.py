"""What a call was made of, as spans: worked out from its outcome once it has ended."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Final

from gateway.domain.call import Call
from gateway.domain.delivery import Attempt, Event
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.trace import call_span, parent_of, part_span

Fact = str | int | float | bool

_FAILED: Final = frozenset(
    {OutcomeKind.UPSTREAM_ERROR, OutcomeKind.TIMEOUT, OutcomeKind.UNREACHABLE, OutcomeKind.UNCONFIRMED}
)
_FIRST_FAILURE: Final = 400


class SpanKind(StrEnum):
    """Which side of an exchange a span is."""

    SERVER = "server"
    CLIENT = "client"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of a call's time, in Unix seconds; `failure` is empty where it went well."""

    name: str
    id: str
    parent: str
    began_at: float
    ended_at: float
    kind: SpanKind = SpanKind.INTERNAL
    facts: Mapping[str, Fact] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Lap:
    """A stage that was timed: its name, and Unix seconds."""

    stage: str
    began_at: float
    ended_at: float


def answered(outcome: Outcome, laps: tuple[Lap, ...]) -> Iterator[Span]:
    """A call from its arrival to its answer, and what happened in between."""
    call = outcome.call
    parent = parent_of(call.headers)
    yield Span(
        name=f"{call.method} {call.route.name}",
        id=call_span(call),
        parent=parent.span_id if parent else "",
        began_at=call.received_at,
        ended_at=outcome.ended_at,
        kind=SpanKind.SERVER,
        facts=_facts(outcome),
        failure=str(outcome.kind) if outcome.kind in _FAILED else "",
    )
    for lap in laps:
        yield Span(lap.stage, part_span(call, lap.stage, lap.began_at), call_span(call), lap.began_at, lap.ended_at)
    yield from _exchanges(outcome)


def settled(outcome: Outcome) -> Iterator[Span]:
    """What went on after its caller was told: the same call, to its end."""
    call = outcome.call
    yield Span(
        name="settled",
        id=part_span(call, "settled", outcome.ended_at),
        parent=call_span(call),
        began_at=call.received_at,
        ended_at=outcome.ended_at,
        facts=_facts(outcome),
    )
    yield from _exchanges(outcome)


def _exchanges(outcome: Outcome) -> Iterator[Span]:
    for attempt in outcome.attempts:
        yield _attempt(outcome.call, attempt)
    ends = [attempt.started_at + attempt.duration_seconds for attempt in outcome.attempts]
    for made, events in groupby(outcome.events, lambda event: sum(end <= event.at for end in ends)):
        yield _reconciliation(outcome.call, tuple(events), ends[made - 1] if made else None)


def _attempt(call: Call, attempt: Attempt) -> Span:
    facts: dict[str, Fact] = {"itsm.attempt": attempt.number, "itsm.waited_seconds": attempt.wait_seconds}
    failure = attempt.failure or ""
    if attempt.status is not None:
        facts["http.response.status_code"] = attempt.status
        failure = failure or (str(attempt.status) if attempt.status >= _FIRST_FAILURE else "")
    if failure:
        facts["error.type"] = failure
    return Span(
        name="attempt",
        id=part_span(call, "attempt", attempt.started_at),
        parent=call_span(call),
        began_at=attempt.started_at,
        ended_at=attempt.started_at + attempt.duration_seconds,
        kind=SpanKind.CLIENT,
        facts=facts,
        failure=failure,
    )


def _reconciliation(call: Call, events: tuple[Event, ...], lost_at: float | None) -> Span:
    """From the moment an answer was lost to the last search for what it would have told."""
    began_at = events[0].at if lost_at is None else lost_at
    span = part_span(call, "reconcile", began_at)
    return Span("reconcile", span, call_span(call), began_at, events[-1].at, events=events)


def _facts(outcome: Outcome) -> dict[str, Fact]:
    """Names and counts, never contents."""
    call = outcome.call
    told: dict[str, Fact | None] = {
        "http.request.method": call.method,
        "http.response.status_code": _status(outcome),
        "url.path": call.route.path,
        "itsm.call_id": call.id,
        "itsm.upstream": call.upstream,
        "itsm.platform": call.platform.value,
        "itsm.operation": call.route.operation.value,
        "itsm.outcome": outcome.kind.value,
        "itsm.retries": outcome.retries,
        "itsm.policy": outcome.policy.name if outcome.policy else None,
        "itsm.template": call.template_name,
        "itsm.job_id": call.job_id,
        "itsm.violations": len(outcome.violations) or None,
        "itsm.ticket": (outcome.ticket.key or outcome.ticket.id) if outcome.ticket else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _status(outcome: Outcome) -> int | None:
    if outcome.problem is not None:
        return outcome.problem.status
    return outcome.answer.status if outcome.answer is not None else None
