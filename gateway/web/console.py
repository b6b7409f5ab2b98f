"""`/console/`: the built console, under a policy that lets nothing but its own files run."""

import asyncio
import gzip
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

STATIC: Final = Path(__file__).parent / "static"
NONCE_PLACE: Final = "NONCE_OF_THIS_ANSWER"
"""Stands in the built document wherever each answer's own nonce goes."""

_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_HARDENING: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def routes() -> list[web.RouteDef]:
    """Every address is relative to the one before, so that a prefix put before them all changes nothing."""
    return [
        web.get("/", to_the_console),
        web.get("/console", to_the_document),
        web.get("/console/", show_document),
        web.get("/console/assets/{name}", show_asset),
    ]


async def to_the_console(_request: web.Request) -> web.Response:
    """Who opens the listener's bare address wants to look."""
    return web.Response(status=302, headers={hdrs.LOCATION: "console/"})


async def to_the_document(_request: web.Request) -> web.Response:
    """The document's own addresses are relative to the folder."""
    return web.Response(status=308, headers={hdrs.LOCATION: "console/"})


async def show_document(_request: web.Request) -> web.Response:
    """The one document, with a nonce that no other answer has."""
    nonce = secrets.token_urlsafe(18)
    document = (await asyncio.to_thread(_document)).replace(NONCE_PLACE, nonce)
    headers = {hdrs.CACHE_CONTROL: "no-store", "Content-Security-Policy": _policy(nonce), **_HARDENING}
    return web.Response(text=document, content_type="text/html", charset="utf-8", headers=headers)


async def show_asset(request: web.Request) -> web.Response:
    """A file of the build; its name holds a digest of what is in it, so nobody need ask for it twice."""
    asset = await asyncio.to_thread(_asset, request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    headers = {
        hdrs.CONTENT_TYPE: asset.content_type,
        hdrs.CACHE_CONTROL: _FOR_EVER,
        hdrs.VARY: hdrs.ACCEPT_ENCODING,
        **_HARDENING,
    }
    if "gzip" not in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        return web.Response(body=asset.body, headers=headers)
    return web.Response(body=asset.zipped, headers=headers | {hdrs.CONTENT_ENCODING: "gzip"})


@dataclass(frozen=True, slots=True)
class _Asset:
    content_type: str
    body: bytes
    zipped: bytes


@lru_cache(maxsize=1)
def _document() -> str:
    return (STATIC / "index.html").read_text()


@lru_cache(maxsize=128)
def _asset(name: str) -> _Asset | None:
    path = STATIC / "assets" / name
    if path.suffix not in _TYPES or path.parent != STATIC / "assets" or not path.is_file():
        return None
    body = path.read_bytes()
    return _Asset(_TYPES[path.suffix], body, gzip.compress(body, mtime=0))


def _policy(nonce: str) -> str:
    """Scripts are the build's files alone; style elements carry the nonce; nothing is loaded from or sent elsewhere."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
