"""The wiring: every room of the gateway, built from the settings and tied together for one process."""

import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from gateway.config.credentials import LogIn
from gateway.config.settings import Settings
from gateway.config.upstream_settings import UpstreamSettings
from gateway.pipeline.ports import Ports
from gateway.platforms.registry import PLATFORMS
from gateway.policy.rules import Rules
from gateway.records import Records
from gateway.telemetry.events import Events
from gateway.telemetry.log import Log
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.telling import TellAll
from gateway.upstream.courier import Courier
from gateway.upstream.errand import Line
from gateway.upstream.links import Links
from gateway.upstream.sessions import sessions
from gateway.upstream.settler import Settler
from gateway.upstream.upstream import Upstream
from gateway.web.api import api_app
from gateway.web.keys import ApiContext, UpstreamInfo
from gateway.web.probes import Lifecycle
from gateway.web.proxy import Entrance, ProxyDoor


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway, wired and not yet listening."""

    doors: Mapping[str, ProxyDoor]
    shared_door: ProxyDoor
    api: web.Application
    records: Records
    lifecycle: Lifecycle


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a gateway is given from its process."""

    settings: Settings
    rules: Callable[[], Rules]
    logins: Mapping[str, LogIn]
    log: Log
    metrics: Metrics
