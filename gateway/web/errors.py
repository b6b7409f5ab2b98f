"""The doors' last line: whatever a handler could not do becomes a problem, never a traceback to a user."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.domain.fault import StoreUnavailable
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.web.body import ClientGone
from gateway.web.keys import CALL_ID, PORTS
from gateway.web.problems import problem_response

_log = logging.getLogger(__name__)

_HTTP_TYPES: Final = {
    HTTPStatus.NOT_FOUND: ProblemType.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: ProblemType.METHOD_REFUSED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ProblemType.TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ProblemType.UNSUPPORTED_ENCODING,
}
_CLIENT_CLOSED: Final = 499


@web.middleware
async def tell_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id, and answer every failure as a problem that carries it."""
    ports = request.config_dict[PORTS]
    call_id = request[CALL_ID] = ports.new_id()
    try:
        return await handler(request)
    except RequestError as error:
        ports.telling.refused_at_the_door(error.problem, call_id)
        return problem_response(error.problem, call_id)
    except StoreUnavailable as error:
        return problem_response(_no_store(error), call_id)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _of_http(request, error, call_id)
    except (ClientGone, ConnectionResetError):
        return web.Response(status=_CLIENT_CLOSED)
    except Exception:  # noqa: BLE001  # the one place: a bug becomes one line in the log and an id to find it by
        _log.exception("request failed", extra={"call_id": call_id})
        return problem_response(_internal(call_id), call_id)


async def tell_failures(
    request: web.BaseRequest,
    serving: Awaitable[web.StreamResponse],
    call_id: str,
    tell: Callable[[Problem], web.StreamResponse],
    refused: Callable[[Problem, str], None],
) -> web.StreamResponse:
    """The proxy's: a bug is told as the gateway's own, for a client that takes it for the platform's sends again."""
    try:
        return await serving
    except RequestError as error:
        refused(error.problem, call_id)
        return tell(error.problem)
    except ClientGone:
        request.protocol.force_close()
        return web.Response(status=_CLIENT_CLOSED)
    except ConnectionError:
        raise
    except Exception:  # the other one: a call of the proxy belongs to a platform
        _log.exception("request failed", extra={"call_id": call_id})
        if request.writer.output_size > 0:  # half an answer is out: it must break off, not go on as another
            raise
        return tell(_internal(call_id))


def _of_http(request: web.Request, error: web.HTTPException, call_id: str) -> web.Response:
    """What aiohttp itself refuses: no such path, no such method, too much."""
    status = error.status
    server_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    kind = _HTTP_TYPES.get(HTTPStatus(status), ProblemType.INTERNAL if server_fault else ProblemType.MALFORMED_REQUEST)
    response = problem_response(Problem(kind, status, _detail(request, error)), call_id)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _detail(request: web.Request, error: web.HTTPException) -> str:
    path = request.path[:120]
    match error:
        case web.HTTPNotFound():
            return f"there is nothing at {path}; GET /docs on the API listener lists what there is"
        case web.HTTPMethodNotAllowed(allowed_methods=allowed):
            return f"{path} takes {', '.join(sorted(allowed))}, not {request.method[:20]}"
        case web.HTTPRequestEntityTooLarge():
            return error.text or "the body is too large"
        case _:
            return f"{error.reason}: {request.method[:20]} {path}"


def _no_store(error: StoreUnavailable) -> Problem:
    return Problem(ProblemType.STORE_UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE, str(error), retry_after=5)


def _internal(call_id: str) -> Problem:
    detail = f"the gateway failed, and has logged why under {call_id}; look the call up before sending it again"
    return Problem(ProblemType.INTERNAL, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
