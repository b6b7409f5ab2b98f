"""An answer of the API: a document, with its numbers as they were spelt."""

from aiohttp import web

from gateway.pipeline import strict_json


def answer(document: object, status: int = 200) -> web.Response:
    """JSON; `document` is one of the API's own kinds."""
    body = strict_json.write(document)  # type: ignore[arg-type]  # a TypedDict is JSON, and no dict to the type checker
    return web.Response(status=status, body=body, content_type="application/json")
