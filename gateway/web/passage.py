"""The short way: calls that no policy covers and that make no ticket pass unread, and are recorded afterwards."""

import asyncio
import time
from collections.abc import AsyncIterator

from aiohttp import ClientError, ClientResponse, web

from gateway.domain.call import Call
from gateway.domain.delivery import Delivery, Failed, FailureKind
from gateway.domain.frozen import frozen
from gateway.domain.outcome import Outcome
from gateway.domain.problem import ProblemType, RequestError
from gateway.domain.verdict import Answer, Deceptive
from gateway.pipeline.conclude import conclude
from gateway.pipeline.decide import passing
from gateway.pipeline.decision import Forward
from gateway.pipeline.ports import Ports
from gateway.pipeline.respond import outcome_headers, respond
from gateway.policy.policy import Policy
from gateway.policy.rules import Rules
from gateway.upstream.courier import Courier
from gateway.upstream.exchange import Body
from gateway.upstream.links import Links, LinkStream, holds_json
from gateway.web.body import BODYLESS, MOST_OF_BODYLESS, SMALL_BYTES, Upload, read_body, too_large_for
from gateway.web.render import Streamed, Whole, allows_body, passed, render


@frozen
class Passage:
    """One call on the short way."""

    courier: Courier
    links: Links
    ports: Ports
    call: Call
    policies: tuple[Policy, ...]
    rules: Rules

    async def pass_on(self, request: web.BaseRequest) -> web.StreamResponse:
        """Stream the request up and the answer down; the call is recorded once both have gone by."""
        body: Body = self.call.body
        if body is None and request.body_exists:
            body = await _body_of(request)
        self.ports.books.received(self.call)
        try:
            return await self._answered(request, body)
        finally:
            self.ports.books.left(self.call)

    async def _answered(self, request: web.BaseRequest, body: Body) -> web.StreamResponse:
        forward = passing(self.call, self.policies, self.rules)
        opened = await self.courier.open(forward, body)
        outcome = self._conclude(forward, opened.delivery)
        if opened.stream is None:
            self._tell(outcome)
            if isinstance(body, Upload) and body.failure:
                raise body.failure
            return self._whole_answer(outcome)
        try:
            return await self._hand_on(request, outcome, opened.stream)
        except _Cut as cut:
            failed = Failed(opened.delivery.attempts, FailureKind.CUT, f"the upstream's answer broke off: {cut}")
            outcome = self._conclude(forward, failed)
            if cut.response is None:
                return self._whole_answer(outcome)
            _abort(request)
            return cut.response
        except _Belied as belied:
            failed = Failed(opened.delivery.attempts, FailureKind.DECEPTIVE, str(belied))
            outcome = self._conclude(forward, failed)
            return self._whole_answer(outcome)
        finally:
            opened.stream.release()
            self._tell(outcome)

    async def _hand_on(self, request: web.BaseRequest, outcome: Outcome, stream: ClientResponse) -> web.StreamResponse:
        head = outcome.answer or Answer(stream.status, (), b"")
        headers = passed(head.headers, self.links, self.call.gateway_base, outcome_headers(outcome))
        rewrites, length = holds_json(head), stream.content_length
        if not allows_body(request.method, stream.status):
            if length is not None and request.method == "HEAD":
                headers["Content-Length"] = str(length)
            return Whole(stream.status, headers)
        may_be_small = rewrites if length is None else length <= SMALL_BYTES
        beginning = await _beginning(stream, self.call.deadline) if may_be_small else b""
        if stream.content.at_eof():
            self._believe(head, beginning)
            self._seen(head, beginning, outcome.ended_at)
            body = self.links.in_body(beginning, self.call.gateway_base) if rewrites else beginning
            return Whole(stream.status, headers, body)
        response = Streamed(status=stream.status, headers=headers)
        if length is not None and not rewrites:
            response.content_length = length
        try:
            await self._pour(request, _chunks(beginning, stream, response), response, rewrites=rewrites)
        except ConnectionError:  # the client has hung up
            stream.close()
        return response

    async def _pour(
        self, request: web.BaseRequest, chunks: AsyncIterator[bytes], response: Streamed, *, rewrites: bool
    ) -> None:
        links = LinkStream(self.links, self.call.gateway_base) if rewrites else None
        await response.prepare(request)
        async for chunk in chunks:
            await response.hand_over(links.feed(chunk) if links else chunk)
        if links:
            await response.hand_over(links.flush())
        await response.write_eof()

    def _conclude(self, forward: Forward, delivery: Delivery) -> Outcome:
        platform = self.ports.platforms[self.call.platform]
        return conclude(forward, delivery, platform, ended_at=self.ports.clock())

    def _whole_answer(self, outcome: Outcome) -> web.StreamResponse:
        reply = respond(outcome, self.ports.platforms[self.call.platform])
        return render(reply, self.links, self.call.gateway_base)

    def _believe(self, head: Answer, body: bytes) -> None:
        """Raises _Belied where the body says that the success which its head told is none."""
        platform = self.ports.platforms[self.call.platform]
        if platform.casts_doubt(body):
            whole = Answer(head.status, head.headers, body)
            verdict = platform.judge(self.call.route, whole, carried=None, clock=self.ports.clock())
            if isinstance(verdict, Deceptive):
                raise _Belied(f"the upstream's answer is no success: {verdict.reason}")

    def _seen(self, head: Answer, body: bytes, at: float) -> None:
        """A small answer that tells how a ticket stands was read already; nothing is read for it."""
        if self.call.route.name in self.ports.platforms[self.call.platform].progress_routes:
            self.ports.glanced(self.call, Answer(head.status, head.headers, body), at)

    def _tell(self, outcome: Outcome) -> None:
        self.ports.journal.note(outcome)
        self.ports.telling.concluded(outcome)


