"""One configured upstream, as the rooms that talk to it need to know it."""

from collections.abc import Callable
from functools import lru_cache

from yarl import URL

from gateway.domain.call import Headers
from gateway.domain.frozen import frozen
from gateway.domain.retry import Timeouts, Windows
from gateway.platforms.platform import Platform

Credentials = Callable[[], Headers]
"""The headers that log the gateway in, read anew for every attempt: a secret's file may have changed."""


@frozen
class Upstream:
    """Where and how one instance is reached; `credentials` is None where each client's own pass through."""

    name: str
    platform: Platform
    base_url: str
    timeouts: Timeouts
    windows: Windows
    credentials: Credentials | None = None
    ca_file: str | None = None
    egress_proxy: str | None = None
    max_answer_bytes: int = 32 * 1024 * 1024

    def url(self, target: str) -> URL:
        """The target below the base URL, byte for byte; no dot segment, quoting or empty query is touched."""
        return _url(self.base_url, target)


@lru_cache(maxsize=256)
def _url(base_url: str, target: str) -> URL:
    """Kept, because creates go to few places, and a URL that was used before has been taken apart already."""
    base = URL(base_url)
    path = base.raw_path.rstrip("/") + target  # with its query, as yarl would forget a `?` that nothing follows
    return URL.build(scheme=base.scheme, authority=base.origin().authority, path=path, encoded=True)
