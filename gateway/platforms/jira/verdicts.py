"""What a Jira answer means for the ticket."""

from http import HTTPStatus
from typing import Final

from gateway.domain.call import Operation, Route
from gateway.domain.verdict import Answer, CarrierRefused, Deceptive, Done, Refused, Verdict
from gateway.platforms.answers import Form, form_of, json_object
from gateway.platforms.jira.inner_results import bulk_created, created, moved_in_part, requested
from gateway.platforms.jira.route_table import JSON_ROUTES
from gateway.platforms.statuses import FIRST_REDIRECT, unsuccessful

_OK: Final = HTTPStatus.OK.value
_MULTI_STATUS: Final = HTTPStatus.MULTI_STATUS.value
_LOGIN_FAILED: Final = "AUTHENTICATED_FAILED"
_LOCKED: Final = "AUTHENTICATION_DENIED"
_CREATED: Final = {"issue.bulk_create": bulk_created, "request.create": requested}


def judge(route: Route, answer: Answer, *, carried: str | None, clock: float) -> Verdict:
    """Status first, body last: a 2xx may be a login page, or the empty answer to a login that failed."""
    if answer.status >= FIRST_REDIRECT:
        verdict = unsuccessful(route, answer, clock)
        return _refused(route, answer, carried, verdict) if isinstance(verdict, Refused) else verdict
    if route.name not in JSON_ROUTES:
        return Done()
    if form_of(answer) is Form.PAGE:
        return Deceptive(f"a web page instead of JSON ({answer.status})")
    if _is_lost_login(answer):
        return Deceptive(f"the login failed unsaid, and nothing was done ({answer.status})")
    if route.operation is not Operation.CREATE_TICKET:
        return Done(flaws=moved_in_part(json_object(answer)) if answer.status == _MULTI_STATUS else ())
    return _CREATED.get(route.name, created)(json_object(answer), answer.status)


def casts_doubt(body: bytes) -> bool:  # noqa: ARG001  # ServiceNow's do
    """Jira's failures have a status of their own, or a place in the answer to a bulk."""
    return False


def _refused(route: Route, answer: Answer, carried: str | None, verdict: Refused) -> Verdict:
    """A login that was locked after failed ones is told apart: every further try keeps it locked."""
    if _refuses_only(answer, route, carried):
        return CarrierRefused()
    reason = answer.header("x-seraph-loginreason") or ""
    if (denied := answer.header("x-authentication-denied-reason")) or _LOCKED in reason:
        return Refused(f"the account is locked ({(denied or reason).partition(';')[0]})", login=True)
    return Refused(verdict.reason, login=True) if _LOGIN_FAILED in reason else verdict


def _refuses_only(answer: Answer, route: Route, carried: str | None) -> bool:
    """Whether every complaint is about the field that we alone had filled."""
    if answer.status != HTTPStatus.BAD_REQUEST or route.operation is not Operation.CREATE_TICKET or carried is None:
        return False
    body = json_object(answer)
    errors = body.get("errors")
    return isinstance(errors, dict) and set(errors) == {carried} and not body.get("errorMessages")


def _is_lost_login(answer: Answer) -> bool:
    """A known fault (JRA-41559)."""
    if answer.status != _OK or answer.body:
        return False
    return not answer.unread and _LOGIN_FAILED in (answer.header("x-seraph-loginreason") or "")
