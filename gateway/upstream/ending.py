"""How a call's last exchange is told to its caller, where nothing more is to be done about it."""

from http import HTTPStatus

from gateway.domain.delivery import Answered, Attempt, Delivery, Event, Failed, FailureKind
from gateway.domain.verdict import Ambiguous, Deceptive, Done, Evidence, NotExecuted, Refused, in_doubt
from gateway.upstream.attempts import Attempts
from gateway.upstream.errand import Errand
from gateway.upstream.exchange import Break, Broken
from gateway.upstream.gatekeeper import Judged
from gateway.upstream.upstream import Upstream


def told(judged: Judged, attempts: Attempts) -> Delivery:
    """What the last exchange means for the caller."""
    errand, exchange, made, events = attempts.errand, judged.exchange, tuple(attempts.made), tuple(attempts.events)
    if isinstance(exchange, Broken):
        return _lost(errand, exchange, made, events)
    answer = exchange.answer
    match judged.verdict:
        case Done(ticket=ticket, further=further, flaws=flaws):
            return Answered(made, answer, ticket, events=events, further=further, flaws=flaws)
        case Deceptive(reason=reason) | Ambiguous(reason=reason, evidence=Evidence.SILENT):
            open_still = errand.forward.call.is_create and in_doubt(judged.verdict)
            kind = FailureKind.UNCONFIRMED if open_still else FailureKind.DECEPTIVE
            return Failed(made, kind, _no_success(reason), fenced=False, events=events)
        case NotExecuted(reason=reason) if answer.status < HTTPStatus.BAD_REQUEST:
            return Failed(made, FailureKind.DECEPTIVE, _no_success(reason), events=events)
        case Refused(login=True, reason=reason) if errand.line.upstream.credentials is not None:
            return Failed(made, FailureKind.CREDENTIALS, _login_failed(errand.line.upstream, reason), events=events)
        case _:
            return Answered(made, answer, succeeded=False, events=events)


def never_made(made: tuple[Attempt, ...], events: tuple[Event, ...]) -> Failed:
    """A search has shown that no ticket was made, nothing more is sent, and there is no answer to hand on.

    No attempts are known of a call that another process had sent.
    """
    match made[-1].failure if made else Break.RESET:
        case None:
            kind, lost = FailureKind.DECEPTIVE, "was no success"
        case Break.TIMEOUT:
            kind, lost = FailureKind.TIMEOUT, "did not come in time"
        case _:
            kind, lost = FailureKind.CUT, "was lost"
    detail = f"the upstream's answer {lost}, and a search has shown that no ticket was made"
    return Failed(made, kind, detail, events=events)


def _lost(errand: Errand, broken: Broken, made: tuple[Attempt, ...], events: tuple[Event, ...]) -> Failed:
    name, how = errand.line.upstream.name, f"({broken.kind}: {broken.detail})"
    match broken.kind:
        case Break.CIRCUIT_OPEN:
            kind, detail = FailureKind.CIRCUIT_OPEN, broken.detail
        case Break.RATE_LIMITED:
            kind, detail = FailureKind.RATE_LIMITED, broken.detail
        case Break.CONNECT:
            kind, detail = FailureKind.UNREACHABLE, f"no connection to upstream {name}: {broken.detail}"
        case _ if errand.forward.call.is_create:
            lost = f"the upstream's answer was lost {how}"
            return Failed(made, FailureKind.UNCONFIRMED, lost, fenced=False, events=events)
        case Break.TIMEOUT:
            kind, detail = FailureKind.TIMEOUT, f"upstream {name} did not answer in time {how}"
        case _:
            kind, detail = FailureKind.CUT, f"the upstream's answer was lost {how}"
    return Failed(made, kind, detail, retry_after=broken.held_for, events=events)


def _no_success(reason: str) -> str:
    return f"the upstream's answer is no success: {reason}"


def _login_failed(upstream: Upstream, reason: str) -> str:
    return f"the upstream refused the gateway's own login: {reason}; mend upstreams.{upstream.name}.credentials"
