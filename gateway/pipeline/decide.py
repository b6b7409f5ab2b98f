"""Decide what happens to a call, before anything leaves: read it, match it, expand it, validate it."""

from dataclasses import replace

from gateway.domain.call import Call, Fields, Json, Operation
from gateway.domain.frozen import frozen
from gateway.domain.outcome import OutcomeKind
from gateway.domain.problem import Problem, ProblemType, RequestError, Violation
from gateway.domain.retry import Creates, RetryPolicy
from gateway.domain.verdict import Ticket
from gateway.pipeline import strict_json
from gateway.pipeline.claim import Claim, claim_of
from gateway.pipeline.decision import USUAL_RANK, Correlation, Decision, Forward, Refuse, Rehearse, Resend
from gateway.pipeline.given import NewId
from gateway.pipeline.reading import Read, read_fields
from gateway.platforms.platform import Carrier, Guard, Platform
from gateway.policy.policy import Mode, Policy, Unmatched
from gateway.policy.rules import Rules

CORRELATION_PREFIX = "itsmgw-"

_RANKS = {
    **dict.fromkeys(("1", "highest", "blocker"), 1),
    **dict.fromkeys(("2", "high", "critical"), 2),
    **dict.fromkeys(("4", "low", "minor"), 4),
    **dict.fromkeys(("5", "lowest", "trivial"), 5),
}
"""What the platforms call their priorities, by default and in older Jira schemes; 1 is delivered first."""


def urgency(priority: str) -> int:
    """The rank of a create that waits, from its ticket's priority as the platform names it."""
    return _RANKS.get(priority.lower(), USUAL_RANK)


def decide(call: Call, rules: Rules, platform: Platform, new_id: NewId) -> Decision:
    """Forward, refuse or rehearse; the same call under the same rules is always decided alike."""
    candidates = rules.candidates(call.upstream, call.method, call.route.path)
    try:
        read = read_fields(call, rules, platform, candidates)
    except RequestError as error:
        kind = OutcomeKind.TEMPLATE_FAILED if call.template_name else OutcomeKind.REFUSED
        return Refuse(call, kind, error.problem)
    policy = cover(candidates, read)
    if policy is None and (problem := _refused_as_unmatched(call, rules)):
        return Refuse(call, OutcomeKind.REFUSED, problem)
    if policy is None or policy.mode is Mode.OFF or read is None:
        forward = _untouched(call, read, rules, platform, policy)
        return _rehearsed(forward, ()) if call.dry_run else forward
    return _judged(call, read, policy, _Surroundings(rules, platform, new_id))


def goes_short_way(call: Call, policies: tuple[Policy, ...], rules: Rules) -> bool:
    """Whether a call may pass unread: it makes no ticket, nothing judges it, and nobody refuses it."""
    if call.is_ticket_call or call.dry_run or call.template_name is not None:
        return False
    if policies:
        return call.route.operation is Operation.READ and not policies[0].match.needs_fields
    return _refused_as_unmatched(call, rules) is None


def passing(call: Call, policies: tuple[Policy, ...], rules: Rules) -> Forward:
    """A call on the short way; a policy that covers a read has a say in its retries alone."""
    retry = rules.upstreams[call.upstream].retry
    if policies and policies[0].mode is not Mode.OFF and policies[0].retry:
        retry = retry.overridden(**policies[0].retry)
    again = call.route.repeatable or call.route.operation is Operation.READ
    resend = Resend.FREELY if again else Resend.WHEN_NOT_EXECUTED
    return Forward(call, b"", resend, retry, policy=policies[0].name if policies else None)


def cover(candidates: tuple[Policy, ...], read: Read | None) -> Policy | None:
    """The first policy whose conditions hold; one with conditions never covers a body that nobody could read."""
    for policy in candidates:
        if not policy.match.needs_fields or (read is not None and policy.match.covers_fields(read.fields)):
            return policy
    return None


@frozen
class _Surroundings:
    rules: Rules
    platform: Platform
    new_id: NewId


def _judged(call: Call, read: Read, policy: Policy, around: _Surroundings) -> Decision:
    """The way of a covered call: complete, validate, carry."""
    variables = {"call_id": call.id, "upstream": call.upstream, "job_id": call.job_id}
    fields = policy.defaults.complete(read.fields, variables)
    query = call.target.partition("?")[2]
    shown = query != "" and around.platform.shows_display_values(call.route, query)
    violations = policy.schema(fields, display_values=shown) if policy.schema else ()
    warnings = policy.warn_schema(fields, display_values=shown) if policy.warn_schema else ()
    if violations and policy.mode is Mode.ENFORCE and not call.dry_run:
        return Refuse(call, OutcomeKind.VALIDATION_FAILED, _broken(policy, violations), policy.name)
    forward = _prepared(call, read, fields, policy, around)
    if call.dry_run:
        return _rehearsed(replace(forward, warnings=warnings), violations, policy.mode)
    return replace(forward, warnings=warnings + violations) if warnings or violations else forward


