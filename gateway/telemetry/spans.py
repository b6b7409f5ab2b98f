"""What a call was made of, as spans: worked out from its outcome once it has ended."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from itertools import groupby
from typing import Final

from gateway.domain.call import Call
from gateway.domain.delivery import Attempt, Event
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.trace import call_span, parent_of, part_span

Fact = str | int | float | bool

_FAILED: Final = frozenset(
    {OutcomeKind.UPSTREAM_ERROR, OutcomeKind.TIMEOUT, OutcomeKind.UNREACHABLE, OutcomeKind.UNCONFIRMED}
)
_FIRST_FAILURE: Final = 400
_LONGEST: Final = 200


class SpanKind(StrEnum):
    """Which side of an exchange a span is."""

    SERVER = "server"
    CLIENT = "client"
    INTERNAL = "internal"


@frozen
class Span:
    """One piece of a call's time, in Unix seconds; `failure` is empty where it went well.

    `link` is a span of the same trace that this one goes on with.
    """

    name: str
    id: str
    parent: str
    began_at: float
    ended_at: float
    kind: SpanKind = SpanKind.INTERNAL
    facts: Mapping[str, Fact] = field(default_factory=dict)
    failure: str = ""
    link: str = ""


@frozen
class Lap:
    """A stage that was timed: its name, and Unix seconds."""

    stage: str
    began_at: float
    ended_at: float


def answered(outcome: Outcome, laps: tuple[Lap, ...]) -> Iterator[Span]:
    """A call from its arrival to its answer, and what happened in between."""
    call = outcome.call
    parent = parent_of(call)
    yield Span(
        name=f"{call.method} {call.route.name}",
        id=call_span(call),
        parent=parent.span_id if parent else "",
        began_at=call.received_at,
        ended_at=outcome.ended_at,
        kind=SpanKind.SERVER,
        facts=_facts(outcome),
        failure=_failure(outcome),
    )
    for lap in laps:
        yield Span(lap.stage, part_span(lap.stage, lap.began_at), call_span(call), lap.began_at, lap.ended_at)
    yield from _exchanges(outcome, call_span(call))


def delivered(outcome: Outcome) -> Iterator[Span]:
    """One try to deliver a call that its caller had been told would wait."""
    yield from _afterwards("outbox delivery", outcome, outcome.attempts[0].started_at)


def settled(outcome: Outcome) -> Iterator[Span]:
    """How it was learnt what had become of a call whose caller was told that nobody knew."""
    yield from _afterwards("settle", outcome, _began(outcome.events[0]))


def searches(outcome: Outcome) -> tuple[Event, ...]:
    """Of all that happened between attempts, the searches."""
    return tuple(event for event in outcome.events if event.result)


def _afterwards(name: str, outcome: Outcome, began_at: float) -> Iterator[Span]:
    """In the trace of the call, and linked to it: it was answered long ago, and no longer waits for this."""
    answered_as = call_span(outcome.call)
    span = Span(
        name=name,
        id=part_span(name, began_at),
        parent=answered_as,
        began_at=began_at,
        ended_at=outcome.ended_at,
        facts=_facts(outcome),
        failure=_failure(outcome),
        link=answered_as,
    )
    yield span
    yield from _exchanges(outcome, span.id)


def _exchanges(outcome: Outcome, parent: str) -> Iterator[Span]:
    for attempt in outcome.attempts:
        yield _attempt(outcome.call, attempt, parent)
    ends = [attempt.started_at + attempt.duration_seconds for attempt in outcome.attempts]
    for made, events in groupby(searches(outcome), lambda event: sum(end <= event.at for end in ends)):
        yield from _reconciliation(tuple(events), parent, ends[made - 1] if made else None)


def _attempt(call: Call, attempt: Attempt, parent: str) -> Span:
    facts: dict[str, Fact] = {
        "http.request.method": call.method,
        "itsm.upstream": call.upstream,
        "itsm.attempt": attempt.number,
        "itsm.waited_seconds": attempt.wait_seconds,
    }
    failure = attempt.failure or ""
    if attempt.status is not None:
        facts["http.response.status_code"] = attempt.status
        failure = failure or (str(attempt.status) if attempt.status >= _FIRST_FAILURE else "")
    if failure:
        facts["error.type"] = failure
    return Span(
        name="attempt",
        id=part_span("attempt", attempt.started_at),
        parent=parent,
        began_at=attempt.started_at,
        ended_at=attempt.started_at + attempt.duration_seconds,
        kind=SpanKind.CLIENT,
        facts=facts,
        failure=failure,
    )


def _reconciliation(events: tuple[Event, ...], parent: str, lost_at: float | None) -> Iterator[Span]:
    """From the moment an answer was lost to the last search for what it would have told, and each of the searches.

    A search tells its result alone: what it says besides may be in the upstream's words.
    """
    began_at = _began(events[0]) if lost_at is None else lost_at
    whole = part_span("reconcile", began_at)
    yield Span("reconcile", whole, parent, began_at, events[-1].at)
    for event in events:
        facts: dict[str, Fact] = {"itsm.result": event.result}
        at = _began(event)
        yield Span("search", part_span("search", at), whole, at, event.at, SpanKind.CLIENT, facts)


def _began(event: Event) -> float:
    return event.at - event.seconds


def _failure(outcome: Outcome) -> str:
    return str(outcome.kind) if outcome.kind in _FAILED else ""


def _facts(outcome: Outcome) -> dict[str, Fact]:
    """Names and counts, never contents."""
    call = outcome.call
    told: dict[str, Fact | None] = {
        "http.request.method": call.method,
        "http.response.status_code": _status(outcome),
        "url.path": call.route.path[:_LONGEST],
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
