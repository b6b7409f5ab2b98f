"""What a status says that is no success; on both platforms alike."""

from http import HTTPStatus
from typing import Final

from gateway.domain.call import Operation, Route
from gateway.domain.verdict import Ambiguous, Answer, Done, Evidence, NotExecuted, Refused, Verdict
from gateway.platforms.retry_after import retry_after

FIRST_REDIRECT: Final = 300
"""Below it the body has the last word."""

_FIRST_REFUSAL: Final = 400
_FIRST_FAILURE: Final = 500


def unsuccessful(route: Route, answer: Answer, clock: float) -> Verdict:
    """The verdict on an answer outside the 2xx."""
    status = answer.status
    if status < _FIRST_REFUSAL:
        return _redirected(route, status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return NotExecuted("rate limited (429)", retry_after(answer, clock))
    if _may_have_worked(status):
        return Ambiguous(f"answered {status}", Evidence.OVER, retry_after(answer, clock))
    return Refused(f"answered {status}", login=status == HTTPStatus.UNAUTHORIZED)


def _may_have_worked(status: int) -> bool:
    """ServiceNow cancels a transaction with a 500 after it has committed; 501 alone says that nothing was tried."""
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return True
    return status >= _FIRST_FAILURE and status != HTTPStatus.NOT_IMPLEMENTED


def _redirected(route: Route, status: int) -> Verdict:
    """No platform redirects an API write: it is a login page's door, and what lies behind it is unknown."""
    match route.operation:
        case Operation.READ:
            return Done()
        case Operation.CREATE_TICKET:
            return Ambiguous(f"redirected ({status})", Evidence.SILENT)
        case _:
            return Refused(f"redirected ({status})")
