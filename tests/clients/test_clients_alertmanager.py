"""A real Alertmanager, with the recipe as it stands, opens tickets through the gateway."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import yaml
from monitoring.servers import binary, free_port, served
from running import ROOT, RunningGateway, StartGateway

from gateway.simulator import CREATES, SEARCHES, SimulatedServiceNow, hangs

RECIPES = ROOT / "config" / "recipes"
SHORT_WAITS = {"group_wait": "100ms", "group_interval": "300ms"}
TOKEN = "a token of the test's own"
CONFIG = {
    **json.loads((RECIPES / "alert_template.json").read_text()),
    "access": {
        "tokens": [{"name": "alertmanager", "role": "client", "sha256": sha256(TOKEN.encode()).hexdigest()}],
    },
}
LOGIN = {"credentials": {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}}
ACROSS_THE_BRINK = {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.2, "total_timeout_seconds": 0.4}


@dataclass(frozen=True)
class Alertmanager:
    """One that has been given the recipe."""

    address: str
    gateway: RunningGateway

    async def hear(self, instance: str, *, began: datetime, over: bool = False) -> None:
        """What Prometheus says of an alert."""
        alert = {
            "labels": {"alertname": "DiskFull", "job": "db", "instance": instance},
            "annotations": {"summary": f"no space left on {instance}"},
            "startsAt": began.isoformat(),
            **({"endsAt": datetime.now(UTC).isoformat()} if over else {}),
        }
        async with self.gateway.session.post(f"{self.address}/api/v2/alerts", json=[alert]) as answer:
            assert answer.status == 200, await answer.text()

    async def told(self) -> int:
        """How many notifications have been sent and taken."""
        return await self._count("notification_latency_seconds_count") - await self.refused()

    async def refused(self) -> int:
        """How many were not, so that they are sent again."""
        return await self._count("notification_requests_failed_total")

    async def _count(self, name: str) -> int:
        async with self.gateway.session.get(f"{self.address}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        found = f'alertmanager_{name}{{integration="webhook"}} '
        return next(int(float(line.removeprefix(found))) for line in lines if line.startswith(found))

    async def after(self, happening: Awaitable[None]) -> None:
        """Let it happen, and wait until somebody has been told of it."""
        before = await self.told()
        await happening
        await until(lambda: self._has_told_more(before))

    async def _has_told_more(self, before: int) -> bool:
        return await self.told() > before


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await reached():  # noqa: ASYNC110  # another process gets there
            await asyncio.sleep(0.05)


@asynccontextmanager
async def alertmanager(gateway: RunningGateway, folder: Path) -> AsyncIterator[Alertmanager]:
    """The recipe, with this gateway's address, the test's token and short waits in it."""
    token, config_file, port = folder / "token", folder / "alertmanager.yml", free_port()
    token.write_text(TOKEN)
    recipe = (RECIPES / "alertmanager.yml").read_text()
    placed = recipe.replace("http://127.0.0.1:8090", gateway.api).replace(
        "/etc/alertmanager/itsm-gateway.token", str(token)
    )
    settings = yaml.safe_load(placed)
    config_file.write_text(yaml.safe_dump(settings | {"route": settings["route"] | SHORT_WAITS}))
    command = [
        binary("prometheus-alertmanager", "prometheus-alertmanager"),
        f"--config.file={config_file}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    async with served(command, port, gateway.session) as address:
        yield Alertmanager(address, gateway)


async def a_gateway(
    start: StartGateway, servicenow: SimulatedServiceNow, **config: Mapping[str, object]
) -> RunningGateway:
    return await start(servicenow=servicenow, config=CONFIG | config, upstream=LOGIN, environ={"PASSWORD": "right"})


async def test_a_group_that_fires_has_one_ticket_until_it_fires_anew(start_gateway: StartGateway, tmp_path: Path):
    servicenow, began = SimulatedServiceNow(credentials=("gateway", "right")), datetime.now(UTC) - timedelta(minutes=5)
    gateway = await a_gateway(start_gateway, servicenow)
    async with alertmanager(gateway, tmp_path) as alerts:
        await alerts.after(alerts.hear("db-7", began=began))
        after_the_first = len(servicenow.tickets())
        await alerts.after(alerts.hear("db-8", began=began + timedelta(minutes=1)))
        await alerts.after(alerts.hear("db-7", began=began, over=True))
        await alerts.after(alerts.hear("db-8", began=began + timedelta(minutes=1), over=True))
        after_the_last = len(servicenow.tickets())
        await alerts.after(alerts.hear("db-7", began=datetime.now(UTC)))

    first, second = servicenow.tickets()
    assert (after_the_first, after_the_last) == (1, 1)
    assert first["short_description"] == second["short_description"] == "DiskFull: no space left on db-7"
    assert first["description"].splitlines()[2].startswith("DiskFull (instance=db-7, job=db) since ")
    assert (first["impact"], first["urgency"]) == ("2", "2")


async def test_alertmanagers_own_retries_of_a_create_whose_answer_was_lost_make_one_ticket(
    start_gateway: StartGateway, tmp_path: Path
):
    servicenow = SimulatedServiceNow(credentials=("gateway", "right"))
    servicenow.faults.add(hangs(stored=True).on(CREATES), hangs().on(SEARCHES))
    gateway = await a_gateway(start_gateway, servicenow, timeout=ACROSS_THE_BRINK)

    async with alertmanager(gateway, tmp_path) as alerts:
        await alerts.after(alerts.hear("db-7", began=datetime.now(UTC)))
        refused = await alerts.refused()

    assert len(servicenow.tickets()) == 1
    assert refused >= 1
    calls = (await (await gateway.get(f"{gateway.api}/api/v1/calls")).json())["items"]
    assert {call["outcome"] for call in calls} - {"replayed"} == {"reconciled"}


async def test_amtool_has_no_fault_to_find_in_the_recipe():
    amtool = binary("amtool", "prometheus-alertmanager")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        amtool, "check-config", str(RECIPES / "alertmanager.yml"), stdout=pipe, stderr=pipe
    )

    output, errors = await process.communicate()

    assert process.returncode == 0, errors.decode()
    assert b"SUCCESS" in output
