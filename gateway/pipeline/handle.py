"""The one way every call goes. Start reading here."""

from gateway.domain.call import Call
from gateway.domain.outcome import Outcome
from gateway.pipeline.carry import carry_out, delivered
from gateway.pipeline.conclude import conclude_unsent
from gateway.pipeline.decision import Decision, Forward
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
        decision = ports.decide(call, rules, ports.platforms[call.platform], ports.new_id)
        outcome = await _follow(decision, ports, caller)
        ports.telling.concluded(outcome)
        return outcome
    finally:
        ports.books.left(call)


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
