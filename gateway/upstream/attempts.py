"""The attempts of one call, run by aiohttp-retry: what a verdict allows to be sent again is, after its backoff.

The library counts, loops and sleeps. It is handed this recorder in place of a session, so that every exchange is
judged, timed and kept, and one exception type, so that nothing is sent again which a verdict does not allow.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeAlias, cast

from aiohttp import ClientResponse, ClientSession
from aiohttp_retry import RetryClient, RetryOptionsBase

from gateway.domain.delivery import Attempt, Event
from gateway.domain.fault import StoreUnavailable
from gateway.domain.retry import RetryPolicy
from gateway.domain.verdict import NotExecuted, Verdict
from gateway.upstream.errand import Errand
from gateway.upstream.exchange import HELD, Break, Broken, Exchange, Exchanged, Request
from gateway.upstream.gatekeeper import Judged, let_out

QUICK_RECONNECT_SECONDS: Final = 0.25
"""Where no connection came about nothing was sent: one more is tried at once, in case a proxy just restarted."""

_LOG: Final = logging.getLogger("aiohttp_retry")

MayRepeat: TypeAlias = Callable[[RetryPolicy, Exchange, Verdict], bool]


class _SendAgain(Exception):
    """The only exception that makes aiohttp-retry go on."""


class _TooLate(StoreUnavailable):
    """Writing an attempt down took what was left of the time: it must not leave any more."""


@dataclass(slots=True)
class Attempts:
    """Every attempt of one call so far, over however many rounds, and the `events` between them.

    A create's first attempt was written down when its row was opened; its further ones, and all of one that is resumed,
    are written down before they leave. Where they are not `buffered`, the answer's body is left unread.
    """

    errand: Errand
    may_repeat: MayRepeat
    buffered: bool = True
    made: list[Attempt] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    extra: int = 0
    renewed: bool = False
    stopped: bool = False
    wait: float = 0.0
    last: Judged | None = None

    @property
    def left(self) -> int:
        """How many more the policy allows; `extra` ones (without our carrier) do not count."""
        return 0 if self.stopped else self.errand.forward.retry.max_retries + 1 + self.extra - len(self.made)

    def remaining(self) -> float:
        """Seconds until the call's deadline."""
        return self.errand.forward.call.deadline - time.monotonic()

    async def run(self, request: Request) -> Judged:
        """One round: attempts until an answer is final, nothing may be repeated, or no wait fits the deadline.

        The first leaves by itself; aiohttp-retry takes over where there is another, which few calls need. Where a retry
        cannot be written down first, it does not leave: the round ends with the attempt before. Raises StoreUnavailable
        where there was none before.
        """
        try:
            if await self._is_followed(request):
                await asyncio.sleep(self.wait)
                client = RetryClient(cast("ClientSession", self), logger=_LOG, retry_options=_Options(self))
                await client.request(request.method, request.url, original=request)
        except StoreUnavailable:
            self.stopped = True
            if self.last is None:
                raise
        assert self.last is not None  # noqa: S101  # only a retry is written down, so there was an attempt
        return self.last

    async def request(self, _method: str, _url: object, *, original: Request, **_ignored: Any) -> ClientResponse:
        """One attempt, in the place where aiohttp-retry expects the session's own."""
        if await self._is_followed(original):
            raise _SendAgain
        assert self.last is not None  # noqa: S101  # it was just made
        return cast("ClientResponse", self.last.exchange)

    def next_wait(self, judged: Judged) -> float:
        """Seconds until the next attempt may begin."""
        retry, luck = self.errand.forward.retry, self.errand.line.luck()
        if isinstance(judged.exchange, Broken) and judged.exchange.kind is Break.CONNECT and len(self.made) == 1:
            return min(QUICK_RECONNECT_SECONDS, retry.backoff(1)) * luck
        floor = getattr(judged.verdict, "retry_after", None)
        return retry.backoff(len(self.made) - self.extra, luck=luck, retry_after=floor)

    def affords(self, wait: float) -> bool:
        """Whether a wait ends before the deadline, and the retry after it, which is then taken, is in the budget."""
        return wait < self.remaining() and self.errand.line.protection.may_retry(time.monotonic())

    async def _is_followed(self, request: Request) -> bool:
        """Make one attempt; whether another follows, after the wait."""
        if self.made or self.errand.resumed:
            request = await self._prepared(request)
        began_at, began = time.time(), time.monotonic()
        if (onward := self.errand.line.onward) is not None:
            request = self.errand.traced(request, onward, began_at)
        judged = await let_out(self.errand, request, began, buffered=self.buffered, retry=bool(self.made))
        exchange, failure = judged.exchange, None
        if isinstance(exchange, Broken):
            if exchange.kind in HELD:
                return self._held_back(judged)
            failure = exchange.kind.value
        status, duration = exchange.status or None, judged.ended_at - began
        self.made.append(Attempt(len(self.made) + 1, began_at, duration, status, failure, self.wait))
        self.last = judged
        if self._goes_on(judged) or (status == HTTPStatus.UNAUTHORIZED and self._logs_in_anew(request)):
            release(exchange)
            return True
        return False

    async def _prepared(self, request: Request) -> Request:
        """Not the first one: written down where it must be, and with the gateway's own login as it is by now."""
        if self.errand.forward.call.is_create:
            await self.errand.write_down(time.time())
            if self.remaining() <= 0:
                raise _TooLate("the call's time ran out before its next attempt could leave")
        return self.errand.renewed(request) if self.made and self._has_own_login else request

    def _held_back(self, judged: Judged) -> bool:
        """Nothing left, so nothing is counted; a retry that may not leave ends the round with the attempt before."""
        self.stopped = True
        self.last = self.last or judged
        return False

    def _goes_on(self, judged: Judged) -> bool:
        if not self.may_repeat(self.errand.forward.retry, judged.exchange, judged.verdict) or self.left <= 0:
            return False
        self.wait = self.next_wait(judged)
        return self.affords(self.wait)

    def _logs_in_anew(self, sent: Request) -> bool:
        """The gateway's own login was refused, so nothing was done; where it is another by now, that is tried once."""
        if self.renewed or self.left <= 0 or not self._has_own_login or not isinstance(sent.body, bytes | None):
            return False
        self.renewed = self.errand.renewed(sent).headers != sent.headers
        if self.renewed:
            self.wait = 0.0
        return self.renewed

    @property
    def _has_own_login(self) -> bool:
        return self.errand.line.upstream.credentials is not None


