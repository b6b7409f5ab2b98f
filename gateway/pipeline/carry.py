"""A ticket call: its row is on disk before the first byte leaves, and closed before the caller is told."""

from dataclasses import replace
from typing import Final

from gateway.domain.delivery import Answered, Delivery, Failed, FailureKind
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, ProblemType
from gateway.pipeline.conclude import accepted, conclude, conclude_unsent
from gateway.pipeline.decision import Forward, Refuse, Resend
from gateway.pipeline.earlier import Pending
from gateway.pipeline.ports import Ports
from gateway.pipeline.stored import LostLease, OutboxFull, Wait

_PASSING: Final = frozenset(
    {
        FailureKind.UNREACHABLE,
        FailureKind.TIMEOUT,
        FailureKind.DECEPTIVE,
        FailureKind.CUT,
        FailureKind.CIRCUIT_OPEN,
        FailureKind.RATE_LIMITED,
        FailureKind.CREDENTIALS,
    }
)
"""Certainly nothing was made, and another time it may be: also once somebody has mended the gateway's own login."""


async def carry_out(forward: Forward, ports: Ports) -> Outcome:
    """The whole way of a ticket call that repeats no other."""
    try:
        await ports.journal.open(forward)
    except StoreUnavailable as error:
        return await without_journal(forward, error, ports)
    return await send(Pending(forward, 1, None, None), ports)


async def delivered(forward: Forward, ports: Ports) -> Outcome:
    """Send it, and conclude."""
    return concluded(forward, await ports.couriers[forward.call.upstream].deliver(forward), ports)


async def send(opened: Pending, ports: Ports) -> Outcome:
    """Deliver a call whose row was just opened; one whose caller need not wait, later."""
    forward = opened.forward
    if forward.later and forward.call.respond_async:
        return await _queue(opened, accepted(forward, ports.call_url, ended_at=ports.clock()), 0.0, ports)
    delivery = await ports.couriers[forward.call.upstream].deliver(forward)
    return await end(opened, delivery, ports)


async def end(pending: Pending, delivery: Delivery, ports: Ports, *, told: bool = False) -> Outcome:
    """Write down what became of a call: closed, waiting, or open still; `told` where a caller heard otherwise before.

    What stays open is settled in the background.
    """
    outcome = concluded(pending.forward, delivery, ports)
    if pending.forward.later and may_pass(pending.forward, delivery):
        return await _queue(pending, outcome, ports.first_wait_seconds, ports)
    if outcome.kind is OutcomeKind.UNCONFIRMED:
        return await _leave_open(in_doubt(pending, delivery, outcome.ended_at), outcome, ports)
    await _write_end(pending, outcome, ports, told=told)
    if (outcome.ticket is None or not outcome.ticket.id) and _can_be_named(pending.forward, outcome):
        ports.settler.name_later(pending)
    return outcome


def _can_be_named(forward: Forward, outcome: Outcome) -> bool:
    """The platform made the ticket and did not say which (a field rule, a view): its value leads to it."""
    return outcome.kind is OutcomeKind.CREATED and forward.fenced and outcome.fenced


def concluded(forward: Forward, delivery: Delivery, ports: Ports) -> Outcome:
    """The outcome of a delivery, now."""
    return conclude(forward, delivery, ports.platforms[forward.call.platform], ended_at=ports.clock())


def in_doubt(pending: Pending, delivery: Delivery, at: float) -> Pending:
    """The call as whoever asks for it later has to know it; `at` is now, in Unix seconds."""
    if not isinstance(delivery, Failed) or delivery.evidence is None or delivery.absent_in is None:
        return replace(pending, attempts=pending.attempts + delivery.attempts)
    last = delivery.attempts[-1].started_at if delivery.attempts else pending.last_sent
    return replace(
        pending,
        evidence=delivery.evidence,
        absent_from=at + delivery.absent_in,
        last_sent=last,
        attempts=pending.attempts + delivery.attempts,
    )


async def without_journal(forward: Forward, error: StoreUnavailable, ports: Ports) -> Outcome:
    """The store is down: refuse, or make exactly one attempt that nothing will remember.

    A call with a key is refused in any case: its row may be there.
    """
    ports.telling.store_failed(forward.call, error)
    if ports.on_store_failure == "refuse" or (forward.claim is not None and forward.claim.key is not None):
        detail = f"the gateway cannot write its records ({error}); nothing was sent"
        problem = Problem(ProblemType.STORE_UNAVAILABLE, 503, detail, retry_after=5)
        return refused(forward, problem, ports)
    once = replace(forward, resend=Resend.NEVER, correlation=None, later=False)
    outcome = await delivered(once, ports)
    try:
        await ports.journal.close(once, outcome)
    except StoreUnavailable:
        ports.journal.note(outcome)  # kept in memory until the store is back
    return outcome


