"""A call that holds several requests: each is a call of its own, with its own policy, fence, record and answer.

They are sent one after the other, in the order of the bundle, as the platform would have executed them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from gateway.domain.call import Call, Headers, Json, Operation
from gateway.domain.delivery import Event
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome, OutcomeKind, Rehearsal
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.domain.verdict import Answer
from gateway.pipeline import strict_json
from gateway.pipeline.ports import Ports
from gateway.pipeline.reading import require_plain_json
from gateway.pipeline.respond import respond, respond_problem
from gateway.pipeline.target import survey
from gateway.platforms.bundles import Part, Served
from gateway.platforms.platform import Platform
from gateway.policy.policy import Mode, Policy, Unmatched
from gateway.policy.rules import Rules

Handle = Callable[[Call], Awaitable[Outcome]]

NESTED: Final = "a batch inside a batch is not passed on; send its requests in one"

_LENT: Final = frozenset(
    {"authorization", "cookie", "x-sn-apikey", "x-usertoken", "user-agent", "accept-language", "traceparent"}
)
"""What a bundle says once for all its parts: who calls, and for whom."""


@frozen
class Bundle:
    """A call taken apart; `document` is its own body."""

    call: Call
    document: Json
    parts: tuple[Part, ...]


def may_hold_parts(call: Call, rules: Rules, platform: Platform) -> bool:
    """Whether the call's body has to be looked into: it may hold requests that somebody here judges."""
    if call.route.name not in platform.bundle_routes or call.template_name is not None:
        return False
    return _is_strict(call, rules) or any(policy.mode is not Mode.OFF for policy in _policies(call, rules))


def taken_apart(call: Call, rules: Rules, platform: Platform) -> Bundle | None:
    """The call's parts, where one of them is judged here; None where it goes as it is.

    Raises RequestError for what cannot be read in one way only: a policy might be bypassed in it.
    """
    if not may_hold_parts(call, rules, platform) or not call.body:
        return None
    require_plain_json(call)
    document = strict_json.parse(call.body)
    parts = platform.parts(call.route, call.target, document)
    if parts is None:
        return None
    local = tuple(replace(part, target=_local(part.target, call.gateway_base)) for part in parts)
    if local == parts and not any(_is_judged(part, call, rules, platform) for part in parts):
        return None
    return Bundle(call, document, local)


async def carry_parts(bundle: Bundle, rules: Rules, ports: Ports, handle: Handle) -> Outcome:
    """Every part's own way, then their answers as the platform gathers them; what time does not allow for is left."""
    served: list[Served] = []
    outcomes: list[tuple[Part, Outcome]] = []
    for number, part in enumerate(bundle.parts, 1):
        if ports.flights.is_late(bundle.call.deadline):
            served.append(Served(part))
            continue
        begun = ports.clock()
        answer, outcome = await _answered(_Place(bundle, part, number), rules, ports, handle)
        served.append(Served(part, answer, max(ports.clock() - begun, 0.0)))
        outcomes += [(part, outcome)] if outcome is not None else []
    answer = ports.platforms[bundle.call.platform].gathered(bundle.call.route, bundle.document, served)
    return _rehearsed(bundle, outcomes, ports) if bundle.call.dry_run else _whole(bundle, answer, outcomes, ports)


@frozen
class _Place:
    """A part in its bundle, counted from 1: its call bears the bundle's id with that number, whenever it comes."""

    bundle: Bundle
    part: Part
    number: int


async def _answered(place: _Place, rules: Rules, ports: Ports, handle: Handle) -> tuple[Answer, Outcome | None]:
    """One part's answer, its links leading back here; without an outcome where it could not be read."""
    part, whole, platform = place.part, place.bundle.call, ports.platforms[place.bundle.call.platform]
    try:
        call = _call_of(place, rules, platform, ports.clock())
    except RequestError as error:
        reply = respond_problem(error.problem, platform, whole.id, _accept(part))
        return _with(reply.answer, reply.headers), None
    outcome = await handle(call)
    reply = respond(outcome, platform)
    answer = reply.answer if reply.ours else ports.led_back(call, reply.answer)
    return _with(answer, reply.headers), outcome


