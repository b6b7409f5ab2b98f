"""Every platform the gateway speaks, by its name: the one place where they stand side by side."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gateway.domain.call import PlatformName
from gateway.platforms.jira import Jira
from gateway.platforms.platform import Platform
from gateway.platforms.servicenow import ServiceNow

_SPOKEN: tuple[Platform, ...] = (ServiceNow(), Jira())

PLATFORMS: Final[Mapping[PlatformName, Platform]] = MappingProxyType({platform.name: platform for platform in _SPOKEN})
