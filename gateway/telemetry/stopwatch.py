"""Times the stages of a decision, for those who trace calls; who does not never meets it."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from gateway.domain.call import Call, Fields
from gateway.domain.frozen import frozen
from gateway.domain.problem import Violation
from gateway.pipeline.decide import decide
from gateway.pipeline.decision import Decision
from gateway.pipeline.given import NewId
from gateway.platforms.platform import Platform
from gateway.policy.policy import Policy, Validator
from gateway.policy.rules import Rules
from gateway.telemetry.spans import Lap


@dataclass(slots=True)
class _Sheet:
    call_id: str
    laps: list[Lap] = field(default_factory=list)


_sheet: ContextVar[_Sheet | None] = ContextVar("laps", default=None)
"""That of the call which the running task decides on; a connection's next call begins another."""


def timed_decide(call: Call, rules: Rules, platform: Platform, new_id: NewId) -> Decision:
    """`decide`, its time taken."""
    sheet = _Sheet(call.id)
    _sheet.set(sheet)
    began_at = time.time()
    decision = decide(call, rules, platform, new_id)
    sheet.laps.insert(0, Lap("policy", began_at, time.time()))
    return decision


def laps_of(call: Call) -> tuple[Lap, ...]:
    """What was timed of a call in this task."""
    sheet = _sheet.get()
    return tuple(sheet.laps) if sheet is not None and sheet.call_id == call.id else ()


@dataclass(slots=True)
class TimedRules:
    """The rules in force, their validators timed; each snapshot is wrapped once."""

    current: Callable[[], Rules]
    _source: Rules | None = None
    _timed: Rules | None = None

    def __call__(self) -> Rules:
        """The snapshot as it is now."""
        source = self.current()
        if self._timed is None or source is not self._source:
            self._source, self._timed = source, replace(source, policies=tuple(map(_timed, source.policies)))
        return self._timed


@frozen
class _TimedValidator:
    validator: Validator

    @property
    def field_names(self) -> frozenset[str]:
        """Those of the validator itself."""
        return self.validator.field_names

    def __call__(self, fields: Fields, *, display_values: bool = False) -> tuple[Violation, ...]:
        """Every violation at once."""
        began_at = time.time()
        violations = self.validator(fields, display_values=display_values)
        if sheet := _sheet.get():
            sheet.laps.append(Lap("validate", began_at, time.time()))
        return violations


def _timed(policy: Policy) -> Policy:
    return replace(
        policy,
        schema=_TimedValidator(policy.schema) if policy.schema else None,
        warn_schema=_TimedValidator(policy.warn_schema) if policy.warn_schema else None,
    )
