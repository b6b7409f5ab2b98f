"""The one way every call goes. Start reading here."""

from gateway.domain.call import Call
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import RequestError
from gateway.pipeline.bundle import Bundle, carry_parts, may_hold_parts, taken_apart
from gateway.pipeline.carry import carry_out, delivered
from gateway.pipeline.conclude import conclude_unsent
from gateway.pipeline.decision import Decision, Forward, Refuse
from gateway.pipeline.ports import Caller, Ports
from gateway.pipeline.repeat import carry_out_once
from gateway.policy.rules import Rules


class Patient:
    """A caller that waits however long it takes."""

    def has_left(self) -> bool:
        """It does not."""
        return False


PATIENT = Patient()


async def handle_call(call: Call, rules: Rules, ports: Ports, caller: Caller = PATIENT) -> Outcome:
    """Decide, write it down, deliver, conclude, close; then the caller may be told."""
    ports.books.received(call)
    try:
        outcome = await _outcome(call, rules, ports, caller)
        ports.telling.concluded(outcome)
        return outcome
    finally:
        ports.books.left(call)


async def _outcome(call: Call, rules: Rules, ports: Ports, caller: Caller) -> Outcome:
    """Of one request, or of several in one: each of those goes this way by itself."""
    bundle = _bundle(call, rules, ports)
    if isinstance(bundle, Bundle) and (refused := _refused_whole(call, rules, ports)):
        return await _follow(refused, ports, caller)
    if isinstance(bundle, Bundle):
        outcome = await carry_parts(bundle, rules, ports, lambda part: handle_call(part, rules, ports, caller))
        ports.journal.note(outcome)
        return outcome
    decision = bundle or ports.decide(call, rules, ports.platforms[call.platform], ports.new_id)
    return await _follow(decision, ports, caller)


def _bundle(call: Call, rules: Rules, ports: Ports) -> Bundle | Refuse | None:
    platform = ports.platforms[call.platform]
    if not may_hold_parts(call, rules, platform):
        return None
    try:
        return taken_apart(call, rules, platform)
    except RequestError as error:
        return Refuse(call, OutcomeKind.REFUSED, error.problem)


def _refused_whole(call: Call, rules: Rules, ports: Ports) -> Refuse | None:
    """A policy may judge a bundle as such before its parts are."""
    if not rules.candidates(call.upstream, call.method, call.route.path):
        return None
    decision = ports.decide(call, rules, ports.platforms[call.platform], ports.new_id)
    return decision if isinstance(decision, Refuse) else None


async def _follow(decision: Decision, ports: Ports, caller: Caller) -> Outcome:
    if not isinstance(decision, Forward):
        outcome = conclude_unsent(decision, ended_at=ports.clock())
    elif decision.claim is not None:
        return await carry_out_once(decision, decision.claim, ports, caller)
    elif decision.call.is_ticket_call:
        return await carry_out(decision, ports)
    else:
        outcome = await delivered(decision, ports)
    ports.journal.note(outcome)
    return outcome
