"""Reading the head of a request: what cannot be read in one way only does not come in."""

import binascii
import re
from functools import lru_cache
from typing import Final

from aiohttp import HttpVersion10, HttpVersion11, web

from gateway.domain.call import Headers
from gateway.domain.frozen import frozen
from gateway.domain.method import Method
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.domain.spelling import BySpelling
from gateway.upstream.headers import METHOD_OVERRIDES
from gateway.web.body import BODYLESS, MOST_OF_BODYLESS, too_large_for

METHODS: Final = frozenset(each.value for each in Method)
_VERSIONS: Final = frozenset({HttpVersion10, HttpVersion11})
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"[A-Za-z0-9.\-_]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_RESPOND_ASYNC: Final = re.compile(r"(?:^|[,\s])respond-async(?:[,;\s]|$)", re.IGNORECASE)
_MAX_NAME: Final = 200
_REMEMBERED: Final = 256
"""Names and hosts: clients send few, and more only cost the time to read them anew."""


@frozen
class Wishes:
    """What the client asks of the gateway itself; these headers are never forwarded."""

    template_name: str | None
    dry_run: bool
    idempotency_key: str | None
    job_id: str | None
    repeats: str | None = None
    respond_async: bool = False


@frozen
class Arrival:
    """A request's head, checked; `dialled` is scheme and host as the client spelt them."""

    method: str
    target: str
    headers: Headers
    dialled: str
    peer: str
    client: str
    authorization: str
    wishes: Wishes


def read_arrival(request: web.BaseRequest) -> Arrival:
    """Check the head; raises RequestError with the 4xx that says what to mend."""
    method = request.method
    if request.version not in _VERSIONS:
        raise _refused("speak HTTP/1.1 or HTTP/1.0")
    if method not in METHODS:
        allowed = ", ".join(sorted(METHODS))
        problem = Problem(
            ProblemType.METHOD_REFUSED, 405, f"the method {method[:20]!r} is not passed on; use {allowed}"
        )
        raise RequestError(problem)
    headers = tuple(request.headers.items())
    found = _found(headers)
    authorization = found.get("authorization", "")
    return Arrival(
        method=method,
        target=request.raw_path,
        headers=headers,
        dialled=f"{request.scheme}://{_host(found.get('host', ''))}",
        peer=request.remote or "",
        client=_basic_user(authorization),
        authorization=authorization,
        wishes=_NO_WISHES if found.keys() <= _PLAIN[method] else _special(request, found),
    )


_WISHES: Final = frozenset(
    {"itsm-template", "itsm-dry-run", "idempotency-key", "itsm-call-id", "itsm-job-id", "prefer"}
)
_FRAMING: Final = frozenset({"transfer-encoding", "content-length", "expect"})
_LOOKED_AT: Final = METHOD_OVERRIDES | _WISHES | _FRAMING | {"host", "authorization", "upgrade"}

_WITHOUT_BODY: Final = frozenset({"host", "authorization"})
_PLAIN: Final = {
    each.value: _WITHOUT_BODY if each.value in BODYLESS else _WITHOUT_BODY | {"content-length"} for each in Method
}
"""What calls of a method bring that are not looked at any closer."""


def _found(headers: Headers) -> dict[str, str]:
    """What the gateway itself looks at, by name in lower case."""
    found: dict[str, str] = {}
    for name, value in headers:
        if not value.isascii():
            raise _not_ascii(name)
        lower = _BY_SPELLING[name]
        if lower is None:
            continue
        if lower in found and lower != "prefer":  # which is a list
            raise _refused(f"the header {name[:60]!r} is there twice, and may be read either way; send it once")
        found[lower] = f"{found[lower]}, {value}" if lower in found else value
    return found


def _looked_at(name: str) -> str | None:
    if not name.isascii():
        raise _not_ascii(name)
    lower = name.lower()
    return lower if lower in _LOOKED_AT else None


_BY_SPELLING: Final = BySpelling(_looked_at)


def _not_ascii(name: str) -> RequestError:
    return _refused(f"the header {name[:60]!r} holds bytes that are no ASCII; encode them")


def _special(request: web.BaseRequest, found: dict[str, str]) -> Wishes:
    """What only few calls bring: wishes for the gateway, bodies of another kind, and tricks."""
    _refuse_tricks(request.method, found)
    _refuse_framing(request, found)
    return _NO_WISHES if _WISHES.isdisjoint(found) else _wishes(found)


def _refuse_tricks(method: str, found: dict[str, str]) -> None:
    if "upgrade" in found:
        raise _refused("protocol upgrades are not passed on; leave the Upgrade header out")
    overrides = METHOD_OVERRIDES & found.keys()
    if overrides and method not in _READS:
        name = min(overrides)
        raise _refused(f"the header {name!r} would change the method behind the gateway; send the method itself")


def _refuse_framing(request: web.BaseRequest, found: dict[str, str]) -> None:
    """A body must end where everyone between here and the platform sees its end."""
    coding = found.get("transfer-encoding")
    if coding is not None and (coding.strip().lower() != "chunked" or request.version == HttpVersion10):
        raise _refused("a body's Transfer-Encoding must be 'chunked', in HTTP/1.1; send Content-Length instead")
    if found.get("expect", "100-continue").strip().lower() != "100-continue":
        raise RequestError(Problem(ProblemType.MALFORMED_REQUEST, 417, "nothing but 'Expect: 100-continue' is met"))
    if request.method in BODYLESS and (request.content_length or 0) > MOST_OF_BODYLESS:
        raise too_large_for(request.method)


@lru_cache(_REMEMBERED)
def _host(host: str) -> str:
    if not _HOST.fullmatch(host):
        raise _refused(f"the Host header {host[:60]!r} is no host name; links in answers could not lead back here")
    return host


def _wishes(found: dict[str, str]) -> Wishes:
    dry_run = found.get("itsm-dry-run", "false").strip().lower()
    if dry_run not in {"true", "false"}:
        raise _refused(f"ITSM-Dry-Run must be true or false, not {dry_run[:20]!r}")
    key, repeats = found.get("idempotency-key"), found.get("itsm-call-id")
    return Wishes(
        template_name=_name(found, "itsm-template"),
        dry_run=dry_run == "true",
        idempotency_key=_bounded("Idempotency-Key", key) if key else None,
        job_id=_name(found, "itsm-job-id"),
        repeats=_bounded("ITSM-Call-Id", repeats) if repeats else None,
        respond_async=_RESPOND_ASYNC.search(found.get("prefer", "")) is not None,
    )


_NO_WISHES: Final = Wishes(None, dry_run=False, idempotency_key=None, job_id=None)


def _name(found: dict[str, str], header: str) -> str | None:
    value = found.get(header)
    if value is None:
        return None
    return _bounded(header, value.strip())


def _bounded(header: str, value: str) -> str:
    if not 0 < len(value) <= _MAX_NAME:
        raise _refused(f"the header {header} must hold 1 to {_MAX_NAME} characters")
    return value


def _basic_user(authorization: str) -> str:
    """Who calls, as far as the client says it in the open; never a token, which may be a secret."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        decoded = binascii.a2b_base64(credentials, strict_mode=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return decoded.partition(":")[0][:_MAX_NAME]


def _refused(detail: str) -> RequestError:
    return RequestError(Problem(ProblemType.MALFORMED_REQUEST, 400, detail))
