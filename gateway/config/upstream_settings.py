"""`upstreams.<name>`: where one ServiceNow or Jira instance is, how to log in, and what differs for it."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from gateway.config.address import Address, BaseUrl
from gateway.config.forms import form
from gateway.config.secrets import SecretReference
from gateway.config.tls_settings import TlsSettings
from gateway.domain.call import PlatformName
from gateway.domain.retry import RetryPolicy, Timeouts, Windows
from gateway.policy.policy import Unmatched
from gateway.policy.retry_settings import RetrySettings, TimeoutSettings
from gateway.policy.rules import UpstreamRules
from gateway.policy.strict import Strict

DEFAULT_WINDOWS = {
    PlatformName.SERVICENOW: Windows(settle_seconds=2, late_effect_seconds=65),
    PlatformName.JIRA: Windows(settle_seconds=15, late_effect_seconds=75),
}
"""ServiceNow cancels a transaction after 60 s; Jira's search lags behind its writes."""

HeaderName = Annotated[str, form(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", "must be a header's name: letters, digits and -")]
UserName = Annotated[str, form(r"[^:\x00-\x1f\x7f]+", "must be a user's name, without a colon: Basic cannot carry one")]


class BasicCredentials(Strict):
    """A user and a password, or a Jira user's e-mail and API token."""

    type: Literal["basic"]
    username: UserName
    password: SecretReference


class BearerCredentials(Strict):
    """A token, sent as `Authorization: Bearer`."""

    type: Literal["bearer"]
    token: SecretReference


class HeaderCredentials(Strict):
    """A header of your own, such as `x-sn-apikey`."""

    type: Literal["header"]
    name: HeaderName
    value: SecretReference


class NoCredentials(Strict):
    """Each client's own `Authorization` passes through."""

    type: Literal["none"]


Credentials: TypeAlias = Annotated[
    BasicCredentials | BearerCredentials | HeaderCredentials | NoCredentials, Field(discriminator="type")
]


class ReconcileSettings(Strict):
    """How long a ticket that is not found may still appear; what is absent is the platform's default."""

    settle_seconds: float | None = Field(default=None, ge=0, le=3600)
    late_effect_seconds: float | None = Field(default=None, ge=0, le=3600)


class UpstreamSettings(Strict):
    """One configured instance."""

    platform: PlatformName
    base_url: BaseUrl
    listen: Address | None = None
    tls: TlsSettings | None = None
    credentials: Credentials = NoCredentials(type="none")
    unmatched: Unmatched = Unmatched.FORWARD
    reconcile: ReconcileSettings = ReconcileSettings()
    retry_policy: RetrySettings = RetrySettings()
    timeout: TimeoutSettings = TimeoutSettings()
    circuit_breaker: bool = True
    read_back: bool = True
    retry_budget_percent: int = Field(default=20, ge=1, le=100)
    ca_file: str | None = Field(default=None, min_length=1)
    egress_proxy: BaseUrl | None = None

    @property
    def has_credentials(self) -> bool:
        """Whether the gateway logs in by itself."""
        return not isinstance(self.credentials, NoCredentials)

    @property
    def calls_per_retry(self) -> int:
        """How many calls pay for one retry; 0 where the budget is set aside."""
        percent = self.retry_budget_percent
        return 0 if percent == 100 else round(100 / percent)  # noqa: PLR2004 (the whole)

    @property
    def windows(self) -> Windows:
        """The reconcile windows in force."""
        default = DEFAULT_WINDOWS[self.platform]
        settle, late = self.reconcile.settle_seconds, self.reconcile.late_effect_seconds
        return Windows(
            settle_seconds=default.settle_seconds if settle is None else settle,
            late_effect_seconds=default.late_effect_seconds if late is None else late,
        )

    def timeouts(self, shared: TimeoutSettings) -> Timeouts:
        """The shared timeouts, with this upstream's own keys over them."""
        return self.timeout.over(shared.over(Timeouts()))

    def rules(self, shared: RetrySettings) -> UpstreamRules:
        """The settings that take effect without a restart."""
        retry = self.retry_policy.over(shared.over(RetryPolicy()))
        return UpstreamRules(self.platform, retry, self.unmatched, self.has_credentials)