_GOES_ON: Final = frozenset({_SendAgain})


class _Options(RetryOptionsBase):
    """Leaves every decision to the recorder: no status and no other exception repeats anything."""

    def __init__(self, attempts: Attempts) -> None:
        super().__init__(attempts.left, exceptions=_GOES_ON, methods=(), retry_all_server_errors=False)
        self._recorder = attempts

    def get_timeout(self, attempt: int, response: ClientResponse | None = None) -> float:  # noqa: ARG002
        """The wait that was found affordable."""
        return self._recorder.wait


def release(exchange: Exchange) -> None:
    """An answer that nobody will read gives its connection back."""
    if isinstance(exchange, Exchanged) and exchange.stream is not None:
        exchange.stream.release()


def not_executed(retry: RetryPolicy, exchange: Exchange, verdict: Verdict) -> bool:
    """Repeat what certainly had no effect, and nothing else; a status must also be on the policy's list."""
    return isinstance(verdict, NotExecuted) and by_status(retry, exchange, verdict)


def by_status(retry: RetryPolicy, exchange: Exchange, verdict: Verdict) -> bool:
    """Repeat whatever broke, and the statuses on the policy's list: for calls that are as good twice as once.

    The list names failures; the 202 of a full session queue is none by its status, yet nothing was done.
    """
    if isinstance(exchange, Broken):
        return exchange.kind is not Break.TOO_LARGE
    status = exchange.answer.status
    if status in retry.retryable_status_codes:
        return True
    return status == HTTPStatus.ACCEPTED and isinstance(verdict, NotExecuted)


def never(_retry: RetryPolicy, _exchange: Exchange, _verdict: Verdict) -> bool:
    """One attempt."""
    return False
