"""A courier before a real server, with a journal and a watcher that remember what they were told."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from gateway.domain.call import Call, PlatformName
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome
from gateway.domain.retry import RetryPolicy, Timeouts, Windows
from gateway.pipeline import strict_json
from gateway.pipeline.decision import Correlation, Forward, Resend
from gateway.pipeline.earlier import Opened
from gateway.platforms.platform import Carrier
from gateway.platforms.registry import PLATFORMS
from gateway.upstream.errand import Line
from gateway.upstream.protection.budget import RetryBudget
from gateway.upstream.protection.protection import Protection
from gateway.upstream.sessions import sessions
from gateway.upstream.upstream import Upstream

QUICK = RetryPolicy(retry_delay_seconds=0.01, max_retry_delay_seconds=0.05)
INCIDENTS = "/api/now/table/incident"
TIMEOUTS = Timeouts(1, 1, 10)
WINDOWS = Windows(settle_seconds=0.02, late_effect_seconds=0.3)


@dataclass
class ListedJournal:
    """The journal as a list of what was written; `failing` makes every write fail, `lasting` makes it slow."""

    written: list[str] = field(default_factory=list)
    failing: bool = False
    lasting: float = 0.0
    meanwhile: Callable[[], None] = lambda: None

    async def open(self, forward: Forward, *_: object) -> Opened:
        self._write(f"open {forward.call.id}")
        return Opened()

    async def sending(self, call_id: str, at: float, *_: object, **__: object) -> None:
        assert abs(at - time.time()) < 5
        await asyncio.sleep(self.lasting)
        self._write(f"sending {call_id}")

    async def close(self, forward: Forward, outcome: Outcome, *_: object) -> None:
        self._write(f"close {forward.call.id} {outcome.kind}")

    async def settle(self, forward: Forward, outcome: Outcome, *_: object) -> None:
        self._write(f"settle {forward.call.id} {outcome.kind}")

    def note(self, outcome: Outcome) -> None:
        self.written.append(f"note {outcome.kind}")

    def _write(self, what: str) -> None:
        self.meanwhile()
        if self.failing:
            raise StoreUnavailable("disk full")
        self.written.append(what)


@dataclass
class ListedWatcher:
    """Everything that was counted."""

    counted: list[str] = field(default_factory=list)

    def searched(self, upstream: str, result: str) -> None:  # noqa: ARG002  # there is but one
        self.counted.append(result)

    def carrier_refused(self, platform: PlatformName) -> None:
        self.counted.append(f"carrier refused by {platform}")


@asynccontextmanager
async def line_to(
    base_url: str,
    *,
    platform: PlatformName = PlatformName.SERVICENOW,
    timeouts: Timeouts = TIMEOUTS,
    windows: Windows = WINDOWS,
    journal: ListedJournal | None = None,
    luck: float = 0.0,
) -> AsyncIterator[Line]:
    upstream = Upstream("here", PLATFORMS[platform], base_url, timeouts, windows)
    async with sessions(upstream) as both:
        yield Line(upstream, both, journal or ListedJournal(), ListedWatcher(), unlimited(), luck=lambda: luck)


def a_call(
    method: str = "GET",
    target: str = f"{INCIDENTS}/1",
    body: bytes | None = None,
    *,
    seconds: float = 10.0,
    platform: PlatformName = PlatformName.SERVICENOW,
) -> Call:
    return Call(
        id="c1",
        upstream="here",
        platform=platform,
        route=PLATFORMS[platform].route(method, target.partition("?")[0]),
        method=method,
        target=target,
        headers=(("Accept", "application/json"), *((("Content-Type", "application/json"),) if body else ())),
        body=body,
        received_at=time.time(),
        deadline=time.monotonic() + seconds,
        gateway_base="http://gateway",
    )


def unlimited() -> Protection:
    return Protection(PlatformName.SERVICENOW, budget=RetryBudget(calls_per_retry=0))


def a_read(retry: RetryPolicy = QUICK, *, seconds: float = 10.0) -> Forward:
    return Forward(a_call(seconds=seconds), b"", Resend.FREELY, retry)


def a_write(method: str, target: str, resend: Resend, retry: RetryPolicy = QUICK, *, seconds: float = 10.0) -> Forward:
    body = b'{"short_description":"Disk full"}'
    return Forward(a_call(method, target, body, seconds=seconds), body, resend, retry)


def a_create(retry: RetryPolicy = QUICK, *, seconds: float = 10.0, fields: Mapping[str, Any] | None = None) -> Forward:
    """A ServiceNow create with its correlation value, as the way decides it."""
    plain = dict(fields or {"short_description": "Disk full"})
    call = a_call("POST", INCIDENTS, strict_json.write(plain), seconds=seconds)
    carrier = Carrier("itsmgw-" + "0" * 32)
    carried = PLATFORMS[PlatformName.SERVICENOW].carry(call.route, plain, carrier)
    assert carried is not None
    correlation = Correlation(carrier, carried.place)
    return Forward(
        call, strict_json.write(carried.body), Resend.WHEN_ABSENT, retry, fields=plain, correlation=correlation
    )
