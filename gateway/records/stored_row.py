"""A row of the calls table joined with its details, made into what the way of a call goes on with."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, Select, select

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.outcome import OutcomeKind, PolicyName
from gateway.domain.verdict import Evidence, Ticket
from gateway.pipeline.claim import fingerprint_of
from gateway.pipeline.decision import Forward, Resend
from gateway.pipeline.earlier import Earlier, Pending, Standing
from gateway.pipeline.stored import Stored
from gateway.platforms.platform import Carrier
from gateway.policy.policy import Record
from gateway.records.replay import unpacked
from gateway.records.shown import is_whole
from gateway.records.state import ACCEPTED, State
from gateway.records.tables import call_details, calls

Restore: TypeAlias = Callable[[Stored], Forward | None]
"""Makes a call of what a row holds; None where its upstream is configured no more."""

_NOT_TOLD_OTHERWISE: Final = (None, ACCEPTED)
"""Whoever was told of a failure was also told that nothing more is sent, and may have sent it again."""

HELD: Final[Select[Any]] = select(
    *calls.c, call_details.c.body, call_details.c.request, call_details.c.replay
).outerjoin_from(calls, call_details)
"""Everything that is needed to go on with a row."""


def stored(row: Row[Any]) -> Stored:
    """What the row remembers of its call."""
    request = row.request or {}
    carried = row.correlation_value is not None
    return Stored(
        call=_call(row, request),
        body=row.body or b"",
        resend=_resend(row, request),
        whole=is_whole(row.target),
        changed=request.get("changed", False),
        filled=tuple(request.get("filled", ())),
        carrier=Carrier(row.correlation_value, request.get("carrier", "default")) if carried else None,
        place=row.correlation_place or "",
        policy=PolicyName(row.policy, row.policy_version or "") if row.policy else None,
        record=Record(request.get("record", Record.NOTHING)),
        rank=request.get("later") if row.status in _NOT_TOLD_OTHERWISE else None,
    )


def pending(row: Row[Any], epoch: int, restore: Restore) -> Pending | None:
    """The row as its holder in the given epoch goes on with it; None where its call cannot be restored."""
    forward = restore(stored(row))
    if forward is None:
        return None
    return Pending(
        forward=forward,
        epoch=epoch,
        evidence=_evidence(row),
        absent_from=row.absent_from,
        tries=row.tries or 0,
        last_sent=row.last_sent_at,
    )


def earlier(row: Row[Any], standing: Standing, held: Pending | None = None) -> Earlier:
    """The row as whoever repeats its call is told of it."""
    finished = standing is Standing.FINISHED
    return Earlier(
        call_id=row.id,
        standing=standing,
        fingerprint=row.fingerprint or _fingerprint(row),
        kind=OutcomeKind(row.kind) if row.kind else None,
        ticket=Ticket(row.ticket_id or "", row.ticket_key or "") if finished else None,
        answer=unpacked(row.replay) if finished and row.replay else None,
        pending=held,
    )


def _fingerprint(row: Row[Any]) -> str:
    """Of a create that no policy read, as it left: by its id it may be repeated all the same."""
    told = stored(row)
    return fingerprint_of(told.call, None) if told.whole and not told.changed and row.body is not None else ""


def _evidence(row: Row[Any]) -> Evidence | None:
    """What is queued, or never left, has certainly no effect; what a dead process left in flight fell silent."""
    if row.state == State.QUEUED.value or row.last_sent_at is None:
        return None
    return Evidence(row.evidence) if row.evidence else Evidence.SILENT


def _call(row: Row[Any], request: dict[str, Any]) -> Call:
    return Call(
        id=row.id,
        upstream=row.upstream,
        platform=PlatformName(row.platform),
        route=Route(row.route, Operation(row.operation), "", row.resource),
        method=row.method,
        target=row.target,
        headers=tuple((name, value) for name, value in request.get("headers", ())),
        body=row.body or b"",
        received_at=row.received_at,
        deadline=0.0,
        gateway_base=request.get("base", ""),
        client=row.client or "",
        job_id=row.job_id,
        idempotency_key=row.idempotency_key,
        template_name=row.template,
        source=row.source,
    )


def _resend(row: Row[Any], request: dict[str, Any]) -> Resend:
    """What had to go without its correlation value cannot be proven absent; without a body nothing can be sent."""
    if row.body is None:
        return Resend.NEVER
    if row.correlation_place is not None and row.correlation_value is None:
        return Resend.WHEN_NOT_EXECUTED
    return Resend(request.get("resend", Resend.NEVER))
