"""The connections to an upstream: each tells when a request leaves on it, and waits for the answer with one timer."""

import asyncio
import time
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any, Final, cast

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.tracing import Trace


@dataclass(slots=True)
class Departure:
    """When a request got a connection to leave on (monotonic seconds); while it has none, nothing was sent.

    Its answer has to be whole at `until`; one that streams may take as long as it never falls silent.
    """

    until: float = inf
    at: float | None = None


DEPARTURE: Final[ContextVar[Departure]] = ContextVar("departure")
"""That of the request which the running task sends."""


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


class StampingConnector(TCPConnector):
    """Stamps each request's `Departure`; aiohttp's tracing could too, but costs a fifth of the whole exchange."""

    def __init__(self, **options: Any) -> None:
        """Connections that wait with one timer."""
        super().__init__(**options)
        self._factory = cast("partial[ResponseHandler]", partial(PatientHandler, loop=self._loop))

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  # aiohttp's own signature
    ) -> Connection:
        """A connection that the request can leave on."""
        connection = await super().connect(req, traces, timeout)
        departure, handler = DEPARTURE.get(), connection.protocol
        assert isinstance(handler, PatientHandler)  # noqa: S101  # no other is made here
        departure.at = time.monotonic()
        handler.expect(departure.until)
        return connection
