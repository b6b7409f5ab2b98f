"""One configured upstream, as the rooms that talk to it need to know it."""

from collections.abc import Callable
from functools import cached_property, lru_cache

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

    @cached_property
    def origin(self) -> URL:
        """Scheme, host and port, without the path."""
        return URL(self.base_url).origin()

    @cached_property
    def base_path(self) -> str:
        """The part of the base URL that is added to every target; empty for most."""
        return URL(self.base_url).raw_path.rstrip("/")

    def url(self, target: str) -> URL:
        """The target below the base URL, byte for byte; no dot segment, quoting or empty query is touched."""
        path = f"{self.base_path}{target}"  # with its query, as yarl would forget a `?` that nothing follows
        return _url(self.origin.scheme, self.origin.authority, path)


@lru_cache(maxsize=256)
def _url(scheme: str, authority: str, path: str) -> URL:
    """Kept, because creates go to few places, and a URL that was used before has been taken apart already."""
    return URL.build(scheme=scheme, authority=authority, path=path, encoded=True)
