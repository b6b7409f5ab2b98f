"""The attempts of one call, run by aiohttp-retry: what a verdict allows to be sent again is, after its backoff.

The library counts, loops and sleeps. It is handed this recorder in place of a session, so that every exchange is
judged, timed and kept, and one exception type, so that nothing is sent again which a verdict does not allow.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeAlias, cast

from aiohttp import ClientResponse, ClientSession
from aiohttp_retry import RetryClient, RetryOptionsBase

from gateway.domain.delivery import Attempt
from gateway.domain.fault import StoreUnavailable
from gateway.domain.frozen import frozen
from gateway.domain.retry import RetryPolicy
from gateway.domain.verdict import NotExecuted, Verdict
from gateway.upstream.exchange import HELD, Break, Broken, Exchange, Exchanged, Request
from gateway.upstream.gatekeeper import Gatekeeper, Judge, Send

QUICK_RECONNECT_SECONDS: Final = 0.25
"""Where no connection came about nothing was sent: one more is tried at once, in case a proxy just restarted."""

_LOG: Final = logging.getLogger("aiohttp_retry")

MayRepeat: TypeAlias = Callable[[Exchange, Verdict], bool]
BeforeSend: TypeAlias = Callable[[float], Awaitable[None]]
"""Told, at each retry's Unix time, before a byte of it leaves; what it raises ends the attempts."""


@frozen
class Judged:
    """The last exchange and what it means; `sent_at` and `ended_at` are on the monotonic clock: no step moves them."""

    exchange: Exchange
    verdict: Verdict
    sent_at: float
    ended_at: float


class _SendAgain(Exception):
    """The only exception that makes aiohttp-retry go on."""


class _TooLate(StoreUnavailable):
    """Writing an attempt down took what was left of the time: it must not leave any more."""


