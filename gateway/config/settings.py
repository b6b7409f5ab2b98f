"""The whole config file as one frozen value: the specification's keys, and the gateway's own."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue

from gateway.config.access import Access
from gateway.config.address import Address, HostPort
from gateway.config.calendar_settings import CalendarSettings
from gateway.config.forms import form
from gateway.config.tls_settings import TlsSettings
from gateway.config.tracing_settings import TracingSettings
from gateway.config.upstream_settings import UpstreamSettings
from gateway.domain.call import PlatformName
from gateway.policy.policy import Mode
from gateway.policy.retry_settings import RetrySettings, TimeoutSettings
from gateway.policy.rules import UpstreamRules
from gateway.policy.strict import Strict
from gateway.sla.calendar import Calendar

UpstreamName = Annotated[
    str,
    form(
        r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
        "an upstream's name is lower-case letters, digits and - between them, at most 63",
    ),
]
CalendarName = Annotated[
    str,
    form(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", "a calendar's name is letters, digits, `.`, `_` and `-`, at most 100"),
]
StoreUrl = Annotated[
    str,
    form(
        r"(sqlite\+aiosqlite:///|postgresql\+asyncpg://).*",
        "must be sqlite+aiosqlite:/// and a file's path, or postgresql+asyncpg://user@host/name for several replicas",
    ),
]
Delay = Annotated[float, Field(gt=0, le=86_400)]
ByName = dict[str, JsonValue]


class OnStoreFailure(StrEnum):
    """What happens to creates while the records cannot be written."""

    UNFENCED = "unfenced"
    REFUSE = "refuse"


class Listen(Strict):
    """Where the gateway itself is reached."""

    proxy: Address = HostPort("127.0.0.1", 8080)
    api: Address = HostPort("127.0.0.1", 8090)
    ops: Address | None = None
    tls: TlsSettings | None = None


class RetentionDays(Strict):
    """How long records are kept."""

    calls: int = Field(default=30, ge=1, le=36_500)
    tickets: int = Field(default=400, ge=1, le=36_500)


class StoreSettings(Strict):
    """The database of the records."""

    url: StoreUrl = "sqlite+aiosqlite:///itsm-gateway.db"
    on_failure: OnStoreFailure = OnStoreFailure.UNFENCED
    retention_days: RetentionDays = RetentionDays()


class OutboxSettings(Strict):
    """Creates that are delivered later: how many may wait, how often and how long they are tried."""

    max_calls: int = Field(default=20_000, ge=1, le=1_000_000)
    max_bytes: int = Field(default=536_870_912, ge=1_000, le=100_000_000_000)
    retry_delays_seconds: tuple[Delay, ...] = Field(default=(5, 30, 120, 600, 1800, 3600), min_length=1, max_length=50)
    max_age_hours: float = Field(default=72, gt=0, le=8760)


class SweepSettings(Strict):
    """How the journal is compared with the platforms, in the background."""

    enabled: bool = True
    every_seconds: float = Field(default=300, ge=0.05, le=86_400)
    looks_after_seconds: tuple[Delay, ...] = Field(default=(300, 3600), max_length=10)
    reach_hours: float = Field(default=24, gt=0, le=720)


class SlaSettings(Strict):
    """How the gateway learns what became of tickets."""

    poll: bool = False
    poll_seconds: float = Field(default=300, ge=0.05, le=86_400)


class Limits(Strict):
    """What one client or one answer may cost."""

    max_body_bytes: int = Field(default=10_000_000, ge=1_000, le=1_000_000_000)
    max_answer_bytes: int = Field(default=33_554_432, ge=1_000, le=1_000_000_000)
    max_connections: int = Field(default=2_000, ge=1, le=100_000)


class Settings(Strict):
    """Everything in the config file; every key is optional."""

    listen: Listen = Listen()
    upstreams: dict[UpstreamName, UpstreamSettings] = Field(default_factory=dict)
    retry_policy: RetrySettings = RetrySettings()
    timeout: TimeoutSettings = TimeoutSettings()
    templates: dict[PlatformName, ByName] = Field(default_factory=dict)
    template_settings: dict[PlatformName, ByName] = Field(default_factory=dict)
    calendars: dict[CalendarName, CalendarSettings] = Field(default_factory=dict)
    store: StoreSettings = StoreSettings()
    outbox: OutboxSettings = OutboxSettings()
    sweep: SweepSettings = SweepSettings()
    sla: SlaSettings = SlaSettings()
    tracing: TracingSettings = TracingSettings()
    access: Access = Access()
    mode: Mode = Mode.ENFORCE
    limits: Limits = Limits()

    def business_calendars(self) -> dict[str, Calendar]:
        """The calendars that policies may name."""
        return {name: declared.calendar(name) for name, declared in self.calendars.items()}

    def upstream_rules(self) -> dict[str, UpstreamRules]:
        """Per upstream, the settings that take effect without a restart."""
        return {name: upstream.rules(self.retry_policy) for name, upstream in self.upstreams.items()}
