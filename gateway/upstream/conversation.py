"""Carries a platform's questions to its upstream and the answers back."""

import time
from collections.abc import Callable, Generator
from typing import Final, TypeVar

from multidict import CIMultiDict

from gateway.domain.call import Headers, Route
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Answer, Ticket
from gateway.platforms.platform import Question, SearchDenied, Shown
from gateway.upstream.errand import Line
from gateway.upstream.exchange import Broken, Exchanged, Request

SEARCH_SECONDS: Final = 30.0
"""The longest that one question may take."""

ASK_AGAIN_SECONDS: Final = 5

Found = TypeVar("Found")


async def converse(
    line: Line,
    login: Headers,
    talk: Generator[Question, Answer, Found],
    remaining: Callable[[], float],
    heard: Callable[[Answer], None] | None = None,
) -> Found | SearchDenied:
    """What the conversation found out, in no longer than remains; `heard` is told every answer."""
    try:
        question = next(talk)
        while True:
            seconds = min(SEARCH_SECONDS, max(remaining(), 0.001))
            match await line.sessions.others.buffered(_request(line, login, question), seconds):
                case Broken(detail=detail):
                    talk.close()
                    return SearchDenied(f"the search broke off: {detail}")
                case Exchanged(answer=answer):
                    if heard:
                        heard(answer)
                    question = talk.send(answer)
    except StopIteration as stop:
        found: Found = stop.value
        return found


async def refused_read(line: Line, login: Headers, route: Route, ticket: Ticket, deadline: float) -> Answer | None:
    """None where this login may read the ticket; else the refusal, the upstream's own where it gave one.

    An upstream that cannot say now has refused nothing: its caller is asked to come again.
    """
    if not ticket.id:
        return None  # nobody can say which it is, and an answer without a name tells nothing of it
    platform, answers = line.upstream.platform, list[Answer]()
    talk = platform.roll_call(route.resource, (ticket.id,), line.upstream.base_url)
    shown = await converse(line, login, talk, lambda: deadline - time.monotonic(), answers.append)
    if isinstance(shown, Shown) and ticket.id in shown.ids:
        return None
    if answers and answers[-1].status in _REFUSALS:
        return answers[-1]
    return platform.refusal(_hidden() if isinstance(shown, Shown) else _unasked(), "")


def _hidden() -> Problem:
    detail = "the ticket was made by an earlier call, and this login may not read it; nothing was sent"
    return Problem(ProblemType.UPSTREAM_REFUSED, 403, detail)


def _unasked() -> Problem:
    detail = (
        "an earlier call made the ticket, and the upstream cannot say now whether this login may read it; nothing was "
        "sent. Ask once more"
    )
    return Problem(ProblemType.STILL_RUNNING, 503, detail, retry_after=ASK_AGAIN_SECONDS)


_REFUSALS: Final = frozenset({401, 403})


def _request(line: Line, login: Headers, question: Question) -> Request:
    headers = CIMultiDict(question.headers)
    headers.setdefault("Accept-Encoding", "identity")
    headers.setdefault("User-Agent", "itsm-gateway")
    headers.extend(login)
    return Request(question.method, line.upstream.url(question.target), headers, question.body)
