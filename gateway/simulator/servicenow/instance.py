"""What distinguishes one instance from another: its users, its gaps and its locks."""

from collections.abc import Collection, Mapping
from dataclasses import field

from gateway.domain.frozen import frozen
from gateway.simulator.credentials import basic_credentials, bearer_token
from gateway.simulator.messages import Request

Restriction = Mapping[str, Collection[str]]

LEGACY_WITHOUT_CORRELATION: Restriction = {"u_legacy_request": ("correlation_id", "correlation_display")}
PASSWORDS_UNREADABLE: Restriction = {"sys_user": ("user_password",)}


@frozen
class Instance:
    """The settings of one instance; `credentials` None lets everybody in."""

    credentials: tuple[str, str] | None = None
    tokens: Collection[str] = ()
    unreadable: Restriction = field(default_factory=lambda: PASSWORDS_UNREADABLE)
    closed_tables: Collection[str] = ("sys_properties",)
    invalid_query_returns_no_rows: bool = False

    def user_of(self, request: Request) -> str | None:
        """Who is calling; None when the caller has to authenticate first."""
        basic = basic_credentials(request)
        if self.credentials is None and not self.tokens:
            return basic[0] if basic else "admin"
        if basic is not None and basic == self.credentials:
            return basic[0]
        return "api.user" if self._holds_token(request) else None

    def _holds_token(self, request: Request) -> bool:
        key = request.header("x-sn-apikey") or request.parameters.get("x-sn-apikey")
        return bearer_token(request) in self.tokens or key in self.tokens
