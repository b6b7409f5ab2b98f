"""A call as its journal row holds it, and the way back to a call that any process can go on with."""

from dataclasses import replace

from gateway.domain.call import Call, Json, Route
from gateway.domain.delivery import Attempt
from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.domain.outcome import PolicyName
from gateway.domain.problem import RequestError
from gateway.pipeline import strict_json
from gateway.pipeline.decision import USUAL_RANK, Correlation, Forward, Resend
from gateway.platforms.platform import Carrier, Platform
from gateway.policy.policy import Policy, Record
from gateway.policy.rules import Rules


class LostLease(StoreUnavailable):
    """The row belongs to another holder by now: nothing was written, and nothing more may be sent for it."""


@frozen
class Stored:
    """What a row remembers of a `Forward`.

    `call` holds no login and an incomplete route. `carrier` is None where the last attempt carried no value. `whole`
    tells that the target was kept to the letter: of one that held something secret, only the rest is known. `rank` is
    None for what must not be delivered later.
    """

    call: Call
    body: bytes
    resend: Resend
    whole: bool
    changed: bool = False
    filled: tuple[str, ...] = ()
    carrier: Carrier | None = None
    place: str = ""
    policy: PolicyName | None = None
    record: Record = Record.NOTHING
    rank: int | None = None


@frozen
class Wait:
    """How a create waits in the outbox: `rank` 1 is the most urgent; `attempts` are those made so far, maybe none."""

    next_try_at: float
    rank: int = 3
    attempts: tuple[Attempt, ...] = ()


@frozen
class OutboxFull:
    """Nothing was queued: so much waits already."""

    rows: int
    size: int


def forward_of(stored: Stored, rules: Rules, platform: Platform) -> Forward | None:
    """The call to go on with, under today's retry settings; None where its upstream is configured no more.

    Its deadline lies in the past: whoever goes on with it sets another.
    """
    upstream = rules.upstreams.get(stored.call.upstream)
    if upstream is None:
        return None
    path = stored.call.target.partition("?")[0]
    route = platform.route(stored.call.method, path.removesuffix("/") or path)
    policy = _policy(stored, rules)
    return Forward(
        call=replace(stored.call, route=route),
        body=stored.body,
        resend=stored.resend if stored.whole else Resend.NEVER,
        retry=upstream.retry.overridden(**policy.retry) if policy else upstream.retry,
        fields=platform.fields_of(route, plain_document(stored, route, platform)),
        changed=stored.changed,
        filled=stored.filled,
        correlation=_correlation(stored, route, platform),
        policy=stored.policy,
        sla=policy.sla if policy else None,
        record=stored.record,
        later=stored.rank is not None and upstream.has_credentials,
        rank=stored.rank or USUAL_RANK,
    )


def plain_document(stored: Stored, route: Route, platform: Platform) -> Json:
    """The document without our value in it; None where the body was never read as one."""
    try:
        document = strict_json.parse(stored.body) if stored.body else None
    except RequestError:
        return None
    if stored.carrier is None:
        return document
    return platform.without_carrier(route, document, stored.carrier, stored.place)


def _correlation(stored: Stored, route: Route, platform: Platform) -> Correlation | None:
    if stored.carrier is None:
        return None
    return Correlation(stored.carrier, stored.place, platform.guard(route, stored.place))


def _policy(stored: Stored, rules: Rules) -> Policy | None:
    """The policy of that name as it stands today, whichever version judged the call."""
    if stored.policy is None:
        return None
    return next((policy for policy in rules.policies if policy.name.name == stored.policy.name), None)