def _call_of(place: _Place, rules: Rules, platform: Platform, at: float) -> Call:
    """The part as a call of its own; raises RequestError where it cannot be read."""
    part, whole = place.part, place.bundle.call
    if part.fault:
        raise _refused(part.fault)
    route, _ = survey(whole.upstream, part.method, part.target, rules, platform)
    if route.name in platform.bundle_routes:
        raise _refused(NESTED)
    key, repeats = whole.idempotency_key, whole.repeats
    return replace(
        whole,
        id=f"{whole.id}-{place.number}",
        route=route,
        method=part.method,
        target=part.target,
        headers=_headers(part, whole),
        body=part.body if part.document is None else strict_json.write(part.document),
        received_at=at,
        idempotency_key=f"{key}/{part.name}" if key is not None else None,
        repeats=f"{repeats}-{place.number}" if repeats is not None else None,
    )


def _headers(part: Part, whole: Call) -> Headers:
    own = {name.lower() for name, _ in part.headers}
    lent = (pair for pair in whole.headers if pair[0].lower() in _LENT and pair[0].lower() not in own)
    return (*part.headers, *lent)


def _accept(part: Part) -> str:
    return next((value for name, value in part.headers if name.lower() == "accept"), "")


def _whole(bundle: Bundle, answer: Answer, outcomes: list[tuple[Part, Outcome]], ports: Ports) -> Outcome:
    """The bundle made no ticket: its parts did, and are counted; its own record names them."""
    told = tuple(
        Event(outcome.ended_at, f"request {part.name[:60]}: call {outcome.call.id}, {outcome.kind}")
        for part, outcome in outcomes
    )
    return Outcome(_as_other(bundle.call), OutcomeKind.FORWARDED, ports.clock(), answer=answer, events=told)


def _rehearsed(bundle: Bundle, outcomes: list[tuple[Part, Outcome]], ports: Ports) -> Outcome:
    violations = tuple(
        replace(violation, field=f"{part.name}.{violation.field}")
        for part, outcome in outcomes
        for violation in outcome.violations
    )
    goes = any(outcome.rehearsal is not None and outcome.rehearsal.would == "forward" for _, outcome in outcomes)
    rehearsal = Rehearsal(bundle.call.body or b"", "forward" if goes else "refuse")
    return Outcome(
        _as_other(bundle.call), OutcomeKind.DRY_RUN, ports.clock(), rehearsal=rehearsal, violations=violations
    )


def _as_other(call: Call) -> Call:
    return replace(call, route=replace(call.route, operation=Operation.OTHER))


def _is_judged(part: Part, call: Call, rules: Rules, platform: Platform) -> bool:
    """Whether it must not go unread: a policy covers it, what none covers is refused, or it can be read two ways."""
    if part.fault or _is_strict(call, rules):
        return True
    try:
        route, policies = survey(call.upstream, part.method, part.target, rules, platform)
    except RequestError:
        return True
    return route.name in platform.bundle_routes or any(policy.mode is not Mode.OFF for policy in policies)


def _policies(call: Call, rules: Rules) -> tuple[Policy, ...]:
    return tuple(
        policy
        for policy in rules.policies
        if (policy.upstream == call.upstream if policy.upstream else policy.platform is call.platform)
    )


def _is_strict(call: Call, rules: Rules) -> bool:
    return rules.upstreams[call.upstream].unmatched is not Unmatched.FORWARD


def _local(target: str, gateway_base: str) -> str:
    """The target below the upstream: clients that dial a prefix, or build whole URLs, put that into a part, too."""
    for base in (gateway_base, urlsplit(gateway_base).path):
        if base and target.startswith(f"{base}/"):
            return target.removeprefix(base)
    return target


def _with(answer: Answer, headers: Headers) -> Answer:
    theirs = tuple(pair for pair in answer.headers if not pair[0].lower().startswith("itsm-"))
    return replace(answer, headers=theirs + headers)


def _refused(detail: str) -> RequestError:
    return RequestError(Problem(ProblemType.MALFORMED_REQUEST, HTTPStatus.BAD_REQUEST, detail))