def _prepared(call: Call, read: Read, fields: Fields, policy: Policy, around: _Surroundings) -> Forward:
    """The request as it will leave: `fields` complete what was read, and a create has its correlation value in it."""
    creates = call.is_create
    retry = around.rules.upstreams[call.upstream].retry
    if policy.retry:
        retry = retry.overridden(**policy.retry)
    completed = fields is not read.fields
    document = around.platform.with_fields(call.route, read.document, fields) if completed else read.document
    fenced = creates and retry.creates is Creates.RECONCILE and policy.carrier != "none"
    correlation, body_json = _correlated(call, document, policy, around) if fenced else (None, document)
    changed = completed or correlation is not None or call.template_name is not None
    claim = _claim(call, read, fields, policy) if creates and (correlation or _is_named(call, policy)) else None
    later = creates and (policy.queues or call.respond_async) and _has_login(call, around.rules)
    return Forward(
        call=call,
        body=strict_json.write(body_json) if changed else call.body or b"",
        resend=_resend(call, read.document, correlation, retry, around.platform),
        retry=retry,
        fields=fields,
        changed=changed,
        filled=tuple(name for name in fields if name not in read.fields) if completed else (),
        correlation=correlation,
        policy=policy.name,
        sla=policy.sla,
        record=policy.record,
        claim=claim,
        join_seconds=policy.recognition.join_seconds,
        later=later,
        rank=urgency(around.platform.priority(fields, Ticket())) if later else USUAL_RANK,
    )


def _is_named(call: Call, policy: Policy) -> bool:
    """Whether something names the create, so that it is recognised even where its ticket could not be searched for."""
    recognition = policy.recognition
    named = call.idempotency_key is not None or call.repeats is not None
    return named or bool(recognition.fields) or recognition.whole_body


def _claim(call: Call, read: Read, fields: Fields, policy: Policy) -> Claim:
    document = read.document if call.template_name is None else None
    return claim_of(call, document, policy=policy.name, recognition=policy.recognition, fields=fields)


def _has_login(call: Call, rules: Rules) -> bool:
    """Nobody waits for a call that is delivered later, so nobody lends it a login."""
    return rules.upstreams[call.upstream].has_credentials


def _correlated(call: Call, document: Json, policy: Policy, around: _Surroundings) -> tuple[Correlation | None, Json]:
    carrier = Carrier(CORRELATION_PREFIX + around.new_id(), policy.carrier)
    carried = around.platform.carry(call.route, document, carrier)
    if carried is None:
        return None, document
    guard = around.platform.guard(call.route, carried.place)
    return Correlation(carrier, carried.place, guard), carried.body


def _untouched(call: Call, read: Read | None, rules: Rules, platform: Platform, policy: Policy | None) -> Forward:
    """As it came, or as its template made it: journaled where it is a ticket call, never changed, never fenced."""
    retry = rules.upstreams[call.upstream].retry
    from_template = read is not None and call.template_name is not None
    named = call.is_create and (call.idempotency_key is not None or call.repeats is not None)
    return Forward(
        call=call,
        body=strict_json.write(read.document) if read and from_template else call.body or b"",
        resend=_resend(call, read.document if read else _lenient(call), None, retry, platform),
        retry=retry,
        fields=read.fields if read else None,
        changed=from_template,
        policy=policy.name if policy else None,
        claim=claim_of(call, read.document if read and not from_template else None) if named else None,
        later=call.is_create and call.respond_async and _has_login(call, rules),
    )


def _resend(
    call: Call, document: Json, correlation: Correlation | None, retry: RetryPolicy, platform: Platform
) -> Resend:
    route = call.route
    match route.operation:
        case Operation.READ:
            return Resend.FREELY
        case _ if route.repeatable:
            return Resend.FREELY
        case Operation.CREATE_TICKET:
            return _resend_create(correlation, retry)
        case Operation.UPDATE_TICKET if platform.is_full_value(route, document):
            return Resend.FREELY
        case Operation.UPDATE_TICKET | Operation.APPEND if document is not None and platform.finds_update(route):
            return Resend.WHEN_ABSENT
        case _:
            return Resend.WHEN_NOT_EXECUTED


def _resend_create(correlation: Correlation | None, retry: RetryPolicy) -> Resend:
    if correlation is None:
        return Resend.FREELY if retry.creates is Creates.IMMEDIATE else Resend.WHEN_NOT_EXECUTED
    match correlation.guard:
        case Guard.COALESCE:
            return Resend.FREELY
        case Guard.SEARCH | Guard.CONFIRM:  # what can only be confirmed is never proven absent, but may be found
            return Resend.WHEN_ABSENT


def _lenient(call: Call) -> Json:
    """What an update that no policy reads sets, only to know whether it may be sent twice."""
    if call.is_create or not call.is_ticket_call or not call.body:
        return None
    try:
        return strict_json.parse(call.body)
    except RequestError:
        return None


def _rehearsed(forward: Forward, violations: tuple[Violation, ...], mode: Mode = Mode.OFF) -> Rehearse:
    would = "refuse" if violations and mode is Mode.ENFORCE else "forward"
    return Rehearse(forward.call, forward.body, violations + forward.warnings, would, forward.policy)


def _broken(policy: Policy, violations: tuple[Violation, ...]) -> Problem:
    count = "1 field is" if len(violations) == 1 else f"{len(violations)} fields are"
    detail = f"{count} at fault by policy {policy.name.name}; nothing was sent"
    return Problem(ProblemType.VALIDATION_FAILED, 400, detail, violations)


def _refused_as_unmatched(call: Call, rules: Rules) -> Problem | None:
    unmatched = rules.upstreams[call.upstream].unmatched
    reads = call.route.operation is Operation.READ
    if unmatched is Unmatched.FORWARD or (unmatched is Unmatched.REFUSE_WRITES and reads):
        return None
    return Problem(
        ProblemType.NOT_COVERED,
        403,
        f"no policy covers {call.method} {call.route.path}, and upstream {call.upstream!r} refuses such calls; "
        f"add a policy that matches it, or set upstreams.{call.upstream}.unmatched to 'forward'",
    )
