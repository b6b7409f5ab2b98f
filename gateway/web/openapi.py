"""The API's description, OpenAPI 3.1: built from the endpoints and the types they answer with."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter

from gateway import __version__
from gateway.web.api.documents.problem import ProblemDocument
from gateway.web.api.endpoint import Endpoint, Query
from gateway.web.api.filters import DEFAULT_LIMIT, MOST, NEWEST, OLDEST
from gateway.web.api.headers import PAGE_GIVES, PROBLEM_GIVES, as_answered, as_parameters
from gateway.web.api.instants import INSTANT_PATTERN
from gateway.web.problems import CONTENT_TYPE

_REF: Final = "#/components/schemas/{model}"
_ABOUT: Final = (
    "What the gateway did, does and would do. Errors are `application/problem+json`; listings are paged by a cursor "
    "and refuse parameters that they do not know."
)
_TAG: Final = re.compile(r"^/api/v1/(\w+)")


def describe(endpoints: tuple[Endpoint, ...]) -> dict[str, Any]:
    """The whole document."""
    kinds = [kind for each in endpoints for kind in (*each.answers.values(), each.takes) if kind is not None]
    schemas, definitions = _schemas([*kinds, ProblemDocument])
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "ITSM Gateway", "version": __version__, "description": _ABOUT},
        "servers": [{"url": "."}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "An access token."}},
        },
    }


def _schemas(kinds: list[Any]) -> tuple[dict[int, Any], dict[str, Any]]:
    """Each kind's schema by its identity, and everything that they refer to."""
    mode: Any = {True: "validation", False: "serialization"}
    inputs = [(index, mode[hasattr(kind, "model_fields")], TypeAdapter(kind)) for index, kind in enumerate(kinds)]
    found, shared = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    by_kind = {id(kinds[index]): _untitled(schema) for (index, _), schema in found.items()}
    return by_kind, _untitled(shared.get("$defs", {}))


def _untitled(schema: Any) -> Any:
    """Without the titles that only repeat a name; a property that is called `title` stays."""
    if isinstance(schema, list):
        return [_untitled(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _untitled(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))}


def _operation(endpoint: Endpoint, schemas: Mapping[int, Any]) -> dict[str, Any]:
    summary, _, rest = endpoint.says.partition(". ")
    told: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "tags": [found[1] if (found := _TAG.match(endpoint.path)) else "process"],
        "summary": summary.removesuffix("."),
        "responses": dict(_responses(endpoint, schemas)),
    }
    if rest:
        told["description"] = rest
    in_header = as_parameters(endpoint.takes_headers)
    if parameters := [*_in_path(endpoint.path), *_in_query(endpoint.query), *in_header]:
        told["parameters"] = parameters
    if endpoint.takes is not None:
        content = {"application/json": {"schema": schemas[id(endpoint.takes)]}}
        told["requestBody"] = {"required": endpoint.needs_body, "content": content}
    return told


def _responses(endpoint: Endpoint, schemas: Mapping[int, Any]) -> Iterator[tuple[str, Any]]:
    pages = PAGE_GIVES if endpoint.query and endpoint.query.listing else ()
    given = as_answered((*endpoint.gives_headers, *pages))
    for status, kind in endpoint.answers.items():
        answered = _answer(HTTPStatus(status).phrase, endpoint.media_type, schemas[id(kind)])
        yield str(status), answered | ({"headers": given} if given else {})
    for status in endpoint.problems:
        yield str(status), _problem(HTTPStatus(status).phrase, schemas)
    yield "default", _problem("Any other problem: no token (401), not allowed (403), no store (503)", schemas)


def _problem(description: str, schemas: Mapping[int, Any]) -> dict[str, Any]:
    answered = _answer(description, CONTENT_TYPE, schemas[id(ProblemDocument)])
    return answered | {"headers": as_answered(PROBLEM_GIVES)}


def _answer(description: str, media_type: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _in_path(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _in_query(query: Query | None) -> Iterator[dict[str, Any]]:
    if query is None:
        return
    for name, each in query.filters.items():
        schema = {"type": "string"} | ({"enum": list(each.allowed)} if each.allowed else {})
        yield _parameter(name, schema, each.says) | ({"required": True} if each.required else {})
    if query.window:
        instant = {"type": "string", "pattern": INSTANT_PATTERN, "examples": ["24h", "2026-01-31T12:00:00Z"]}
        yield _parameter("since", instant, "From this instant on, or a span back from now.")
        yield _parameter("until", instant, "Before this instant.")
    if query.listing:
        yield _parameter("sort", {"type": "string", "enum": [NEWEST, OLDEST], "default": NEWEST})
        yield _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT})
        yield _parameter("cursor", {"type": "string"}, "A page's `next`, unchanged.")


def _parameter(name: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    told = {"name": name, "in": "query", "schema": schema}
    return told | {"description": description} if description else told
