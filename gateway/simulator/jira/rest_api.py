"""Jira's REST API: which path and method lead where."""

import re
from datetime import datetime

from gateway.simulator.jira.access import Access
from gateway.simulator.jira.attachment_api import bytes_of
from gateway.simulator.jira.call import Call
from gateway.simulator.jira.errors import Refusal, failure
from gateway.simulator.jira.issues import Issues
from gateway.simulator.jira.routes import CompiledRoutes, routes_over
from gateway.simulator.jira.routes_beside import routes_beside
from gateway.simulator.jira.site import Site
from gateway.simulator.messages import Answer, Kind, Request, html_answer
from gateway.simulator.ports import Ids

_VERSIONED = re.compile(r"/rest/api/(?P<version>2|3|latest)(?P<resource>/.*?)/?")
_BESIDE = re.compile(r"/rest/(?P<api>servicedeskapi|agile/1\.0|agile/latest)(?P<resource>/.*?)/?")
_REQUESTS = "/rest/servicedeskapi/request"
_SESSION = "/rest/auth/1/session"
_MEDIA = re.compile(r"/media/(?P<id>[^/]+)")
_SECURE = re.compile(r"/secure/attachment/(?P<id>[^/]+)/[^/]+")
_CREATES = frozenset({"/issue", "/issue/bulk"})
_LATEST = 2
_CLOUD_ONLY = 3


class RestApi:
    """One site's REST API; it satisfies the simulation's `Platform`."""

    def __init__(self, site: Site, issues: Issues, access: Access, ids: Ids) -> None:
        self._site = site
        self._issues = issues
        self._access = access
        self._ids = ids
        self._routes = routes_over(issues)
        self._beside = routes_beside(issues)

    def kind_of(self, request: Request) -> Kind:
        """A POST to issues or requests creates, whatever is under `/search` searches."""
        path = self._local_path(request) or ""
        match = _VERSIONED.fullmatch(path)
        if match is None:
            is_request = request.method == "POST" and path.rstrip("/") == _REQUESTS
            return Kind.CREATE if is_request else Kind.OTHER
        if match["resource"] in _CREATES and request.method == "POST":
            return Kind.CREATE
        return Kind.SEARCH if match["resource"] in {"/search", "/search/jql"} else Kind.OTHER

    def answer(self, request: Request, at: datetime) -> Answer:
        """Execute the request; every answer names its trace and the caller."""
        try:
            answer = self._answer(request, at)
        except Refusal as refusal:
            answer = refusal.answer
        return answer.having(*self._trace(request))

    def failure(self, status: int) -> Answer:
        """The site's own words for a status."""
        return failure(status)

    def tickets(self) -> list[dict[str, object]]:
        """The issues of the site, oldest first."""
        return [
            {"id": issue.id, "key": issue.key, "labels": issue.labels, "fields": dict(issue.fields)}
            for issue in self._issues.all()
        ]

    def _answer(self, request: Request, at: datetime) -> Answer:
        path = self._local_path(request)
        if path == _SESSION:
            return self._access.session(request)
        if file := self._file(request, path or ""):
            return file
        if beside := _BESIDE.fullmatch(path or ""):
            base = f"{request.origin}{self._site.context_path}/rest/{beside['api']}"
            call = Call(request, self._site, _LATEST, base, self._access.user_of(request), at)
            return self._routed(call, beside["resource"], self._beside[beside["api"]])
        match = _VERSIONED.fullmatch(path or "")
        if match is None or (match["version"] == str(_CLOUD_ONLY) and not self._site.is_cloud):
            return html_answer(404, "Page unavailable", "Oops, you've found a dead link.")
        if self._access.failed(request) and not self._site.is_cloud:
            raise Refusal(401, "Client must be authenticated to access this resource.")
        version = _LATEST if match["version"] == "latest" else int(match["version"])
        base = f"{request.origin}{self._site.context_path}/rest/api/{match['version']}"
        call = Call(request, self._site, version, base, self._access.user_of(request), at)
        return self._routed(call, match["resource"], self._routes)

    def _routed(self, call: Call, resource: str, routes: CompiledRoutes) -> Answer:
        methods = set()
        for method, pattern, handler in routes:
            match = pattern.fullmatch(resource)
            if match and method == call.request.method:
                return handler(call, *match.groups())
            methods |= {method} if match else set()
        if methods:
            raise Refusal(405, "Method Not Allowed")
        raise Refusal(404, f"null for uri: {call.base}{resource}")

    def _file(self, request: Request, path: str) -> Answer | None:
        """Data Center's attachments need a login; Cloud's media host does not ask who comes."""
        match = _SECURE.fullmatch(path) if self._access.user_of(request) else None
        match = match or _MEDIA.fullmatch(path)
        found = self._issues.attachment(match["id"]) if match else None
        return bytes_of(found[1]) if found and request.method == "GET" else None

    def _local_path(self, request: Request) -> str | None:
        prefix = self._site.context_path
        return request.path.removeprefix(prefix) if request.path.startswith(f"{prefix}/") else None

    def _trace(self, request: Request) -> tuple[tuple[str, str], ...]:
        trace = self._ids()
        user = self._access.user_of(request)
        named = (("atl-traceid", trace),) if self._site.is_cloud else (("X-AUSERNAME", user or "anonymous"),)
        reason = (("X-Seraph-LoginReason", "AUTHENTICATED_FAILED"),) if self._access.failed(request) else ()
        return (("X-AREQUESTID", trace), *named, *reason, *self._rate_limit())

    def _rate_limit(self) -> tuple[tuple[str, str], ...]:
        if not self._site.rate_limit_headers:
            return ()
        shared = (("X-RateLimit-Limit", "100"), ("X-RateLimit-Remaining", "99"))
        if self._site.is_cloud:
            return shared
        return (
            *shared,
            ("X-RateLimit-FillRate", "10"),
            ("X-RateLimit-Interval-Seconds", "1"),
            ("Retry-After", "0"),
        )
