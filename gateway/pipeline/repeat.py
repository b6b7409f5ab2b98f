"""A create that may have come before: it joins the first, takes it over, or gets its answer; only a new one is sent."""

from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus

from gateway.domain.call import Call
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Evidence
from gateway.pipeline.carry import end, refused, send, without_journal
from gateway.pipeline.claim import Claim
from gateway.pipeline.conclude import accepted, replayed
from gateway.pipeline.decision import Forward
from gateway.pipeline.earlier import Earlier, Opened, Opening, Pending, Standing
from gateway.pipeline.ports import Caller, Flight, Ports

STILL_RUNNING_SECONDS = 5


async def carry_out_once(forward: Forward, claim: Claim, ports: Ports, caller: Caller) -> Outcome:
    """The whole way of a create that is recognised when it comes again."""
    while True:
        flight = ports.flights.find(claim, caller)
        if flight is not None:
            outcome = await _joined(flight, forward, ports, caller)
        else:
            outcome = await _flown(forward, claim, ports, caller)
        if outcome is not None:
            return outcome
        if ports.flights.is_late(forward.call.deadline):
            return _still_running(forward, ports)


async def _joined(flight: Flight, forward: Forward, ports: Ports, caller: Caller) -> Outcome | None:
    """The answer of the create that is on its way; None where it brought none that this caller could have."""
    claim = forward.claim
    if claim is None or flight.claim.fingerprint != claim.fingerprint:
        return _key_reused(forward, ports)
    if claim.key is not None:
        return await _landed(flight, forward, ports)
    try:
        return await _handed_on(flight, forward, ports, caller)
    finally:
        ports.flights.leave(flight, caller)


async def _landed(flight: Flight, forward: Forward, ports: Ports) -> Outcome | None:
    """What the flight brought to all who joined it; None where it brought nothing, and there is time to go on."""
    first = await ports.flights.landing(flight, forward.call.deadline)
    if first is None:
        return _still_running(forward, ports) if ports.flights.is_late(forward.call.deadline) else None
    if _is_put_off(first):
        return _still_running(forward, ports)
    return None if first.kind is OutcomeKind.UNCONFIRMED else await _told_again(forward, first, ports)


async def _handed_on(flight: Flight, forward: Forward, ports: Ports, caller: Caller) -> Outcome | None:
    """An abandoned create's answer is this caller's alone, and the next one's where this one hangs up, too."""
    outcome = await _landed(flight, forward, ports)
    if flight.caller is caller:
        if outcome is None or caller.left or _is_put_off(outcome):
            await _abandon(flight, ports)  # where nothing came of it, this caller goes on with the row as anybody might
        elif flight.abandoned:
            await _keep(flight, ports)
    return outcome or (None if flight.caller is caller else _still_running(forward, ports))


async def _flown(forward: Forward, claim: Claim, ports: Ports, caller: Caller) -> Outcome | None:
    """Open a row for it, or go on with the row that is there; None where that has just become free."""
    flight, outcome = ports.flights.begin(claim, forward.call.id, caller), None
    try:
        opening = await _open(forward, claim, ports)
        if isinstance(opening, Opened):
            outcome = await send(Pending(forward, opening.epoch, None, None), ports)
        elif opening is not None:
            outcome = await _found(opening, flight, forward, ports)
        if outcome is not None and claim.key is None and (flight.caller.left or _is_put_off(outcome)):
            await _abandon(flight, ports)
    except StoreUnavailable as error:
        return await without_journal(forward, error, ports)
    finally:
        ports.flights.land(flight, outcome)
    return outcome


async def _found(earlier: Earlier, flight: Flight, forward: Forward, ports: Ports) -> Outcome | None:
    """Go by the row of the create that this one repeats; what becomes of that may have been sent already."""
    flight.call_id = earlier.call_id
    try:
        return await _after(earlier, forward, flight.claim, ports)
    except StoreUnavailable as error:
        ports.telling.store_failed(forward.call, error)
        return _still_running(forward, ports)


async def _open(forward: Forward, claim: Claim, ports: Ports) -> Opening | None:
    """The row of the call that the client names as the first, else a row of its own or its equal's."""
    call_id = forward.call.repeats
    if call_id is not None and (there := await ports.journal.look(call_id)) is not None:
        return there if there.fingerprint != claim.fingerprint else await ports.journal.join(call_id)
    return await ports.journal.open(forward, claim, forward.join_seconds)


async def _after(earlier: Earlier, forward: Forward, claim: Claim, ports: Ports) -> Outcome | None:
    """What this caller is told of an earlier create; None where that left no ticket, so that this one is new."""
    if earlier.fingerprint != claim.fingerprint:
        return _key_reused(forward, ports)
    match earlier.standing:
        case Standing.FINISHED:
            return await _replay(earlier, forward, ports)
        case Standing.OPEN if earlier.pending is not None:
            return await _take_over(earlier.pending, forward, ports)
        case Standing.OPEN:
            return _still_running(forward, ports)
        case Standing.QUEUED if forward.call.respond_async:
            first = replace(forward, call=replace(forward.call, id=earlier.call_id))
            outcome = replace(accepted(first, ports.call_url, ended_at=ports.clock()), call=forward.call)
            return _noted(replace(outcome, kind=OutcomeKind.REPLAYED), ports)
        case Standing.IN_FLIGHT | Standing.QUEUED:
            return await _wait(earlier, forward, claim, ports)


