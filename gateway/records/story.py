"""One call's row and details, told as a story: what happened to it, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from gateway.records.record import CallRecord, CallStory

_NAMES = tuple(field.name for field in fields(CallRecord))


def tell(row: Mapping[str, Any]) -> CallStory:
    """The story in a row of the calls table joined with its details (`told_…`)."""
    call = CallRecord(**{name: row[name] for name in _NAMES})
    attempts = tuple(row["told_attempts"] or _only_attempt(call))
    events = [*_known(call, attempts), *(row["told_events"] or ())]
    return CallStory(
        call=call,
        attempts=attempts,
        violations=tuple(row["told_violations"] or ()),
        events=tuple(sorted(events, key=lambda event: float(event["at"]))),
        problem=row["told_problem"],
        carried_in=row["told_place"],
    )


def _only_attempt(call: CallRecord) -> Iterator[Mapping[str, Any]]:
    """A call that took one plain attempt has its story in its own columns, unless its caller was answered before."""
    if call.attempts != 1 or call.last_sent_at is None or call.ended_at is None or call.status is None:
        return
    if call.last_sent_at <= call.ended_at:
        yield {
            "number": 1,
            "started_at": call.last_sent_at,
            "duration_seconds": call.ended_at - call.last_sent_at,
            "status": call.status,
            "failure": None,
            "wait_seconds": 0.0,
        }


def _known(call: CallRecord, attempts: tuple[Mapping[str, Any], ...]) -> Iterator[Mapping[str, Any]]:
    """The events that the columns tell; only those that they cannot tell are stored as events."""
    yield {"at": call.received_at, "event": "received"}
    for attempt in attempts:
        yield {"at": attempt["started_at"], "event": "sent", "attempt": attempt["number"]}
    if not attempts and call.last_sent_at is not None:
        yield {"at": call.last_sent_at, "event": "sent", "attempt": call.attempts}
    if call.ended_at is not None:
        yield {"at": call.ended_at, "event": "answered", "status": call.status}
