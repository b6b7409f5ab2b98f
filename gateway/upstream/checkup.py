"""A look at a real upstream from outside: what works, what does not, and what to do about it."""

import json
import ssl
import time
from collections.abc import AsyncIterator, Callable
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from gateway.domain.call import Headers
from gateway.domain.frozen import frozen
from gateway.upstream.reasons import reason

SECONDS: Final = 30.0
MOST_SKEW_SECONDS: Final = 30.0
MOST_BYTES: Final = 4 * 1024 * 1024


class State(StrEnum):
    """How a check went."""

    FINE = "fine"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@frozen
class Finding:
    """One check: what was seen, and what to do where something should be done."""

    check: str
    state: State
    seen: str
    advice: str = ""


Findings = AsyncIterator[Finding]


@frozen
class Heard:
    """An answer; `document` is its JSON, None where it is none."""

    status: int
    headers: dict[str, str]
    document: Any
    is_html: bool

    @property
    def is_fine(self) -> bool:
        """Whether it is a success with JSON in it."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES and self.document is not None


@frozen
class Patient:
    """The upstream under examination: how it is asked, and as whom."""

    session: aiohttp.ClientSession
    base_url: str
    login: Callable[[], Headers] | None
    proxy: str | None = None

    async def ask(self, path: str, query: dict[str, str] | None = None, *, send: Any = None, method: str = "") -> Heard:
        """GET, or send JSON; raises aiohttp.ClientError, TimeoutError and OSError."""
        target = f"{self.base_url}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = [("Accept", "application/json"), *(self.login() if self.login else ())]
        async with self.session.request(
            method or ("GET" if send is None else "POST"),
            URL(target, encoded=True),
            headers=headers,
            json=send,
            allow_redirects=False,
            proxy=self.proxy,
            timeout=aiohttp.ClientTimeout(total=SECONDS),
        ) as answer:
            body = await answer.content.read(MOST_BYTES)
            return Heard(
                answer.status, {name.lower(): value for name, value in answer.headers.items()}, _json(body), _html(body)
            )


def broken(error: Exception, base_url: str) -> Finding:
    """Why nobody could be asked at all."""
    match error:
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return Finding("tls", State.FAILED, reason(error), "name the CA that signed it in the upstream's `ca_file`")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Finding("tls", State.FAILED, reason(error), f"check that {base_url} speaks TLS 1.2")
        case TimeoutError():
            advice = "check `base_url`, the firewall between here and there, and `egress_proxy`"
            return Finding("connection", State.FAILED, f"no answer within {SECONDS:.0f} seconds", advice)
        case _:
            advice = "check `base_url` and its spelling, DNS, the firewall, and `egress_proxy`"
            return Finding("connection", State.FAILED, f"cannot connect: {reason(error)}", advice)


def transport(base_url: str) -> Finding:
    """What an answer alone proves of the way there."""
    if base_url.startswith("https:"):
        return Finding("tls", State.FINE, "the certificate is trusted, TLS 1.2 or later")
    return Finding("tls", State.WARNING, "plain http: logins and tickets can be read on the way", "use https://")


def clock(heard: Heard, now: float | None = None) -> Finding:
    """Whether both clocks agree: windows and promises are counted from instants of both."""
    try:
        skew = (time.time() if now is None else now) - parsedate_to_datetime(heard.headers.get("date", "")).timestamp()
    except ValueError:
        return Finding("clock", State.SKIPPED, "the upstream tells no time")
    if abs(skew) <= MOST_SKEW_SECONDS:
        return Finding("clock", State.FINE, f"{abs(skew):.0f} s apart")
    seen = f"this machine is {abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}"
    return Finding("clock", State.WARNING, seen, "set this machine's clock by NTP; no search window is safe until then")


def no_success(heard: Heard, *, with_login: bool) -> Finding | None:
    """Why an answer to a plain read is none, or None where it is one."""
    if heard.status < HTTPStatus.BAD_REQUEST and (heard.is_html or heard.status >= HTTPStatus.MULTIPLE_CHOICES):
        advice = (
            "wake the instance if it hibernates, and check that `base_url` is the API's and not behind a sign-in page"
        )
        return Finding("login", State.FAILED, f"a web page or a redirect in place of JSON ({heard.status})", advice)
    if heard.status == HTTPStatus.UNAUTHORIZED and not with_login:
        advice = "set `credentials`, so that the gateway can also search, queue and recover by itself"
        return Finding("login", State.SKIPPED, "the upstream wants a login, and each client brings its own", advice)
    if heard.status == HTTPStatus.UNAUTHORIZED:
        return Finding("login", State.FAILED, "the login is refused (401)", "check user, password or token, and expiry")
    if heard.status == HTTPStatus.FORBIDDEN:
        advice = "give the gateway's user a role that may use the REST API, and clear a CAPTCHA by signing in once"
        return Finding("login", State.FAILED, "the user may not use the API (403)", advice)
    if not heard.is_fine:
        advice = "look at the upstream's own status; try again later"
        return Finding("login", State.FAILED, f"no usable answer ({heard.status})", advice)
    return None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _html(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"
