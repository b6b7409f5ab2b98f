"""Protection of one upstream: asked before every exchange, told of every end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from gateway.domain.call import Operation, PlatformName
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Ambiguous, Answer, Deceptive, Verdict
from gateway.upstream.protection.ask import Admitted, Ask, Asker, Held, HeldReason
from gateway.upstream.protection.breaker import Breaker, BreakerState
from gateway.upstream.protection.budget import RetryBudget
from gateway.upstream.protection.gates import ClosedGate, Gates
from gateway.upstream.protection.rate_headers import RateHeaders, allowance, overrun, rate_headers
from gateway.upstream.protection.tally import Tally
from gateway.upstream.protection.turnstile import Turnstile

_RATE_LIMITED: Final = 429
_FIRST_FAILURE: Final = 500
_FAILURES: Final = (Ambiguous, Deceptive)


@frozen
class Standing:
    """How an upstream is protected at the moment; `width` is how many calls may run at once, None for any number."""

    breakers: Mapping[Operation, BreakerState]
    closed_gates: tuple[ClosedGate, ...]
    retries_left: int
    width: int | None


def _tell_nobody(_operation: Operation, _state: BreakerState) -> None:
    return


@dataclass(slots=True)
class Protection:
    """One per upstream. `now` is monotonic seconds, `wall` Unix seconds.

    An admitted call waits its `wait`, enters the `turnstile`, makes its exchange, and tells its end exactly once:
    `answered`, `broke` or `withdrawn`. Without `breaks` no failures open a circuit. `told` hears how each circuit
    changes.
    """

    platform: PlatformName
    breaks: bool = True
    budget: RetryBudget = field(default_factory=RetryBudget)
    turnstile: Turnstile = field(default_factory=Turnstile)
    gates: Gates = field(default_factory=Gates)
    told: Callable[[Operation, BreakerState], None] = _tell_nobody
    _breakers: dict[Operation, Breaker] = field(init=False)
    _tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        """Each operation has a circuit of its own."""
        told = self.told if self.breaks else _tell_nobody
        self._breakers = {each: Breaker(partial(told, each)) for each in Operation}

    def admit(self, asker: Asker, now: float, *, retry: bool = False) -> Admitted | Held:
        """Whether a call may go now; one that is held has taken nothing and may ask again.

        A retry has waited out its backoff and whatever time the platform named: no gate holds it longer.
        """
        breaker = self._breakers[asker.operation]
        closed = breaker.state is BreakerState.CLOSED
        if not closed and self.breaks and (seconds := breaker.held(now)) > 0:
            return Held(seconds, HeldReason.CIRCUIT)
        wait = 0.0
        if not retry:
            if self.gates.known:
                ask = asker.ask()
                if (held := self.gates.held(ask, now)) is not None:
                    return held
                wait = self.gates.reserve(ask, now)
            self.budget.earn()
        return Admitted(asker, wait, 0 if closed else breaker.enter(now), retry)

    def may_retry(self, now: float) -> bool:
        """Take one retry from the budget, before its backoff begins; `admit` it with `retry=True` afterwards."""
        return self.budget.take(now)

    def answered(self, admitted: Admitted, answer: Answer, verdict: Verdict, now: float, wall: float) -> None:
        """A whole answer came, or the head of one that is streamed past."""
        if admitted.retry:
            self.budget.end()
        failed = answer.status >= _FIRST_FAILURE or isinstance(verdict, _FAILURES)
        self._breakers[admitted.asker.operation].ended(now, probe=admitted.probe, failed=failed)
        if answer.status == _RATE_LIMITED:
            self._slow_down(admitted.asker.ask(), answer, now, wall)
            return
        if headers := rate_headers(answer.headers):
            self._learn(admitted.asker.ask(), headers, now, wall)
        if not failed:
            self.turnstile.widen()

    def broke(self, admitted: Admitted, now: float, *, connect: bool) -> None:
        """No whole answer came; `connect` where no connection came about."""
        if admitted.retry:
            self.budget.end()
        self._breakers[admitted.asker.operation].ended(now, probe=admitted.probe, failed=True, connect=connect)

    def withdrawn(self, admitted: Admitted) -> None:
        """The call ended for a reason that is not the upstream's: its caller went away, its own time was up."""
        if admitted.retry:
            self.budget.end()
        self._breakers[admitted.asker.operation].withdrawn(probe=admitted.probe)

    def standing(self, now: float) -> Standing:
        """For metrics and `/healthz`."""
        width = self.turnstile.width
        return Standing(
            {operation: breaker.state for operation, breaker in self._breakers.items()},
            tuple(self.gates.closed(now)),
            self.budget.left,
            None if width == float("inf") else int(width),
        )

    def _slow_down(self, ask: Ask, answer: Answer, now: float, wall: float) -> None:
        met = overrun(self.platform, answer, wall)
        if self.gates.close(ask, met, now) and met.limit is HeldReason.SEMAPHORE:
            self.turnstile.narrow()

    def _learn(self, ask: Ask, headers: RateHeaders, now: float, wall: float) -> None:
        """Pace what follows by what the answer's headers say is left."""
        counted = self.platform is PlatformName.SERVICENOW
        left = self._tally.count(ask.login, headers, wall) if counted else allowance(headers, wall)
        if left is not None:
            self.gates.pace(ask, left, now)
