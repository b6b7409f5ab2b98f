"""Set the stage: two simulated platforms and a gateway, wired through real files that a visitor may edit."""

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from gateway.config.address import HostPort
from gateway.domain.frozen import frozen
from gateway.simulator import SimulatedJira, SimulatedServiceNow
from gateway.telemetry.log import Log
from gateway.web.serve import Running, running

HOST: Final = "127.0.0.1"
JIRA_INDEX_DELAY_SECONDS: Final = 0.3
LOGIN: Final = ("gateway", "only-for-the-demo")
"""The gateway logs in for its clients, as it would in earnest."""

_ENVIRON: Final = {"DEMO_PASSWORD": LOGIN[1]}


@frozen
class Ports:
    """First port of each row; 0 lets the system choose."""

    proxy: int = 8080
    servicenow: int = 8081
    jira: int = 8082
    api: int = 8090


@frozen
class Stage:
    """Everything on the stage, serving."""

    servicenow: SimulatedServiceNow
    jira: SimulatedJira
    gateway: Running
    platforms: Mapping[str, str]
    folder: Path

    def address(self, listener: str) -> str:
        """A listener's URL."""
        return f"http://{self.gateway.bound[listener]}"

    @property
    def config_file(self) -> Path:
        """The gateway's config; edits of its templates and retry settings take effect at once."""
        return self.folder / "itsm_config.json"

    @property
    def policies_dir(self) -> Path:
        """The gateway's policies; edits take effect at once."""
        return self.folder / "policies"


@asynccontextmanager
async def staged(folder: Path, shipped: Path, ports: Ports, log: Log) -> AsyncIterator[Stage]:
    """Serve both platforms and a gateway from a folder of its own; `shipped` holds the policies and the config."""
    servicenow = SimulatedServiceNow(credentials=LOGIN)
    jira = SimulatedJira(credentials=LOGIN, index_delay=JIRA_INDEX_DELAY_SECONDS, old_search=True)
    async with AsyncExitStack() as stack:
        platforms = {
            "servicenow": await _served(stack, servicenow.app()),
            "jira": await _served(stack, jira.app()),
        }
        shutil.copytree(shipped / "policies", folder / "policies", dirs_exist_ok=True)
        config = _config(json.loads((shipped / "config" / "itsm_config.json").read_text()), platforms, ports, folder)
        config_file = folder / "itsm_config.json"
        config_file.write_text(json.dumps(config, indent=2) + "\n")
        gateway = await stack.enter_async_context(running(config_file, folder / "policies", _ENVIRON, log))
        yield Stage(servicenow, jira, gateway, platforms, folder)


async def _served(stack: AsyncExitStack, app: web.Application) -> str:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, HOST, 0).start()
    return f"http://{HOST}:{runner.addresses[0][1]}"


def _config(shipped: dict[str, Any], platforms: Mapping[str, str], ports: Ports, folder: Path) -> dict[str, Any]:
    """The shipped config before simulated platforms, its delays shortened so that a visitor sees each scene end."""
    return shipped | {
        "listen": {"proxy": f"{HOST}:{ports.proxy}", "api": f"{HOST}:{ports.api}"},
        "upstreams": {
            "servicenow": _upstream("servicenow", platforms, ports.servicenow, settle=0.3, late=3),
            "jira": _upstream("jira", platforms, ports.jira, settle=0.6, late=3),
        },
        "retry_policy": shipped.get("retry_policy", {}) | {"retry_delay_seconds": 0.5},
        "timeout": {"connection_timeout_seconds": 2, "read_timeout_seconds": 2, "total_timeout_seconds": 10},
        "store": {"url": f"sqlite+aiosqlite:///{folder / 'demo.db'}"},
    }


def _upstream(platform: str, platforms: Mapping[str, str], port: int, *, settle: float, late: float) -> dict[str, Any]:
    return {
        "platform": platform,
        "base_url": platforms[platform],
        "listen": str(HostPort(HOST, port)),
        "credentials": {"type": "basic", "username": LOGIN[0], "password": {"env": "DEMO_PASSWORD"}},
        "reconcile": {"settle_seconds": settle, "late_effect_seconds": late},
    }
