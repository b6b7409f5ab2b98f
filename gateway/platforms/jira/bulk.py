"""Jira's bulk create: issues in one list, and an answer that tells those that were made from those that were not."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Final

from gateway.domain.call import Fields, Headers, Json, Route
from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json, json_object
from gateway.platforms.bundles import Part, Served
from gateway.platforms.jira.inner_results import complaints
from gateway.platforms.jira.tickets import text

BUNDLE_ROUTES: Final = frozenset({"issue.bulk_create"})
MOST_AT_ONCE: Final = 50
"""Of more, Jira refuses the whole."""

_HEADERS: Final = (("Accept", "application/json"), ("Content-Type", "application/json"))
_SEGMENT: Final = "/bulk"
_FIRST_FAILURE: Final = 500


def parts(route: Route, target: str, document: Json) -> tuple[Part, ...] | None:  # noqa: ARG001  # one shape for both
    """A create for every element, named by its number; None for what Jira refuses as a whole."""
    elements = document.get("issueUpdates") if isinstance(document, dict) else None
    if not isinstance(elements, list) or not 0 < len(elements) <= MOST_AT_ONCE:
        return None
    path, mark, query = target.partition("?")
    single = path.rstrip("/").removesuffix(_SEGMENT) + mark + query
    return tuple(
        Part(str(number), "POST", single, _HEADERS, document=element if isinstance(element, dict) else {})
        for number, element in enumerate(elements)
    )


def gathered(route: Route, document: Json, served: Sequence[Served]) -> Answer:  # noqa: ARG001  # one shape for both
    """201 if any was made; else 400, or what says that trying again may help."""
    issues = [json_object(one.answer) for one in served if one.answer is not None and _is_made(one.answer)]
    failed = [one for one in served if one.answer is None or not _is_made(one.answer)]
    told: Fields = {"issues": list(issues), "errors": [_error(one) for one in failed]}
    status = HTTPStatus.CREATED if issues else _all_failed(failed)
    return Answer(status, (("Content-Type", JSON_UTF8), *_retry_after(failed)), as_json(told))


def _is_made(answer: Answer) -> bool:
    return answer.status == HTTPStatus.CREATED and bool(text(json_object(answer).get("key")))


def _error(one: Served) -> Fields:
    number = int(one.part.name)
    if one.answer is None:
        said: Json = "not sent: the time for the whole bulk was over before its turn came"
        return _element(number, HTTPStatus.SERVICE_UNAVAILABLE, {"errorMessages": [said], "errors": {}})
    body = json_object(one.answer)
    if any(complaints(body)):
        messages, errors = body.get("errorMessages"), body.get("errors")
        return _element(number, one.answer.status, {"errorMessages": messages or [], "errors": errors or {}})
    said = text(body.get("status")) or text(body.get("message")) or f"answered {one.answer.status}"
    return _element(number, one.answer.status, {"errorMessages": [said], "errors": {}})


def _element(number: int, status: int, errors: Fields) -> Fields:
    return {"status": int(status), "elementErrors": errors, "failedElementNumber": number}


def _all_failed(failed: Iterable[Served]) -> int:
    """The platform's own 400 where every refusal is for good."""
    statuses = [one.answer.status if one.answer else HTTPStatus.SERVICE_UNAVAILABLE for one in failed]
    worth_while = [status for status in statuses if status >= _FIRST_FAILURE or status == HTTPStatus.TOO_MANY_REQUESTS]
    return max(worth_while, default=HTTPStatus.BAD_REQUEST)


def _retry_after(failed: Iterable[Served]) -> Headers:
    told = [one.answer.header("retry-after") or "" for one in failed if one.answer is not None]
    seconds = [int(value) for value in told if value.isdecimal()]
    return (("Retry-After", str(max(seconds))),) if seconds else ()
