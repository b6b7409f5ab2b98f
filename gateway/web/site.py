"""One listening socket: bounded in its connections, and speaking TLS where it is told to."""

import asyncio
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from gateway.config.address import HostPort
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem, ProblemType
from gateway.web.connection import Connection, Refused

BACKLOG: Final = 1024
HANDSHAKE_SECONDS: Final = 10.0

STRICT: Final[Mapping[str, Any]] = {
    "keepalive_timeout": 15,
    "max_line_size": 16384,
    "max_field_size": 16384,
    "max_headers": 100,
    "auto_decompress": False,
    "lingering_time": 2,
    "access_log": None,
}
"""Long queries and tokens of real clients fit; slow heads and idle connections are cut after 15 s."""

_TOO_MANY: Final = Problem(ProblemType.OVERLOADED, HTTPStatus.SERVICE_UNAVAILABLE, "too many connections at one time")
_SAYS: Final = b"too many connections at one time; see limits.max_connections\n"
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nRetry-After: 1\r\nConnection: close\r\n"
    b"ITSM-Error: overloaded\r\nITSM-Call-Id: %%b\r\nContent-Length: %d\r\n\r\n%b" % (len(_SAYS), _SAYS)
)


@frozen
class Bounds:
    """At most `most` connections at one time; `refused` hears of each one more, and of what is no HTTP."""

    most: int
    refused: Refused


class Site(web.BaseSite):
    """An address that is listened on; to be started once its runner is set up."""

    def __init__(self, runner: web.BaseRunner, address: HostPort, bounds: Bounds, tls: ssl.SSLContext | None) -> None:
        super().__init__(runner)
        self._address = address
        self._bounds = bounds
        self._tls = tls
        self.bound = address

    @property
    def name(self) -> str:
        """As a URL."""
        return f"{'https' if self._tls else 'http'}://{self.bound}"

    async def start(self) -> None:
        """Listen; `bound` then says where, since the system may have chosen the port. Raises OSError."""
        await super().start()
        server = await asyncio.get_running_loop().create_server(
            self._protocol,
            self._address.host,
            self._address.port,
            ssl=self._tls,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if self._tls else None,
            backlog=BACKLOG,
        )
        self._server = server
        self.bound = HostPort(*server.sockets[-1].getsockname()[:2])

    def _protocol(self) -> asyncio.Protocol:
        server = self._runner.server
        if server is None or len(server._connections) >= self._bounds.most:  # noqa: SLF001  # `connections` copies them all
            return _Full(self._bounds.refused(_TOO_MANY))
        connection = Connection(server, loop=asyncio.get_running_loop(), **STRICT)
        connection.refused = self._bounds.refused
        return connection


class _Full(asyncio.Protocol):
    def __init__(self, call_id: str) -> None:
        self._call_id = call_id

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_FULL % self._call_id.encode())
        transport.close()
