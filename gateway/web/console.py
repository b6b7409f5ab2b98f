"""`/console/`: the built console, under a policy that lets nothing but its own files run."""

import asyncio
import gzip
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from gateway.domain.frozen import frozen

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
    build = Build()
    return [
        web.get("/", to_the_console),
        web.get("/console", to_the_document),
        web.get("/console/", build.show_document),
        web.get("/console/assets/{name}", build.show_asset),
    ]


async def to_the_console(_request: web.Request) -> web.Response:
    """Who opens the listener's bare address wants to look."""
    return web.Response(status=302, headers={hdrs.LOCATION: "console/"})


async def to_the_document(_request: web.Request) -> web.Response:
    """The document's own addresses are relative to the folder."""
    return web.Response(status=308, headers={hdrs.LOCATION: "console/"})


@frozen
class _Asset:
    content_type: str
    body: bytes
    zipped: bytes


@dataclass(slots=True)
class Build:
    """The built files, each read and compressed when it is first asked for and kept from then on."""

    folder: Path = STATIC
    _document: str = ""
    _assets: dict[str, _Asset] = field(default_factory=dict)

    async def show_document(self, _request: web.Request) -> web.Response:
        """The one document, with a nonce that no other answer has."""
        nonce = secrets.token_urlsafe(18)
        self._document = self._document or await asyncio.to_thread((self.folder / "index.html").read_text)
        headers = {hdrs.CACHE_CONTROL: "no-store", "Content-Security-Policy": _policy(nonce), **_HARDENING}
        document = self._document.replace(NONCE_PLACE, nonce)
        return web.Response(text=document, content_type="text/html", charset="utf-8", headers=headers)

    async def show_asset(self, request: web.Request) -> web.Response:
        """A file of the build; its name holds a digest of what is in it, so nobody need ask for it twice."""
        asset = await self._asset(request.match_info["name"])
        headers = {
            hdrs.CONTENT_TYPE: asset.content_type,
            hdrs.CACHE_CONTROL: _FOR_EVER,
            hdrs.VARY: hdrs.ACCEPT_ENCODING,
            **_HARDENING,
        }
        if "gzip" not in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            return web.Response(body=asset.body, headers=headers)
        return web.Response(body=asset.zipped, headers=headers | {hdrs.CONTENT_ENCODING: "gzip"})

    async def _asset(self, name: str) -> _Asset:
        known = self._assets.get(name)
        if known is None:
            known = self._assets[name] = await asyncio.to_thread(_read, self.folder / "assets", name)
        return known


def _read(folder: Path, name: str) -> _Asset:
    path = folder / name
    if path.suffix not in _TYPES or path.parent != folder or not path.is_file():
        raise web.HTTPNotFound
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
