"""The one way every call goes. Start reading here."""

from collections.abc import Awaitable
from typing import Final

from gateway.domain.call import Call
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import RequestError
from gateway.pipeline.bundle import Bundle, carry_parts, taken_apart
from gateway.pipeline.carry import carry_out, delivered
from gateway.pipeline.conclude import conclude_unsent
from gateway.pipeline.decision import Decision, Forward, Refuse, Rehearse
from gateway.pipeline.ports import Caller, Ports
from gateway.pipeline.repeat import carry_out_once
from gateway.policy.rules import Rules


class Patient:
    """A caller that waits however long it takes."""

    left: Final = False


PATIENT = Patient()


async def handle_call(call: Call, rules: Rules, ports: Ports, caller: Caller = PATIENT) -> Outcome:
    """Decide, write it down, deliver, conclude, close; then the caller may be told."""
    ports.books.received(call)
    try:
        decision = _decided(call, rules, ports)
        if isinstance(decision, Bundle):
            outcome = await _in_parts(decision, rules, ports, caller)
        else:
            outcome = await _follow(decision, ports, caller)
        ports.telling.concluded(outcome)
        return outcome
    finally:
        ports.books.left(call)


def _decided(call: Call, rules: Rules, ports: Ports) -> Decision | Bundle:
    platform = ports.platforms[call.platform]
    several = _bundle(call, rules, ports) if call.route.name in platform.bundle_routes else None
    return several or ports.decide(call, rules, platform, ports.new_id)


def _bundle(call: Call, rules: Rules, ports: Ports) -> Bundle | Refuse | None:
    """Several requests in one, unless a policy refuses the whole before its parts are judged; None for a single one."""
    platform = ports.platforms[call.platform]
    try:
        bundle = taken_apart(call, rules, platform)
    except RequestError as error:
        return Refuse(call, OutcomeKind.REFUSED, error.problem)
    if bundle is not None and rules.candidates(call.upstream, call.method, call.route.path):
        decision = ports.decide(call, rules, platform, ports.new_id)
        return decision if isinstance(decision, Refuse) else bundle
    return bundle


async def _in_parts(bundle: Bundle, rules: Rules, ports: Ports, caller: Caller) -> Outcome:
    """Each part goes the way of a call by itself."""
    outcome = await carry_parts(bundle, rules, ports, lambda part: handle_call(part, rules, ports, caller))
    ports.journal.note(outcome)
    return outcome


def _follow(decision: Decision, ports: Ports, caller: Caller) -> Awaitable[Outcome]:
    if not isinstance(decision, Forward):
        return _unsent(decision, ports)
    if decision.claim is not None:
        return carry_out_once(decision, decision.claim, ports, caller)
    return carry_out(decision, ports) if decision.call.is_ticket_call else _passed_on(decision, ports)


async def _unsent(decision: Refuse | Rehearse, ports: Ports) -> Outcome:
    outcome = conclude_unsent(decision, ended_at=ports.clock())
    ports.journal.note(outcome)
    return outcome


async def _passed_on(forward: Forward, ports: Ports) -> Outcome:
    outcome = await delivered(forward, ports)
    ports.journal.note(outcome)
    return outcome
