"""Faults as values: what becomes of the request, what the client sees of it, and which exchanges they hit."""

import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from gateway.domain.frozen import frozen
from gateway.simulator.messages import Answer, Headers, Kind, Request, html_answer, json_answer


class Effect(StrEnum):
    """What the platform does with the request."""

    NONE = "none"
    EXECUTED = "executed"
    LATE = "late"


class Ending(StrEnum):
    """What the client gets to see."""

    ANSWER = "answer"
    SILENCE = "silence"
    RESET = "reset"
    CUT = "cut"


@frozen
class When:
    """Which exchanges a fault is for; what is left open matches all, `path` is searched in the raw target."""

    kind: Kind | None = None
    methods: frozenset[str] = frozenset()
    path: str = ""

    def matches(self, request: Request, kind: Kind) -> bool:
        """Whether the fault may hit this exchange."""
        return (
            self.kind in {None, kind}
            and (not self.methods or request.method in self.methods)
            and re.search(self.path, request.target) is not None
        )


ANY = When()
CREATES = When(kind=Kind.CREATE)
SEARCHES = When(kind=Kind.SEARCH)


class ResetForm(StrEnum):
    """How a platform writes `X-RateLimit-Reset`: ServiceNow as UNIX seconds, Jira in ISO 8601."""

    UNIX = "unix"
    ISO = "iso"


@frozen
class Reply:
    """What is said instead of the platform's own answer; without a body the platform words the status itself."""

    status: int
    headers: Headers = ()
    body: bytes | None = None
    reset_seconds: int = 0
    reset_form: ResetForm | None = None

    def headers_at(self, now: datetime) -> Headers:
        """The headers with the moment at which the rate limit is lifted."""
        reset = now + timedelta(seconds=self.reset_seconds)
        match self.reset_form:
            case ResetForm.UNIX:
                return (*self.headers, ("X-RateLimit-Reset", str(int(reset.timestamp()))))
            case ResetForm.ISO:
                moment = reset.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                return (*self.headers, ("X-RateLimit-Reset", moment))
            case None:
                return self.headers


@frozen
class Fault:
    """One thing that goes wrong, once; the constructors below say which."""

    kind: str
    effect: Effect = Effect.NONE
    ending: Ending = Ending.ANSWER
    reply: Reply | None = None
    wait_seconds: float = 0.0
    late_seconds: float = 0.0
    when: When = field(default=ANY)

    def on(self, when: When) -> "Fault":
        """The same fault for these exchanges only: `stored_then(500).on(CREATES)`."""
        return replace(self, when=when)

    def after(self, seconds: float) -> "Fault":
        """The same fault, seen by the client only so many seconds after the request came in."""
        return replace(self, wait_seconds=seconds)


def refused(status: int) -> Fault:
    """Nothing is stored; the platform answers the status in its own words."""
    return Fault("refused", reply=Reply(status))


def answered(status: int, headers: Mapping[str, str] | None = None, body: str | None = None) -> Fault:
    """Nothing is stored; exactly this is answered."""
    given = tuple((headers or {}).items())
    return Fault("answered", reply=Reply(status, given, None if body is None else body.encode()))


def stored_then(status: int, headers: Mapping[str, str] | None = None, body: str | None = None) -> Fault:
    """The request takes effect, then this is answered as if it had failed."""
    return replace(answered(status, headers, body), kind="stored_then", effect=Effect.EXECUTED)


def delayed(seconds: float) -> Fault:
    """The request takes effect at once, the platform's own answer comes late."""
    return Fault("delayed", Effect.EXECUTED, wait_seconds=seconds)


def hangs(*, stored: bool = False) -> Fault:
    """No answer ever, on a connection that stays open."""
    return Fault("hangs", _effect(stored=stored), Ending.SILENCE)


def reset(*, stored: bool = False) -> Fault:
    """The connection is torn down before a byte of an answer."""
    return Fault("reset", _effect(stored=stored), Ending.RESET)


def cut_body(*, stored: bool = True) -> Fault:
    """Headers promise the whole body, half of it comes, then the connection ends."""
    reply = None if stored else _answer_as_reply(json_answer(201, {"result": {}}))
    return Fault("cut_body", _effect(stored=stored), Ending.CUT, reply)


def html_200(*, stored: bool = False) -> Fault:
    """The page of a hibernating instance, with a 200."""
    page = html_answer(200, "Instance Hibernating page", "Your instance is hibernating")
    return Fault("html_200", _effect(stored=stored), reply=_answer_as_reply(page))


def redirected_to_login(location: str = "/login.do") -> Fault:
    """Single sign-on or a lost session: 302 to a login page."""
    return Fault("redirected_to_login", reply=Reply(302, (("Location", location),), b""))


def late_effect(seconds: float, *, hangs: bool = False) -> Fault:
    """The client sees a reset, or nothing at all; the ticket is stored only so many seconds later by the clock."""
    ending = Ending.SILENCE if hangs else Ending.RESET
    return Fault("late_effect", Effect.LATE, ending, late_seconds=seconds)


def _effect(*, stored: bool) -> Effect:
    return Effect.EXECUTED if stored else Effect.NONE


def _answer_as_reply(answer: Answer) -> Reply:
    return Reply(answer.status, answer.headers, answer.body)
