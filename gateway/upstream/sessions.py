"""The connections to one upstream: creates have some of their own."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from yarl import URL

from gateway.domain.frozen import frozen
from gateway.upstream.connections import Connections
from gateway.upstream.exchange import Exchanger
from gateway.upstream.upstream import Upstream

FRESH_SECONDS: Final = 2.0
"""A create takes no connection that was idle longer: a stale one would make a healthy upstream's create ambiguous."""

IDLE_SECONDS: Final = 15.0
MAX_CONNECTIONS: Final = 512


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
    async with _connections(tls, FRESH_SECONDS) as creates, _connections(tls, IDLE_SECONDS) as others:
        yield Sessions(_exchanger(creates, upstream), _exchanger(others, upstream))


def _connections(tls: ssl.SSLContext, idle_seconds: float) -> Connections:
    return Connections(limit=MAX_CONNECTIONS, keepalive_timeout=idle_seconds, ssl=tls, ttl_dns_cache=30)


def _exchanger(connections: Connections, upstream: Upstream) -> Exchanger:
    ours, proxy = upstream.credentials is not None, URL(upstream.egress_proxy) if upstream.egress_proxy else None
    return Exchanger(connections, upstream.timeouts, upstream.max_answer_bytes, ours, proxy)