def refused(forward: Forward, problem: Problem, ports: Ports) -> Outcome:
    """A call that nothing is sent for, recorded."""
    refuse = Refuse(forward.call, OutcomeKind.REFUSED, problem, forward.policy)
    outcome = conclude_unsent(refuse, ended_at=ports.clock())
    ports.journal.note(outcome)
    return outcome


def may_pass(forward: Forward, delivery: Delivery) -> bool:
    """Whether the upstream could not take the call now, and has certainly not taken it."""
    match delivery:
        case Failed(kind=kind):
            return kind in _PASSING
        case Answered(succeeded=False, answer=answer):
            return answer.status in forward.retry.retryable_status_codes
        case _:
            return False


async def _queue(pending: Pending, failed: Outcome, seconds: float, ports: Ports) -> Outcome:
    """Let it wait in the outbox and accept it; where that is full, the caller hears that."""
    forward, now = pending.forward, ports.clock()
    waits = max(seconds, float(failed.problem.retry_after or 0) if failed.problem else 0.0)
    try:
        full = await ports.outbox.queue(forward, Wait(now + waits, forward.rank, failed.attempts), pending.epoch)
    except StoreUnavailable as error:
        ports.telling.store_failed(forward.call, error)
        ports.settler.settle_later(pending.not_later())
        return failed if failed.kind is not OutcomeKind.QUEUED else _outcome_of(failed, _store_down(error))
    if full is None:
        told = accepted(forward, ports.call_url, ended_at=now)
        return replace(told, attempts=failed.attempts, events=failed.events)
    outcome = _outcome_of(failed, _outbox_full(full))
    await _write_end(pending, outcome, ports)
    return outcome


async def _write_end(pending: Pending, outcome: Outcome, ports: Ports, *, told: bool = False) -> None:
    """Close or settle its row; a store that cannot take it is asked again in the background."""
    journal = ports.journal
    try:
        await (journal.settle if told else journal.close)(pending.forward, outcome, pending.epoch)
    except LostLease as error:
        ports.telling.store_failed(pending.forward.call, error)
    except StoreUnavailable as error:
        ports.telling.store_failed(pending.forward.call, error)
        ports.settler.write_later(pending, outcome)


async def _leave_open(doubtful: Pending, outcome: Outcome, ports: Ports) -> Outcome:
    """Nobody can say yet: what may be delivered later is accepted, of all else the caller is told so."""
    forward = doubtful.forward
    try:
        accepted_it = forward.later and outcome.fenced and await _parked(doubtful, ports)
        if not accepted_it:
            await ports.journal.close(forward, outcome, doubtful.epoch, doubtful.evidence, doubtful.absent_from)
    except StoreUnavailable as error:
        ports.telling.store_failed(forward.call, error)
        ports.settler.settle_later(doubtful.not_later(), outcome)
        return outcome
    if outcome.fenced:
        ports.settler.settle_later(doubtful if accepted_it else doubtful.not_later())
    if not accepted_it:
        return outcome
    told = accepted(forward, ports.call_url, ended_at=outcome.ended_at)
    return replace(told, attempts=outcome.attempts, events=outcome.events)


async def _parked(doubtful: Pending, ports: Ports) -> bool:
    """Whether there is room for one more that waits."""
    call_id = doubtful.forward.call.id
    return await ports.outbox.park(call_id, doubtful.epoch, doubtful.evidence, doubtful.absent_from) is None


def _outcome_of(failed: Outcome, problem: Problem) -> Outcome:
    kind = OutcomeKind.REFUSED if failed.kind is OutcomeKind.QUEUED else failed.kind
    return replace(failed, kind=kind, answer=None, problem=problem)


def _outbox_full(full: OutboxFull) -> Problem:
    detail = (
        f"the outbox is full ({full.rows:,} calls, {full.size:,} bytes wait): nothing was queued. Try again later, or "
        "raise outbox.max_calls and outbox.max_bytes"
    )
    return Problem(ProblemType.OUTBOX_FULL, 503, detail, retry_after=60)


def _store_down(error: StoreUnavailable) -> Problem:
    return Problem(ProblemType.STORE_UNAVAILABLE, 503, f"the gateway cannot write its records ({error})", retry_after=5)
