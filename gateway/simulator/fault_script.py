"""Faults written as JSON, for a process that cannot call the constructors."""

import inspect
import re
from collections.abc import Callable, Mapping

from gateway.simulator import faults, platform_faults
from gateway.simulator.faults import Fault, When
from gateway.simulator.messages import Kind
from gateway.simulator.plan import FaultPlan

_CONSTRUCTORS: Mapping[str, Callable[..., Fault]] = {
    maker.__name__: maker
    for maker in (
        faults.refused,
        faults.answered,
        faults.stored_then,
        faults.delayed,
        faults.hangs,
        faults.reset,
        faults.cut_body,
        faults.html_200,
        faults.redirected_to_login,
        faults.late_effect,
        platform_faults.servicenow_rate_limited,
        platform_faults.servicenow_semaphore,
        platform_faults.servicenow_session_full,
        platform_faults.servicenow_asleep,
        platform_faults.jira_rate_limited,
        platform_faults.jira_edge_rate_limited,
        platform_faults.jira_captcha,
        platform_faults.jira_login_failed_silently,
    )
}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "status": int,
    "headers": dict,
    "body": str,
    "seconds": (int, float),
    "stored": bool,
    "hangs": bool,
    "location": str,
    "reason": str,
    "retry_after": int,
    "limit": int,
    "after": (int, float),
    "times": int,
    "every": int,
    "probability": (int, float),
    "when": dict,
    "creates": bool,
    "searches": bool,
    "methods": list,
    "path": str,
    "kind": str,
}
_PLACING = frozenset({"kind", "when", "times", "every", "probability", "after"})


class ScriptError(ValueError):
    """A script that says something the simulator cannot do; the message says what."""


def apply_script(script: object, plan: FaultPlan) -> int:
    """Add what the script says, one fault or a list of them, all or none of it, and tell how many entries it had."""
    entries = script if isinstance(script, list) else [script]
    placements = [_placement(_checked(entry)) for entry in entries]
    for place in placements:
        place(plan)
    return len(placements)


def _placement(entry: Mapping[str, object]) -> Callable[[FaultPlan], None]:
    fault = _fault(entry)
    every, probability, times = _number(entry, "every", 0), _number(entry, "probability", 0), _number(entry, "times", 1)
    if every:
        return lambda plan: plan.every(int(every), fault)
    if probability:
        return lambda plan: plan.sometimes(probability, fault)
    return lambda plan: plan.add(*[fault] * int(times))


def _fault(entry: Mapping[str, object]) -> Fault:
    kind = entry.get("kind")
    if kind not in _CONSTRUCTORS:
        raise ScriptError(f"unknown fault kind {kind!r}; known: {', '.join(sorted(_CONSTRUCTORS))}")
    constructor = _CONSTRUCTORS[str(kind)]
    given = {name: value for name, value in entry.items() if name not in _PLACING}
    try:
        inspect.signature(constructor).bind(**given)
    except TypeError as error:
        raise ScriptError(f"{kind}: {error}") from error
    fault = constructor(**given).on(_when(entry.get("when", {})))
    return fault.after(_number(entry, "after", 0)) if "after" in entry else fault


def _when(given: object) -> When:
    entry = _checked(given)
    unknown = entry.keys() - {"creates", "searches", "methods", "path"}
    if unknown:
        raise ScriptError(f"when: unknown key {min(unknown)!r}")
    kind = Kind.CREATE if entry.get("creates") else Kind.SEARCH if entry.get("searches") else None
    path = str(entry.get("path", ""))
    try:
        re.compile(path)
    except re.error as error:
        raise ScriptError(f"when: path is no regular expression: {error}") from error
    methods = entry.get("methods", [])
    return When(kind, frozenset(map(str, methods)) if isinstance(methods, list) else frozenset(), path)


def _checked(entry: object) -> dict[str, object]:
    if not isinstance(entry, dict):
        raise ScriptError("a fault is a JSON object, or a list of them")
    for name, value in entry.items():
        expected = _TYPES.get(name)
        if expected is None:
            raise ScriptError(f"unknown key {name!r}")
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            raise ScriptError(f"{name}: {value!r} is not of the right type")
    return entry


def _number(entry: Mapping[str, object], name: str, default: float) -> float:
    value = entry.get(name, default)
    return value if isinstance(value, (int, float)) and value >= 0 else default