async def _wait(earlier: Earlier, forward: Forward, claim: Claim, ports: Ports) -> Outcome | None:
    """Join what another process is at work on, or what waits for its upstream."""
    now = await ports.flights.elsewhere(earlier.call_id, forward.call.deadline)
    if now is None:
        return None
    if now.standing is Standing.FINISHED:
        return await _after(now, forward, claim, ports)
    return None if now.standing is Standing.OPEN else _still_running(forward, ports)


async def _replay(earlier: Earlier, forward: Forward, ports: Ports) -> Outcome:
    """The first answer again; where it was not kept, the ticket is looked up."""
    first = Outcome(
        forward.call,
        OutcomeKind.REPLAYED,
        ports.clock(),
        forward.policy,
        answer=earlier.answer,
        ticket=earlier.ticket,
        fenced=forward.fenced,
    )
    if earlier.answer is None:
        found = await _looked_up(earlier, forward, ports)
        if found is None:
            return _still_running(forward, ports)
        first = found
    return await _told_again(forward, first, ports)


async def _looked_up(earlier: Earlier, forward: Forward, ports: Ports) -> Outcome | None:
    """The answer of a create whose ticket exists, and whose process died before it was read."""
    if earlier.pending is None:
        return None
    lent = replace(earlier.pending.forward, call=_lent(earlier.pending.forward.call, forward.call))
    asked = replace(earlier.pending, forward=lent, evidence=Evidence.OVER, absent_from=0.0)
    delivery = await ports.couriers[forward.call.upstream].settle(asked, forward.call.deadline)
    if delivery is None:
        return None
    outcome = replayed(lent, delivery, ports.platforms[forward.call.platform], ended_at=ports.clock())
    return outcome if outcome.ticket is not None else None


async def _take_over(pending: Pending, forward: Forward, ports: Ports) -> Outcome:
    """Go on with an abandoned create, with this caller's login and deadline; its ticket is this caller's answer."""
    call = forward.call
    taken = replace(pending, forward=replace(pending.forward, call=_lent(pending.forward.call, call)))
    try:
        delivery = await ports.couriers[call.upstream].resume(taken)
    except StoreUnavailable as error:
        ports.settler.settle_later(taken)
        ports.telling.store_failed(call, error)
        return _still_running(forward, ports)
    outcome = await end(taken, delivery, ports, told=True)
    if outcome.kind not in (OutcomeKind.UNCONFIRMED, OutcomeKind.QUEUED):
        ports.telling.settled(replace(outcome, attempts=()))
    kind = OutcomeKind.REPLAYED if outcome.ticket is not None else outcome.kind
    return _noted(replace(outcome, call=call, kind=kind), ports)


def _lent(first: Call, taker: Call) -> Call:
    """The first call, as it goes on in its taker's name."""
    return replace(
        first,
        headers=taker.headers,
        deadline=taker.deadline,
        gateway_base=taker.gateway_base,
        peer=taker.peer,
        respond_async=taker.respond_async,
    )


async def _told_again(forward: Forward, first: Outcome, ports: Ports) -> Outcome:
    """Another's answer, where this caller may see it."""
    outcome = replace(first, call=forward.call, kind=OutcomeKind.REPLAYED, attempts=(), ended_at=ports.clock())
    if first.ticket is not None:
        refusal = await ports.couriers[forward.call.upstream].may_see(forward, first.ticket)
        if refusal is not None:
            kind = OutcomeKind.REJECTED if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR else OutcomeKind.REFUSED
            outcome = replace(outcome, kind=kind, answer=refusal, ticket=None)
    return _noted(outcome, ports)


async def _abandon(flight: Flight, ports: Ports) -> None:
    """An equal create may have the answer that this caller did not get."""
    flight.abandoned = True
    try:
        await ports.journal.abandon(flight.call_id)
    except StoreUnavailable:
        flight.abandoned = False  # whoever writes to the store on a call's way tells that it is down


async def _keep(flight: Flight, ports: Ports) -> None:
    """It has found its reader: no further equal create may have the row, here or in another process."""
    with suppress(StoreUnavailable):  # whoever writes to the store on a call's way tells that it is down
        await ports.journal.reclaim(flight.call_id)


def _is_put_off(outcome: Outcome) -> bool:
    """Whether the caller was told to come again: it gave its place up, and will find the row open to it."""
    waits = outcome.problem is not None and outcome.problem.type is ProblemType.STILL_RUNNING
    return outcome.ticket is None and (waits or outcome.kind is OutcomeKind.REFUSED)


def _noted(outcome: Outcome, ports: Ports) -> Outcome:
    ports.journal.note(outcome)
    return outcome


def _key_reused(forward: Forward, ports: Ports) -> Outcome:
    detail = (
        "this Idempotency-Key came before with another body, and its ticket may exist: nothing was sent. Give every "
        "ticket a key of its own, and send the same body when you ask again"
    )
    return refused(forward, Problem(ProblemType.KEY_REUSED, 422, detail), ports)


def _still_running(forward: Forward, ports: Ports) -> Outcome:
    detail = (
        "the call that this one repeats is not settled yet; nothing was sent again. Ask once more to get its answer"
    )
    problem = Problem(ProblemType.STILL_RUNNING, 503, detail, retry_after=STILL_RUNNING_SECONDS)
    return refused(forward, problem, ports)
