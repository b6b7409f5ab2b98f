"""ServiceNow's batch: requests in base64 inside one, and their answers in base64 inside its answer."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from gateway.domain.call import Fields, Headers, Json, Route
from gateway.domain.verdict import Answer
from gateway.platforms.answers import JSON_UTF8, as_json
from gateway.platforms.bundles import Part, Served
from gateway.platforms.servicenow.tickets import stored

BUNDLE_ROUTES: Final = frozenset({"batch.execute"})

_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}")
_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e]{0,8192}")
_OVERRIDES: Final = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
_UNTOLD: Final = frozenset({"set-cookie", "content-length", "content-encoding", "transfer-encoding", "connection"})


def parts(route: Route, target: str, document: Json) -> tuple[Part, ...] | None:  # noqa: ARG001  # one shape for both
    """The requests in their order; None where the body holds no list of them, which the platform refuses itself."""
    listed = document.get("rest_requests") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        return None
    return tuple(_part(entry) for entry in listed)


def gathered(route: Route, document: Json, served: Sequence[Served]) -> Answer:  # noqa: ARG001  # one shape for both
    """The batch's own answer; what was not sent is unserviced, so that its client knows it may send it again."""
    body = document if isinstance(document, dict) else {}
    listed = body.get("rest_requests")
    entries = listed if isinstance(listed, list) else []
    told: Fields = {
        "batch_request_id": stored(body.get("batch_request_id")),
        "serviced_requests": [
            _served(one, one.answer, entry)
            for one, entry in zip(served, entries, strict=True)
            if one.answer is not None
        ],
        "unserviced_requests": [one.part.name for one in served if one.answer is None],
    }
    return Answer(HTTPStatus.OK, (("Content-Type", JSON_UTF8),), as_json(told))


def _part(entry: Json) -> Part:
    if not isinstance(entry, dict):
        return Part("", fault="a request of a batch is an object with id, method and url")
    name, method, url = stored(entry.get("id")), stored(entry.get("method")), stored(entry.get("url"))
    if method not in _METHODS:
        return Part(name, fault=f"the method {method[:20]!r} is not passed on; use {', '.join(sorted(_METHODS))}")
    headers = _headers(entry.get("headers"))
    if isinstance(headers, str):
        return Part(name, fault=headers)
    body = _body(entry.get("body"))
    if body is None:
        return Part(name, fault="its body is not base64")
    return Part(name, method, url, headers, body)


def _headers(listed: Json) -> Headers | str:
    """The header lines, or what is wrong with them: a line break would begin another request."""
    pairs = [] if listed is None else listed
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        return "its headers are a list of name and value"
    lines = tuple((stored(pair.get("name")), stored(pair.get("value"))) for pair in pairs if isinstance(pair, dict))
    for name, value in lines:
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            return f"the header {name[:60]!r} cannot be sent as it is"
        if name.lower() in _OVERRIDES:
            return f"the header {name!r} would change the method; send the method itself"
    return lines


def _body(given: Json) -> bytes | None:
    if given is None:
        return b""
    try:
        return b64decode(given, validate=True) if isinstance(given, str) else None
    except (binascii.Error, ValueError):
        return None


def _served(one: Served, answer: Answer, entry: Json) -> Fields:
    quiet = isinstance(entry, dict) and bool(entry.get("exclude_response_headers"))
    status = answer.status
    shown: list[Json] = [
        {"name": name, "value": value} for name, value in answer.headers if name.lower() not in _UNTOLD
    ]
    return {
        "id": one.part.name,
        "body": b64encode(answer.body).decode(),
        "status_code": status,
        "status_text": HTTPStatus(status).phrase if status in set(HTTPStatus) else "",
        "headers": [] if quiet else shown,
        "execution_time": round(one.seconds * 1000),
    }
