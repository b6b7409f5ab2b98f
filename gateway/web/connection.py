"""One client's connection: what is no HTTP gets a clear 400 and one line in the log, never a traceback."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from gateway.domain.problem import Problem, ProblemType
from gateway.web.problems import problem_response

Refused = Callable[[Problem], str]
"""Tells of a request that was refused before it became a call; gives the id that it is told by."""

_LONGEST: Final = 200


class Connection(web.RequestHandler):
    """aiohttp's own, but for what it says of bytes that it cannot read, and that it tells when its client has left."""

    __slots__ = ("left", "refused")

    refused: Refused

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self.left = False
        super().connection_made(transport)

    def eof_received(self) -> None:
        """The client hung up: no answer can reach it."""
        self.left = True
        super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        """So it did, or was hung up on."""
        self.left = True
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A client's fault is told and counted; a fault of ours keeps its traceback for the log."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        problem = Problem(ProblemType.MALFORMED_REQUEST, HTTPStatus.BAD_REQUEST, _said(exc))
        response = problem_response(problem, self.refused(problem))
        response.force_close()
        return response


def _said(error: HttpProcessingError) -> str:
    """The parser's first line, without the client's bytes that it quotes below."""
    first = next((line.strip() for line in error.message.splitlines() if line.strip()), "")
    said = first.rstrip(":").removeprefix("400, message:").strip()
    return f"the request is no well-formed HTTP/1.1: {said[:_LONGEST]}"
