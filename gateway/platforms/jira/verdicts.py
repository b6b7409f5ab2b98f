"""What a Jira answer means for the ticket."""

from http import HTTPStatus
from typing import Final

from gateway.domain.call import Operation, Route
from gateway.domain.verdict import Answer, CarrierRefused, Deceptive, Done, Refused, Verdict
from gateway.platforms.answers import is_page, json_object
from gateway.platforms.jira.routes import JSON_ROUTES
from gateway.platforms.jira.tickets import ticket_of
from gateway.platforms.statuses import unsuccessful

_LOGIN_FAILED: Final = "AUTHENTICATED_FAILED"


def judge(route: Route, answer: Answer, *, carried: str | None, clock: float) -> Verdict:
    """Status first, body last: a 2xx may be a login page, or the empty answer to a login that failed."""
    verdict = unsuccessful(route, answer, clock)
    if isinstance(verdict, Refused) and _refuses_only(answer, route, carried):
        return CarrierRefused()
    if verdict is not None:
        return verdict
    if route.name not in JSON_ROUTES:
        return Done()
    if is_page(answer):
        return Deceptive(f"a web page instead of JSON ({answer.status})")
    if _is_lost_login(route, answer):
        return Deceptive(f"the login failed unsaid, and nothing was done ({answer.status})")
    return _created(answer) if route.operation is Operation.CREATE_TICKET else Done()


def _refuses_only(answer: Answer, route: Route, carried: str | None) -> bool:
    """Whether every complaint is about the field that we alone had filled."""
    if answer.status != HTTPStatus.BAD_REQUEST or route.operation is not Operation.CREATE_TICKET or carried is None:
        return False
    body = json_object(answer)
    errors = body.get("errors")
    return isinstance(errors, dict) and set(errors) == {carried} and not body.get("errorMessages")


def _is_lost_login(route: Route, answer: Answer) -> bool:
    """A known fault (JRA-41559); of a read the body may still be on its way: its length has to tell."""
    if answer.status != HTTPStatus.OK or answer.body:
        return False
    if _LOGIN_FAILED not in (answer.header("x-seraph-loginreason") or ""):
        return False
    return route.operation is not Operation.READ or answer.header("content-length") == "0"


def _created(answer: Answer) -> Verdict:
    ticket = ticket_of(json_object(answer))
    if ticket.id or ticket.key:
        return Done(ticket)
    return Deceptive(f"a success that names no issue ({answer.status})")
