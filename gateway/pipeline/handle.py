"""The one way every call goes. Start reading here."""

from dataclasses import replace

from gateway.domain.call import Call
from gateway.domain.delivery import Delivery
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, ProblemType
from gateway.pipeline.conclude import conclude, conclude_unsent
from gateway.pipeline.decide import decide
from gateway.pipeline.decision import Decision, Forward, Refuse, Resend
from gateway.pipeline.ports import Ports
from gateway.policy.rules import Rules


async def handle_call(call: Call, rules: Rules, ports: Ports) -> Outcome:
    """Decide, write it down, deliver, conclude, close; then the caller may be told."""
    decision = decide(call, rules, ports.platforms[call.platform], ports.new_id)
    outcome = await _follow(decision, ports)
    ports.telling.concluded(outcome)
    return outcome


async def _follow(decision: Decision, ports: Ports) -> Outcome:
    if not isinstance(decision, Forward):
        outcome = conclude_unsent(decision, ended_at=ports.clock())
    elif decision.call.is_ticket_call:
        return await _carry_out(decision, ports)
    else:
        outcome = await _deliver(decision, ports)
    ports.journal.note(outcome)
    return outcome


async def _carry_out(forward: Forward, ports: Ports) -> Outcome:
    """A ticket call: its row is on disk before the first byte leaves, and closed before the caller is told."""
    try:
        await ports.journal.open(forward)
    except StoreUnavailable as error:
        return await _without_journal(forward, error, ports)
    delivery = await ports.couriers[forward.call.upstream].deliver(forward)
    outcome = _concluded(forward, delivery, ports)
    try:
        await ports.journal.close(forward, outcome)
    except StoreUnavailable as error:
        ports.telling.store_failed(forward.call, error)  # the row stays open on disk: the next start settles it
    if outcome.kind is OutcomeKind.UNCONFIRMED and outcome.fenced:
        ports.settler.settle_later(forward, delivery)
    return outcome


async def _deliver(forward: Forward, ports: Ports) -> Outcome:
    return _concluded(forward, await ports.couriers[forward.call.upstream].deliver(forward), ports)


def _concluded(forward: Forward, delivery: Delivery, ports: Ports) -> Outcome:
    return conclude(forward, delivery, ports.platforms[forward.call.platform], ended_at=ports.clock())


async def _without_journal(forward: Forward, error: StoreUnavailable, ports: Ports) -> Outcome:
    """The store is down: refuse, or make exactly one attempt that nothing will remember."""
    ports.telling.store_failed(forward.call, error)
    if ports.on_store_failure == "refuse":
        detail = f"the gateway cannot write its records ({error}); nothing was sent"
        problem = Problem(ProblemType.STORE_UNAVAILABLE, 503, detail, retry_after=5)
        refuse = Refuse(forward.call, OutcomeKind.REFUSED, problem, forward.policy)
        outcome = conclude_unsent(refuse, ended_at=ports.clock())
        ports.journal.note(outcome)
        return outcome
    once = replace(forward, resend=Resend.NEVER, correlation=None)
    outcome = await _deliver(once, ports)
    try:
        await ports.journal.close(once, outcome)
    except StoreUnavailable:
        ports.journal.note(outcome)  # kept in memory until the store is back
    return outcome
