"""One address of the API, declared once: the route that serves it and its part of the OpenAPI document."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.domain.frozen import frozen
from gateway.web.api.filters import Filter
from gateway.web.api.headers import Header
from gateway.web.api.reading import Request


@frozen
class Query:
    """The query parameters: filters, and a time window; pages and their order where it is a listing."""

    filters: Mapping[str, Filter] = field(default_factory=dict)
    listing: bool = True
    window: bool = True


@frozen
class Endpoint:
    """`answers` are the documents by status, `problems` the statuses that tell a problem instead.

    `gives_headers` are beside its documents; what is beside every problem is not named again.
    """

    method: str
    path: str
    handler: Handler
    answers: Mapping[int, Any]
    takes: type[Request] | None = None
    needs_body: bool = True
    query: Query | None = None
    problems: tuple[int, ...] = ()
    media_type: str = "application/json"
    takes_headers: tuple[Header, ...] = ()
    gives_headers: tuple[Header, ...] = ()

    @property
    def says(self) -> str:
        """The handler's own docstring: what the address is for."""
        return " ".join((self.handler.__doc__ or "").split())


def routes_of(endpoints: tuple[Endpoint, ...]) -> list[web.RouteDef]:
    """What the application serves."""
    return [
        web.get(each.path, each.handler) if each.method == "GET" else web.route(each.method, each.path, each.handler)
        for each in endpoints
    ]
