"""A call that never leaves: production's own decision about a request somebody typed, and the reasons for it."""

from dataclasses import replace
from http import HTTPStatus

from gateway.domain.call import Call, Fields, Headers, Json, Route
from gateway.domain.frozen import frozen
from gateway.domain.outcome import PolicyName
from gateway.domain.problem import Problem, ProblemType, RequestError, Violation
from gateway.pipeline import strict_json
from gateway.pipeline.bundle import NESTED, taken_apart
from gateway.pipeline.decide import decide
from gateway.pipeline.decision import Decision, Forward, Refuse, Rehearse
from gateway.pipeline.target import survey
from gateway.platforms.bundles import Part
from gateway.platforms.platform import Platform
from gateway.policy.policy import Policy
from gateway.policy.rules import Rules

STAND_IN_ID = "0" * 32
"""Stands where a served call has its random correlation value."""


@frozen
class Asked:
    """The request as it was typed."""

    upstream: str
    method: str
    target: str
    headers: Headers = ()
    body: bytes | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header; `name` in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@frozen
class Change:
    """One field of the ticket that would leave otherwise than it came; None stands for absent."""

    field: str
    before: Json
    after: Json


@frozen
class Candidate:
    """One policy, and why it does or does not cover the call."""

    policy: Policy
    covers: bool
    why: str


@frozen
class Rehearsed:
    """What would become of the call."""

    asked: Asked
    route: Route | None
    would: str
    candidates: tuple[Candidate, ...] = ()
    policy: PolicyName | None = None
    payload: bytes | None = None
    changes: tuple[Change, ...] = ()
    violations: tuple[Violation, ...] = ()
    problem: Problem | None = None

    @property
    def unread(self) -> bool:
        """Whether it was refused before any policy was asked: nobody can judge what cannot be read in one way."""
        return self.problem is not None and _comes_first(self.problem, self.policy)


def rehearse(asked: Asked, rules: Rules, platform: Platform) -> Rehearsed:
    """Decide as production does, and tell why."""
    try:
        route, _ = survey(asked.upstream, asked.method, asked.target, rules, platform)
    except RequestError as error:
        return Rehearsed(asked, None, "refuse", problem=error.problem)
    call = _call(asked, route, platform)
    try:
        bundle = taken_apart(call, rules, platform)
    except RequestError as error:
        return Rehearsed(asked, route, "refuse", problem=error.problem)
    if bundle is not None:
        return _of_parts(asked, route, [_rehearsed_part(part, asked, rules, platform) for part in bundle.parts])
    decision = decide(call, rules, platform, lambda: STAND_IN_ID)
    candidates = _candidates(call, rules, decision, platform)
    match decision:
        case Rehearse(payload=payload, violations=violations, would=would):
            changes = _changes(call, payload, platform)
            return Rehearsed(asked, route, would, candidates, decision.policy, payload, changes, violations)
        case Refuse(problem=problem):
            return Rehearsed(
                asked, route, "refuse", candidates, decision.policy, violations=problem.violations, problem=problem
            )
        case Forward(body=body):
            return Rehearsed(asked, route, "forward", candidates, decision.policy, body)


def _rehearsed_part(part: Part, asked: Asked, rules: Rules, platform: Platform) -> tuple[Part, Rehearsed]:
    """What would become of one request of several."""
    body = part.body if part.document is None else strict_json.write(part.document)
    single = Asked(asked.upstream, part.method, part.target, part.headers, body)
    fault = part.fault or (NESTED if platform.route(part.method, part.target).name in platform.bundle_routes else "")
    if fault:
        problem = Problem(ProblemType.MALFORMED_REQUEST, HTTPStatus.BAD_REQUEST, fault)
        return part, Rehearsed(single, None, "refuse", problem=problem)
    return part, rehearse(single, rules, platform)


def _of_parts(asked: Asked, route: Route, parts: list[tuple[Part, Rehearsed]]) -> Rehearsed:
    """Several requests in one: it goes on unless each of them is refused, and every field is told with its request."""
    goes = any(each.would == "forward" for _, each in parts)
    judged = next((each for _, each in parts if each.policy is not None), parts[0][1])
    changes = tuple(
        replace(change, field=f"{part.name}.{change.field}") for part, each in parts for change in each.changes
    )
    violations = tuple(
        replace(one, field=f"{part.name}.{one.field}") for part, each in parts for one in each.violations
    )
    return Rehearsed(
        asked,
        route,
        "forward" if goes else "refuse",
        judged.candidates,
        judged.policy,
        payload=asked.body if goes else None,
        changes=changes,
        violations=violations,
        problem=None if goes else parts[0][1].problem,
    )


def _call(asked: Asked, route: Route, platform: Platform) -> Call:
    return Call(
        id=STAND_IN_ID,
        upstream=asked.upstream,
        platform=platform.name,
        route=route,
        method=asked.method,
        target=asked.target,
        headers=asked.headers,
        body=asked.body,
        received_at=0.0,
        deadline=0.0,
        gateway_base="",
        job_id=asked.header("itsm-job-id"),
        template_name=asked.header("itsm-template"),
        dry_run=True,
    )


def _candidates(call: Call, rules: Rules, decision: Decision, platform: Platform) -> tuple[Candidate, ...]:
    """All policies of the platform, in the order they are tried."""
    on_route = rules.candidates(call.upstream, call.method, call.route.path)
    unread = isinstance(decision, Refuse) and _comes_first(decision.problem, decision.policy)
    told: list[Candidate] = []
    decided = False
    for policy in rules.policies:
        if policy.platform not in (None, platform.name):
            continue
        covers = policy.name == decision.policy
        if covers:
            why = "covers the call: the first whose match holds"
        elif policy in on_route:
            why = _why_not(decided=decided, unread=unread)
        else:
            why = _why_not_on_route(policy, call)
        told.append(Candidate(policy, covers, why))
        decided = decided or covers
    return tuple(told)


def _why_not_on_route(policy: Policy, call: Call) -> str:
    if policy.upstream and policy.upstream != call.upstream:
        return f"is for upstream {policy.upstream!r}"
    return f"its methods and path do not cover {call.method} {call.route.path}"


def _why_not(*, decided: bool, unread: bool) -> str:
    if decided:
        return "would cover the call, but an earlier one does"
    if unread:
        return "was not asked: the request is refused before"
    return "its conditions on fields do not hold for this body"


def _comes_first(problem: Problem, policy: PolicyName | None) -> bool:
    """Whether a refusal needed no policy: only that of an uncovered call comes after all of them were asked."""
    return policy is None and problem.type is not ProblemType.NOT_COVERED


def _changes(call: Call, payload: bytes, platform: Platform) -> tuple[Change, ...]:
    """The fields that differ; a template's ticket is new as a whole and is not compared."""
    if payload == (call.body or b"") or call.template_name is not None:
        return ()
    return changes_between(fields_in(call.route, call.body or b"", platform), fields_in(call.route, payload, platform))


def changes_between(before: Fields, after: Fields) -> tuple[Change, ...]:
    """The fields that differ, those that are there in the end first."""
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def fields_in(route: Route, body: bytes, platform: Platform) -> Fields:
    """The ticket's fields in a body; none in one that cannot be read."""
    try:
        return platform.fields_of(route, strict_json.parse(body)) or {}
    except RequestError:
        return {}
