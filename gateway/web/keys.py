"""What the handlers find in their application, each under a typed key."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from gateway.config.settings import Settings
from gateway.domain.actor import Actor
from gateway.domain.call import PlatformName
from gateway.domain.frozen import frozen
from gateway.pipeline.ports import Ports
from gateway.policy.rules import Rules
from gateway.records.alerts import Alerts
from gateway.records.desk import Desk
from gateway.records.reports import Reports
from gateway.telemetry.broadcast import Broadcast
from gateway.telemetry.last_seen import LastSeen
from gateway.telemetry.metrics import Metrics
from gateway.web.lifecycle import Lifecycle

if TYPE_CHECKING:
    from gateway.web.guard import Guard


@frozen
class UpstreamInfo:
    """What the API must know of one configured upstream."""

    name: str
    platform: PlatformName
    base_url: str
    has_credentials: bool
    total_timeout_seconds: float


REPORTS = web.AppKey("reports", Reports)
DESK = web.AppKey("desk", Desk)
ALERTS = web.AppKey("alerts", Alerts)
SETTINGS = web.AppKey("settings", Settings)
CURRENT_RULES: web.AppKey[Callable[[], Rules]] = web.AppKey("current_rules")
"""The rules in force at this moment."""

CLOCK: web.AppKey[Callable[[], float]] = web.AppKey("clock")
"""Unix seconds, UTC."""

PORTS = web.AppKey("ports", Ports)
UPSTREAMS: web.AppKey[Mapping[str, UpstreamInfo]] = web.AppKey("upstreams")
"""Every configured upstream by its name."""

GUARD: web.AppKey["Guard"] = web.AppKey("guard")
"""Decides who may ask what."""

LIFECYCLE = web.AppKey("lifecycle", Lifecycle)
METRICS = web.AppKey("metrics", Metrics)
LAST_SEEN = web.AppKey("last_seen", LastSeen)
BROADCAST = web.AppKey("broadcast", Broadcast)

ACTOR = web.RequestKey("actor", Actor)
"""Who asks, for whoever keeps account of what was done; set for every path that is not open to all."""

CALL_ID = web.RequestKey("call_id", str)
"""Each request's own id, given by the error middleware: its call's, where it makes one."""
