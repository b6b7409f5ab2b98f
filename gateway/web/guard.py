"""The API's guard: who asks, whether they may, and whether a web page made their browser ask."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from gateway.config.settings import Settings
from gateway.domain.actor import LOCAL, Actor, Role
from gateway.domain.frozen import frozen
from gateway.domain.problem import Problem, ProblemType, RequestError
from gateway.web.access import Identities, Tokens
from gateway.web.keys import ACTOR, GUARD

_OPEN_PATHS: Final = frozenset({"/", "/livez", "/readyz", "/console", "/openapi.json", "/docs"})
_OPEN_FOLDERS: Final = ("/console/", "/docs/")
"""Files that every gateway has, and the two probes that say nothing but yes or no."""

_READS: Final = frozenset({"GET", "HEAD"})
_READ_BY_POST: Final = frozenset({"/api/v1/policies/explain"})
_ABOUT_ONESELF: Final = "/api/v1/me"
_TICKETS_DOOR: Final = tuple(f"/api/v1/tickets/{last}" for last in ("templates", "from-template", "from-alertmanager"))

HARDENING: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


@frozen
class Guard:
    """Decides about one request of the API; without `names_needed` whoever reaches the listener is the operator."""

    tokens: Tokens
    identities: Identities | None
    names_needed: bool
    hosts: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> "Guard":
        """As the config says; a listener beyond loopback always asks for a name."""
        access, api = settings.access, settings.listen.api
        identities = Identities(access.identity_header) if access.identity_header else None
        needed = access.names_people or not api.is_loopback
        return cls(Tokens.of(access.tokens), identities, needed, frozenset({api.host, *access.hosts}))

    def admit(self, request: web.Request) -> Actor:
        """Who asks, where they may; raises RequestError (401, 403)."""
        holder = self.tokens.holder(request.headers.get(hdrs.AUTHORIZATION, ""))
        if holder is None:  # a web page cannot give a browser a token, but it can lend it a name and an address
            self._refuse_foreign_pages(request)
            holder = self._signed_in(request)
        if holder is None:
            raise _refused(ProblemType.UNAUTHENTICATED, 401, _WHO)
        if not _may(holder.role, request.method, request.path):
            detail = f"{holder.name!r} has the role {holder.role.value!r}, which may not {request.method} this"
            raise _refused(ProblemType.FORBIDDEN, 403, detail)
        return holder

    def _signed_in(self, request: web.Request) -> Actor | None:
        if self.identities is not None:
            named = request.headers.get(self.identities.header.name, "")
            found = self.identities.signed_in(request.remote or "", named)
            if found is not None:
                return found
        return None if self.names_needed else LOCAL

    def _refuse_foreign_pages(self, request: web.Request) -> None:
        host = _host_in(f"//{request.headers.get(hdrs.HOST, '')}")
        if not (_is_address(host) or host == "localhost" or host.endswith(".localhost") or host in self.hosts):
            detail = f"the Host {host[:60]!r} is not this gateway's; add it to access.hosts if it is"
            raise _refused(ProblemType.FORBIDDEN, 403, detail)
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and request.method not in _READS and _host_in(origin) != host:
            raise _refused(ProblemType.FORBIDDEN, 403, f"a page of {origin[:60]!r} may not act here")


_WHO: Final = "send an access token as `Authorization: Bearer …`; `itsm-gateway token NAME --role viewer` makes one"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing but the open files is shown to nobody in particular."""
    if request.path not in _OPEN_PATHS and not request.path.startswith(_OPEN_FOLDERS):
        request[ACTOR] = request.config_dict[GUARD].admit(request)
    return await handler(request)


async def harden(_request: web.Request, response: web.StreamResponse) -> None:
    """No answer of the API is a page, unless it says so itself; and none says what it is made with."""
    response.headers.popall(hdrs.SERVER, None)
    for name, value in HARDENING.items():
        response.headers.setdefault(name, value)


def _may(role: Role, method: str, path: str) -> bool:
    if path == _ABOUT_ONESELF:
        return True
    match role:
        case Role.OPERATOR:
            return True
        case Role.VIEWER:
            return method in _READS or path in _READ_BY_POST
        case Role.CLIENT:
            return path in _TICKETS_DOOR


def _host_in(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    """A page can make its own name lead here, but never an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _refused(kind: ProblemType, status: int, detail: str) -> RequestError:
    return RequestError(Problem(kind, status, detail))
