"""Who is calling: Basic, Bearer, or the session cookie that a login hands out."""

from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie

from gateway.simulator.credentials import basic_credentials, bearer_token
from gateway.simulator.jira.changes import body_of
from gateway.simulator.jira.errors import Refusal
from gateway.simulator.messages import Answer, Request, json_answer
from gateway.simulator.ports import Ids

SESSION_COOKIE = "JSESSIONID"


class Access:
    """The doorkeeper of one site; without credentials and tokens everybody is somebody."""

    def __init__(self, credentials: tuple[str, str] | None, tokens: Collection[str], ids: Ids) -> None:
        self._credentials = credentials
        self._tokens = tokens
        self._ids = ids
        self._sessions: dict[str, str] = {}

    def user_of(self, request: Request) -> str | None:
        """The caller's name; None is anonymous."""
        basic = basic_credentials(request)
        if self._is_open:
            return basic[0] if basic else self._session_user(request) or "admin"
        if basic is not None and basic == self._credentials:
            return basic[0]
        if bearer_token(request) in self._tokens:
            return "api.user"
        return self._session_user(request)

    def failed(self, request: Request) -> bool:
        """Whether the caller tried to log in and could not."""
        return request.header("Authorization") is not None and self.user_of(request) is None

    def session(self, request: Request) -> Answer:
        """The login resource that cookie clients use."""
        if request.method == "POST":
            return self._log_in(request)
        if request.method == "DELETE":
            self._sessions.pop(_session_id(request), None)
            return Answer(204)
        user = self.user_of(request)
        if user is None:
            raise Refusal(401, "You are not authenticated.")
        return json_answer(200, {"self": f"{request.origin}/rest/api/latest/user?username={user}", "name": user})

    @property
    def _is_open(self) -> bool:
        return self._credentials is None and not self._tokens

    def _log_in(self, request: Request) -> Answer:
        body = body_of(request)
        given = (str(body.get("username")), str(body.get("password")))
        if not self._is_open and given != self._credentials:
            raise Refusal(401, "Login failed")
        session = self._ids().upper()
        self._sessions[session] = given[0]
        document = {"session": {"name": SESSION_COOKIE, "value": session}, "loginInfo": {"loginCount": 1}}
        cookies = (
            ("Set-Cookie", f"{SESSION_COOKIE}={session}; Path=/; HttpOnly"),
            ("Set-Cookie", f"atlassian.xsrf.token={session[:8]}_lin; Path=/"),
        )
        return json_answer(200, document, *cookies)

    def _session_user(self, request: Request) -> str | None:
        return self._sessions.get(_session_id(request))


def _session_id(request: Request) -> str:
    try:
        cookies = SimpleCookie(request.header("Cookie") or "")
    except CookieError:
        return ""
    return cookies[SESSION_COOKIE].value if SESSION_COOKIE in cookies else ""