@dataclass(slots=True)
class Attempts:
    """Every attempt of one call so far, over however many rounds.

    The first attempt of a call was written down when its row was opened; one that is `resumed` must be, too. `renew`
    gives a request the gateway's own login as it is now; None where it has none. `traced` gives it the name of the span
    that begins at a Unix time; None where calls are not traced.
    """

    retry: RetryPolicy
    deadline: float
    gate: Gatekeeper
    send: Send
    judge: Judge
    may_repeat: MayRepeat
    before_retry: BeforeSend | None
    luck: Callable[[], float]
    made: list[Attempt] = field(default_factory=list)
    extra: int = 0
    resumed: bool = False
    renew: Callable[[Request], Request] | None = None
    traced: Callable[[Request, float], Request] | None = None
    renewed: bool = False
    stopped: bool = False
    wait: float = 0.0
    last: Judged | None = None

    @property
    def left(self) -> int:
        """How many more the policy allows; `extra` ones (without our carrier) do not count."""
        return 0 if self.stopped else self.retry.max_retries + 1 + self.extra - len(self.made)

    def remaining(self) -> float:
        """Seconds until the call's deadline."""
        return self.deadline - time.monotonic()

    async def run(self, request: Request) -> Judged:
        """One round: attempts until an answer is final, nothing may be repeated, or no wait fits the deadline.

        Where a retry cannot be written down first, it does not leave: the round ends with the attempt before. Raises
        StoreUnavailable where there was none before.
        """
        try:
            await self._round(request)
        except StoreUnavailable:
            self.stopped = True
            if self.last is None:
                raise
        assert self.last is not None  # noqa: S101  # only a retry is written down, so there was an attempt
        return self.last

    async def _round(self, request: Request) -> None:
        """The first attempt leaves by itself; aiohttp-retry takes over where there is another, which few calls need."""
        try:
            await self.request(request.method, request.url, original=request)
        except _SendAgain:
            await asyncio.sleep(self.wait)
            client = RetryClient(cast("ClientSession", self), logger=_LOG, retry_options=_Options(self))
            await client.request(request.method, request.url, original=request)

    async def request(self, _method: str, _url: object, *, original: Request, **_ignored: Any) -> ClientResponse:
        """One attempt, in the place where aiohttp-retry expects the session's own."""
        if (self.made or self.resumed) and self.before_retry is not None:
            await self._write_down(self.before_retry)
        if self.made and self.renew is not None:
            original = self.renew(original)
        began_at, began = time.time(), time.monotonic()
        if self.traced is not None:
            original = self.traced(original, began_at)
        exchange, verdict = await self.gate.exchange(
            original, self.send, self.judge, retry=bool(self.made), remaining=max(self.remaining(), 0.001)
        )
        ended = time.monotonic()
        if isinstance(exchange, Broken) and exchange.kind in HELD:
            return self._held_back(Judged(exchange, verdict, began, ended))
        self.made.append(_attempt(len(self.made) + 1, exchange, began_at, ended - began, self.wait))
        self.last = Judged(exchange, verdict, exchange.departed_at or began, ended)
        if self._goes_on(self.last) or self._logs_in_anew(self.last, original):
            release(exchange)
            raise _SendAgain
        return cast("ClientResponse", exchange)

    def _held_back(self, judged: Judged) -> ClientResponse:
        """Nothing left, so nothing is counted; a retry that may not leave ends the round with the attempt before."""
        self.stopped = True
        self.last = self.last or judged
        return cast("ClientResponse", judged.exchange)

    def next_wait(self, judged: Judged) -> float:
        """Seconds until the next attempt may begin."""
        if isinstance(judged.exchange, Broken) and judged.exchange.kind is Break.CONNECT and len(self.made) == 1:
            return min(QUICK_RECONNECT_SECONDS, self.retry.backoff(1)) * self.luck()
        floor = getattr(judged.verdict, "retry_after", None)
        return self.retry.backoff(len(self.made) - self.extra, luck=self.luck(), retry_after=floor)

    def affords(self, wait: float) -> bool:
        """Whether a wait ends before the deadline; one that does not is not begun."""
        return wait < self.remaining()

    async def _write_down(self, before_retry: BeforeSend) -> None:
        await before_retry(time.time())
        if self.remaining() <= 0:
            raise _TooLate("the call's time ran out before its next attempt could leave")

    def _goes_on(self, judged: Judged) -> bool:
        if self.left <= 0 or not self.may_repeat(judged.exchange, judged.verdict):
            return False
        self.wait = self.next_wait(judged)
        return self.affords(self.wait) and self.gate.may_retry()

    def _logs_in_anew(self, judged: Judged, sent: Request) -> bool:
        """The gateway's own login was refused, so nothing was done; where it is another by now, that is tried once."""
        if judged.exchange.status != HTTPStatus.UNAUTHORIZED or self.renew is None or self.renewed:
            return False
        if self.left <= 0 or not isinstance(sent.body, bytes | None) or self.renew(sent).headers == sent.headers:
            return False
        self.renewed, self.wait = True, 0.0
        return True


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


def not_executed(retry: RetryPolicy) -> MayRepeat:
    """Repeat what certainly had no effect, and nothing else; a status must also be on the policy's list."""

    def may_repeat(exchange: Exchange, verdict: Verdict) -> bool:
        return isinstance(verdict, NotExecuted) and (_listed(exchange, retry) or _is_dropped(exchange, verdict))

    return may_repeat


def by_status(retry: RetryPolicy) -> MayRepeat:
    """Repeat whatever broke, and the statuses on the policy's list: for calls that are as good twice as once."""

    def may_repeat(exchange: Exchange, verdict: Verdict) -> bool:
        return _listed(exchange, retry) or _is_dropped(exchange, verdict)

    return may_repeat


def never(_exchange: Exchange, _verdict: Verdict) -> bool:
    """One attempt."""
    return False


def _listed(exchange: Exchange, retry: RetryPolicy) -> bool:
    if isinstance(exchange, Broken):
        return exchange.kind is not Break.TOO_LARGE
    return exchange.status in retry.retryable_status_codes


def _is_dropped(exchange: Exchange, verdict: Verdict) -> bool:
    """The list names failures; the 202 of a full session queue is none by its status, yet nothing was done."""
    return exchange.status == HTTPStatus.ACCEPTED and isinstance(verdict, NotExecuted)


def _attempt(number: int, exchange: Exchange, started: float, duration: float, wait: float) -> Attempt:
    failure = exchange.kind.value if isinstance(exchange, Broken) else None
    return Attempt(number, started, duration, exchange.status or None, failure, wait)
