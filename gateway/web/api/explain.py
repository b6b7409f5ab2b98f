"""`POST /api/v1/policies/explain`: production's own decision about a request that somebody typed, and the reasons."""

from typing import Any

from aiohttp import web
from pydantic import Field

from gateway.config.locate import Located, NotLocated, locate
from gateway.config.settings import Settings
from gateway.domain.call import Headers
from gateway.domain.method import Method
from gateway.domain.problem import Code, Violation
from gateway.pipeline import strict_json
from gateway.pipeline.explained import Explained, explained
from gateway.pipeline.rehearse import Asked, rehearse
from gateway.platforms.registry import PLATFORMS
from gateway.web.api.answering import answer
from gateway.web.api.endpoint import Endpoint, routes_of
from gateway.web.api.reading import Request, parsed, read_json, unusable
from gateway.web.keys import CURRENT_RULES, SETTINGS

_LONGEST_TARGET = 8000


class ExplainRequest(Request):
    """A request that might be sent through the proxy."""

    method: Method = Field(default=Method.POST, strict=False)
    target: str = Field(min_length=1, max_length=_LONGEST_TARGET)
    """A gateway URL, an upstream's own URL, or a path with `upstream` beside it."""
    headers: dict[str, str] = Field(default={})
    """Such as `ITSM-Template`; with a body, `Content-Type` is `application/json` unless it says otherwise."""
    body: Any = None
    """A document, or a string that is taken as the body's very text."""
    upstream: str | None = None
    """The configured upstream, where the target leaves it open."""


async def explain(request: web.Request) -> web.Response:
    """Which policy covers a request and why, what would be changed, and what would be refused; nothing is sent."""
    given = parsed(await read_json(request), ExplainRequest)
    located = _located(given, request.app[SETTINGS])
    platform = PLATFORMS[request.app[SETTINGS].upstreams[located.upstream].platform]
    asked = Asked(located.upstream, given.method.value, located.target, _headers(given), _body(given))
    return answer(explained(rehearse(asked, request.app[CURRENT_RULES](), platform)))


def _located(given: ExplainRequest, settings: Settings) -> Located:
    try:
        return locate(given.target, settings, given.upstream)
    except NotLocated as error:
        field = "target" if given.upstream is None else "upstream"
        raise unusable(Violation(field, Code.NOT_ALLOWED, str(error))) from error


def _body(given: ExplainRequest) -> bytes | None:
    match given.body:
        case None:
            return None
        case str() as text:
            return text.encode()
        case document:
            return strict_json.write(document)


def _headers(given: ExplainRequest) -> Headers:
    headers = tuple(given.headers.items())
    if given.body is None or any(name.lower() == "content-type" for name, _ in headers):
        return headers
    return (*headers, ("Content-Type", "application/json"))


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/policies/explain",
        explain,
        {200: Explained},
        takes=ExplainRequest,
        problems=(400, 413, 415, 422),
    ),
)


def routes() -> list[web.RouteDef]:
    """The one address."""
    return routes_of(ENDPOINTS)
