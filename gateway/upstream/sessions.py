"""The HTTP sessions to one upstream: nothing hidden is shared, followed, decoded or sent again."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import ClientSession, DummyCookieJar

from gateway.domain.frozen import frozen
from gateway.upstream.connections import StampingConnector
from gateway.upstream.exchange import Exchanger
from gateway.upstream.upstream import Upstream

FRESH_SECONDS: Final = 2.0
"""A create takes no connection that was idle longer: a stale one would make a healthy upstream's create ambiguous."""

IDLE_SECONDS: Final = 15.0
MAX_CONNECTIONS: Final = 512
MAX_LINE_BYTES: Final = 32 * 1024
_SKIPPED_AUTO_HEADERS: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


@frozen
class Sessions:
    """`creates` keeps only fresh connections; everything else goes over `others`."""

    creates: Exchanger
    others: Exchanger


@asynccontextmanager
async def sessions(upstream: Upstream) -> AsyncIterator[Sessions]:
    """Open both sessions of an upstream, and close them again."""
    tls = ssl.create_default_context(cafile=upstream.ca_file)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    async with _session(upstream, tls, FRESH_SECONDS) as creates, _session(upstream, tls, IDLE_SECONDS) as others:
        yield Sessions(_exchanger(creates, upstream), _exchanger(others, upstream))


def _exchanger(session: ClientSession, upstream: Upstream) -> Exchanger:
    return Exchanger(session, upstream.timeouts, upstream.max_answer_bytes, ours=upstream.credentials is not None)


def _session(upstream: Upstream, tls: ssl.SSLContext, idle_seconds: float) -> ClientSession:
    connector = StampingConnector(limit=MAX_CONNECTIONS, keepalive_timeout=idle_seconds, ssl=tls, ttl_dns_cache=30)
    session = ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        raise_for_status=False,
        requote_redirect_url=False,
        skip_auto_headers=_SKIPPED_AUTO_HEADERS,
        max_line_size=MAX_LINE_BYTES,
        max_field_size=MAX_LINE_BYTES,
        proxy=upstream.egress_proxy,
    )
    session._retry_connection = False  # noqa: SLF001  # aiohttp would silently repeat a PUT or DELETE on a dead connection
    return session
