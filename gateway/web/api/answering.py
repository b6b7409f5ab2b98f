"""What every endpoint does with a question that cannot be read or answered."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeAlias

from aiohttp import web

from gateway.domain.fault import StoreUnavailable
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.web.problems import problem_response

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(handler: Handler) -> Handler:
    """The handler, with the expected failures answered as problem documents."""

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except RequestError as error:
            return problem_response(error.problem, None)
        except StoreUnavailable as unavailable:
            return problem_response(Problem(ProblemType.STORE_UNAVAILABLE, 503, str(unavailable), retry_after=5), None)

    return answer


def unknown(what: str, name: str, listing: str) -> RequestError:
    """Nothing goes by this name; the detail says where names are listed."""
    detail = f"no {what} has the id {name!r}; it may have grown too old to be kept; {listing} lists those that are"
    return RequestError(Problem(ProblemType.NOT_FOUND, 404, detail))