class _Belied(Exception):
    """A success that was none."""


class _Cut(Exception):
    """The upstream broke off in the middle of an answer; `response` is what the client already has of it."""

    def __init__(self, cause: Exception, response: web.StreamResponse | None) -> None:
        super().__init__(str(cause) or type(cause).__name__)
        self.response = response


async def _body_of(request: web.BaseRequest) -> Body:
    """A small body is read, which is cheaper and can be sent again; a large one, or one of unknown size, streams."""
    if request.method in BODYLESS:
        return await _small(request)
    if request.content_length is not None and request.content_length <= SMALL_BYTES:
        return await read_body(request, SMALL_BYTES)
    return Upload(request)


async def _small(request: web.BaseRequest) -> bytes:
    try:
        return await read_body(request, MOST_OF_BODYLESS)
    except RequestError as error:
        if error.problem.type is ProblemType.TOO_LARGE:
            raise too_large_for(request.method) from error
        raise


async def _beginning(stream: ClientResponse, deadline: float) -> bytes:
    """A small body, whole, or what shows that it is none; until the call's deadline (monotonic seconds)."""
    content, beginning = stream.content, bytearray()
    try:
        if content.is_eof():  # it came with the head: nothing to wait for
            return await content.read()
        async with asyncio.timeout(max(deadline - time.monotonic(), 0.0)):
            while len(beginning) <= SMALL_BYTES and not content.at_eof():
                beginning += await content.readany()
    except (ClientError, TimeoutError) as error:
        if stream.content_length is not None or isinstance(error, ClientError):
            raise _Cut(error, None) from error
    return bytes(beginning)


async def _chunks(beginning: bytes, stream: ClientResponse, response: web.StreamResponse) -> AsyncIterator[bytes]:
    try:
        if beginning:
            yield beginning
        async for chunk in stream.content.iter_any():
            yield chunk
    except (ClientError, TimeoutError) as error:
        raise _Cut(error, response) from error


def _abort(request: web.BaseRequest) -> None:
    """A cut body must not look like a short one: the connection ends without the body's proper end."""
    if request.transport is not None:
        request.transport.abort()
