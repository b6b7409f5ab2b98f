"""`/openapi.json` and `/docs`: the API's description, for machines and for people; both work offline."""

import asyncio
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from aiohttp import hdrs, web

from gateway.web.api.endpoint import Endpoint, routes_of
from gateway.web.docs_page import page

DESCRIPTION: Final = Path(__file__).parent / "openapi.json"
"""Written by `itsm-gateway schema openapi`; a house test compares it with the code."""

STYLE: Final = Path(__file__).parent / "docs.css"
_POLICY: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HEADERS: Final = {hdrs.CACHE_CONTROL: "no-cache", "Content-Security-Policy": _POLICY}


async def show_description(_request: web.Request) -> web.Response:
    """This description as OpenAPI 3.1."""
    return web.Response(body=await asyncio.to_thread(_description), content_type="application/json")


async def show_docs(_request: web.Request) -> web.Response:
    """This description as a page."""
    return web.Response(text=await asyncio.to_thread(_page), content_type="text/html", headers=_HEADERS)


async def show_style(_request: web.Request) -> web.Response:
    """How the page looks."""
    return web.Response(text=await asyncio.to_thread(STYLE.read_text), content_type="text/css", headers=_HEADERS)


ENDPOINTS: Final = (
    Endpoint("GET", "/openapi.json", show_description, {200: dict[str, Any]}),
    Endpoint("GET", "/docs", show_docs, {200: str}, media_type="text/html"),
)


def routes() -> list[web.RouteDef]:
    """The two addresses, and the page's one file."""
    return [*routes_of(ENDPOINTS), web.get("/docs/style.css", show_style)]


@lru_cache(maxsize=1)
def _description() -> bytes:
    return DESCRIPTION.read_bytes()


@lru_cache(maxsize=1)
def _page() -> str:
    return page(json.loads(_description()))
