"""What a ServiceNow answer means for the ticket."""

from http import HTTPStatus
from typing import Final

from gateway.domain.call import Json, Operation, Route
from gateway.domain.verdict import Ambiguous, Answer, Deceptive, Done, Evidence, NotExecuted, Verdict
from gateway.platforms.answers import Form, document, form_of
from gateway.platforms.retry_after import retry_after
from gateway.platforms.servicenow.inner_results import INNER_RESULTS
from gateway.platforms.servicenow.routes import JSON_ROUTES
from gateway.platforms.servicenow.tickets import names_record, ticket_of
from gateway.platforms.statuses import FIRST_REDIRECT, unsuccessful

_ACCEPTED: Final = HTTPStatus.ACCEPTED.value
_KEY_EXISTS: Final = b"Unique Key violation"


def judge(route: Route, answer: Answer, *, carried: str | None, clock: float) -> Verdict:
    """Status first, body last: a 2xx may be a login page, a dropped request or half a list."""
    if answer.status >= FIRST_REDIRECT:
        return _already_there(route, answer, carried) or unsuccessful(route, answer, clock)
    if route.name not in JSON_ROUTES:
        return Done()
    if answer.status == _ACCEPTED and not answer.body and not answer.unread:
        return NotExecuted("dropped: too many requests wait in this session (202)", retry_after(answer, clock))
    form = form_of(answer)
    if form is Form.PAGE:
        return Deceptive(f"a web page instead of JSON ({answer.status})")
    if route.operation is not Operation.CREATE_TICKET and route.name not in INNER_RESULTS:
        return _worked(answer, form)
    return _read(route, answer, form)


def casts_doubt(body: bytes) -> bool:
    """A list that broke off, and a refusal inside a success, say so in words that few other answers hold."""
    return b'"error"' in body or b'"failure"' in body


def _already_there(route: Route, answer: Answer, carried: str | None) -> Verdict | None:
    """Behind a unique index, a refused correlation value may be our own earlier attempt's."""
    if carried is None or route.operation is not Operation.CREATE_TICKET:
        return None
    if answer.status < HTTPStatus.BAD_REQUEST or _KEY_EXISTS not in answer.body:
        return None
    return Ambiguous(f"a unique key exists already ({answer.status})", Evidence.OVER)


def _read(route: Route, answer: Answer, form: Form) -> Verdict:
    """A success that must be read; one that makes no ticket may still be on its way past, its body unread."""
    if not answer.body and route.operation is not Operation.CREATE_TICKET:
        return Done()
    parsed = document(answer) if form is Form.JSON else _in_xml(answer, form)
    if not isinstance(parsed, dict):
        return Deceptive(f"its JSON cannot be read ({answer.status})")
    if _reports_failure(parsed):
        return Deceptive(f"an error inside a success ({answer.status})")
    inner = INNER_RESULTS.get(route.name)
    return inner(parsed) if inner else _created(answer, parsed)


def _in_xml(answer: Answer, form: Form) -> Json:
    """A client may have asked for XML; what cannot be read at all is left to its `Location`."""
    return (document(answer) or {}) if form is Form.XML else {}


def _created(answer: Answer, parsed: dict[str, Json]) -> Verdict:
    location = answer.header("location") or ""
    result = parsed.get("result")
    if isinstance(result, dict):
        return Done(ticket_of(result, location))
    if names_record(location):
        return Done(ticket_of({}, location))
    return Deceptive(f"a success that names no record ({answer.status})")


def _worked(answer: Answer, form: Form) -> Verdict:
    """A list that broke off ends in an `error`, sometimes in the middle of a value."""
    if form is not Form.JSON or not casts_doubt(answer.body):
        return Done()
    parsed = document(answer)
    if parsed is None or (isinstance(parsed, dict) and _reports_failure(parsed)):
        return Deceptive(f"an error inside a success ({answer.status})")
    return Done()


def _reports_failure(parsed: dict[str, Json]) -> bool:
    return bool(parsed.get("error")) or parsed.get("status") == "failure"
