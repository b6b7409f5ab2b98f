"""Today's rules over calls of the past: what they would newly refuse, warn of, or change. Nothing is sent."""

from dataclasses import replace

from gateway.domain.call import Call, Headers
from gateway.domain.frozen import frozen
from gateway.domain.outcome import PolicyName
from gateway.domain.problem import RequestError, Violation
from gateway.pipeline import strict_json
from gateway.pipeline.decide import decide
from gateway.pipeline.decision import Forward, Refuse, Rehearse
from gateway.pipeline.rehearse import STAND_IN_ID, Change, changes_between, fields_in
from gateway.pipeline.stored import Stored, plain_document
from gateway.pipeline.target import survey
from gateway.platforms.platform import Platform
from gateway.policy.rules import Rules


@frozen
class Recorded:
    """A call that was let through, and the rules that it broke then: each field with its code."""

    stored: Stored
    broke: frozenset[tuple[str, str]] = frozenset()


@frozen
class Difference:
    """How today's rules would treat a call otherwise; of its `violations` it had none then.

    `policy` covers it today, `before` did then; None stands for no policy.
    """

    call_id: str
    received_at: float
    before: str | None
    policy: str | None
    refused: bool
    violations: tuple[Violation, ...] = ()
    changes: tuple[Change, ...] = ()
    reason: str = ""

    @property
    def warned(self) -> bool:
        """It would pass, with a warning that it did not have."""
        return bool(self.violations) and not self.refused


def backtest(recorded: Recorded, rules: Rules, platform: Platform) -> Difference | None:
    """None where today's rules would let it through just as it left then."""
    stored = recorded.stored
    try:
        call = _again(stored, rules, platform)
    except RequestError as error:
        return _difference(recorded, None, refused=True, reason=error.problem.detail)
    match decide(call, rules, platform, lambda: STAND_IN_ID):
        case Refuse(problem=problem, policy=policy):
            broken = problem.violations
            return _difference(recorded, policy, refused=True, violations=broken, reason=problem.detail)
        case Forward(fields=fields, warnings=warnings, policy=policy):
            new = tuple(each for each in warnings if (each.field, each.code.value) not in recorded.broke)
            before = fields_in(call.route, call.body or b"", platform)
            changes = () if fields is None else changes_between(before, fields)
            if not (new or changes):
                return None
            return _difference(recorded, policy, violations=new, changes=changes)
        case Rehearse():
            raise AssertionError("only a dry run is rehearsed")


def _difference(
    recorded: Recorded,
    policy: PolicyName | None,
    *,
    refused: bool = False,
    violations: tuple[Violation, ...] = (),
    changes: tuple[Change, ...] = (),
    reason: str = "",
) -> Difference:
    call, then = recorded.stored.call, recorded.stored.policy
    names = (then.name if then else None, policy.name if policy else None)
    return Difference(call.id, call.received_at, *names, refused, violations, changes, reason)


def _again(stored: Stored, rules: Rules, platform: Platform) -> Call:
    """The call as it left, but for our own value in it; raises RequestError for a target that is not read any more."""
    call = stored.call
    route, _ = survey(call.upstream, call.method, call.target, rules, platform)
    body = stored.body if stored.carrier is None else strict_json.write(plain_document(stored, route, platform))
    return replace(call, route=route, body=body, headers=_headers(call), template_name=None)


def _headers(call: Call) -> Headers:
    """What a template made is JSON, whatever its variables came as."""
    if call.template_name is None:
        return call.headers
    kept = tuple(pair for pair in call.headers if pair[0].lower() != "content-type")
    return (*kept, ("Content-Type", "application/json"))
