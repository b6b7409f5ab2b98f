"""The connections to an upstream: each tells when a request leaves on it, and waits for the answer with one timer."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any, Final, Self, cast

from aiohttp import ClientRequest, ClientResponse, ClientTimeout, ConnectionTimeoutError, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from multidict import CIMultiDict

MAX_LINE_BYTES: Final = 32 * 1024


@dataclass(slots=True)
class Departure:
    """When a request got a connection to leave on (monotonic seconds); while it has none, nothing was sent.

    Its answer has to be whole at `until`; one that streams may take as long as it never falls silent.
    """

    until: float = inf
    at: float | None = None


class PatientHandler(ResponseHandler):
    """Reads answers from one connection, with one timer for all of them.

    aiohttp would start and cancel a timer for every piece that moves. This one is let run, and looks when it rings
    whether anything is still waited for: mostly nothing is, as the answer came long ago.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """A connection on which nothing is waited for yet."""
        super().__init__(loop)
        self._until = self._due = self._rings_at = inf
        self._alarm: asyncio.TimerHandle | None = None

    def expect(self, until: float) -> None:
        """A request leaves; its answer has to be whole by then."""
        self._until = self._due = until
        self._set_alarm()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Nothing comes from here any more."""
        super().connection_lost(exc)
        if self._alarm is not None:
            self._alarm.cancel()

    def _reschedule_timeout(self) -> None:
        """Something moved: from now on silence counts."""
        silence = self._read_timeout or inf
        self._due = min(time.monotonic() + silence, self._until)
        self._set_alarm()

    def _drop_timeout(self) -> None:
        """The answer is whole, or nobody wants to read on for now."""
        self._due = inf

    def _set_alarm(self) -> None:
        """Never later than something is due; earlier costs nothing but a look."""
        if self._due >= self._rings_at:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._rings_at = self._due
        self._alarm = self._loop.call_later(self._due - time.monotonic(), self._ring)

    def _ring(self) -> None:
        self._alarm, self._rings_at = None, inf
        if self._due <= time.monotonic():
            self._on_read_timeout()
        else:
            self._set_alarm()


class Outgoing(ClientRequest):
    """A request with the headers that it was given: aiohttp would add what it thinks is missing."""

    _skip_auto_headers = CIMultiDict({"Content-Type": None})

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        """Neither a `User-Agent`, nor what is accepted."""


class Connections(TCPConnector):
    """The pool of connections to one upstream, over which nothing hidden is shared, followed, decoded or sent again.

    Of aiohttp's client these are the parts that send a request and read its answer. Its session stands before them to
    look for cookies, logins, redirects and dead connections, all of which are no business of a proxy.
    """

    def __init__(self, **options: Any) -> None:
        """Connections that wait with one timer."""
        super().__init__(**options)
        self._factory = cast("partial[ResponseHandler]", partial(PatientHandler, loop=self._loop))

    async def __aenter__(self) -> Self:
        """They are closed where the block ends."""
        return self

    async def send(self, request: Outgoing, patience: ClientTimeout, departure: Departure) -> ClientResponse:
        """Send once, and hand over the answer with its body unread; `departure` is stamped on the way."""
        connection = await self._connection(request, patience)
        handler, response, answered = connection.protocol, None, False
        assert isinstance(handler, PatientHandler)  # noqa: S101  # no other is made here
        departure.at = time.monotonic()
        try:
            handler.set_response_params(
                skip_payload=request.method == "HEAD",
                read_until_eof=True,
                auto_decompress=False,
                read_timeout=patience.sock_read,
                max_line_size=MAX_LINE_BYTES,
                max_field_size=MAX_LINE_BYTES,
            )
            handler.expect(departure.until)
            response = await request.send(connection)
            await response.start(connection)
            answered = True
        finally:
            if not answered:
                _give_up(connection, response)
        return response

    async def _connection(self, request: Outgoing, patience: ClientTimeout) -> Connection:
        try:
            return await self.connect(request, [], patience)
        except TimeoutError as error:
            raise ConnectionTimeoutError(f"Connection timeout to host {request.url}") from error


def _give_up(connection: Connection, response: ClientResponse | None) -> None:
    """Nobody may ask again on a connection on which an answer may still come."""
    if response is not None:
        response.close()
    connection.close()
