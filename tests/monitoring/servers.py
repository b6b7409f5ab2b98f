"""A real Prometheus and a real Alertmanager on loopback, in folders of their own, for as long as a block lasts."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientError, ClientSession, web

START_SECONDS = 60


def binary(name: str, package: str) -> str:
    """The program's path; without it the tests fail, because nothing else proves what they prove."""
    found = shutil.which(name)
    if found is None:
        raise AssertionError(
            f"{name} is not installed; `make test` installs it, or as root: "
            f"apt-get install -y --no-install-recommends {package}"
        )
    return found


def promtool() -> str:
    return binary("promtool", "prometheus")


@dataclass(frozen=True)
class Prometheus:
    """One that scrapes."""

    address: str
    session: ClientSession

    async def query(self, expr: str, at: float | None = None) -> list[dict[str, Any]]:
        """The samples of an instant query."""
        result: list[dict[str, Any]] = (await self._ask("query", query=expr, **_given(time=at)))["result"]
        return result

    async def value(self, expr: str, at: float | None = None) -> float:
        """The one sample of an instant query."""
        (sample,) = await self.query(expr, at)
        return float(sample["value"][1])

    async def query_range(self, expr: str, since: float, until: float, step: float = 1) -> list[dict[str, Any]]:
        """The series of a range query."""
        asked = {"query": expr, "start": since, "end": until, "step": step}
        result: list[dict[str, Any]] = (await self._ask("query_range", **asked))["result"]
        return result

    async def exemplars(self, expr: str, since: float, until: float) -> list[dict[str, Any]]:
        """The series that have some, each with its own."""
        found: list[dict[str, Any]] = await self._ask("query_exemplars", query=expr, start=since, end=until)
        return found

    async def label_values(self, label: str, match: str) -> list[str]:
        """What a dashboard's variable offers."""
        values: list[str] = await self._ask(f"label/{label}/values", **{"match[]": match})
        return values

    async def _ask(self, what: str, **params: object) -> Any:
        asked = {name: str(value) for name, value in params.items()}
        async with self.session.get(f"{self.address}/api/v1/{what}", params=asked) as response:
            answer = await response.json()
        assert answer["status"] == "success", f"{params}: {answer.get('error')}"
        return answer["data"]


@dataclass(frozen=True)
class Alertmanager:
    """One that notifies; `notified` holds every alert that it sent as firing, in their order."""

    address: str
    notified: list[dict[str, str]]


@dataclass(frozen=True)
class Watch:
    """What is scraped how often, each target under its own job; `rules` are files by name."""

    targets: Mapping[str, str]
    rules: Mapping[str, str]
    alertmanager: str
    scrape: str


@asynccontextmanager
async def prometheus(folder: Path, watch: Watch, session: ClientSession) -> AsyncIterator[Prometheus]:
    """Scrape, evaluate the rules, and send alerts on."""
    for name, text in watch.rules.items():
        (folder / name).write_text(text)
    config = {
        "global": {
            "scrape_interval": watch.scrape,
            "scrape_timeout": watch.scrape,
            "evaluation_interval": watch.scrape,
        },
        "rule_files": [str(folder / name) for name in watch.rules],
        "alerting": {
            "alertmanagers": [{"static_configs": [{"targets": [watch.alertmanager.removeprefix("http://")]}]}]
        },
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [address.removeprefix("http://")]}]}
            for job, address in watch.targets.items()
        ],
    }
    config_file = folder / "prometheus.yaml"
    config_file.write_text(yaml.safe_dump(config))
    port = free_port()
    command = [
        binary("prometheus", "prometheus"),
        f"--config.file={config_file}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--rules.alert.resend-delay=1s",
        "--enable-feature=exemplar-storage",
    ]
    async with served(command, port, session) as address:
        yield Prometheus(address, session)


@asynccontextmanager
async def alertmanager(folder: Path, config: Path, session: ClientSession) -> AsyncIterator[Alertmanager]:
    """The shipped configuration, with a receiver that remembers and waits cut short."""
    notified: list[dict[str, str]] = []
    async with _receiver(notified) as receiver:
        config_file = _with_receiver(config, receiver, folder)
        port = free_port()
        command = [
            binary("prometheus-alertmanager", "prometheus-alertmanager"),
            f"--config.file={config_file}",
            f"--storage.path={folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ]
        async with served(command, port, session) as address:
            yield Alertmanager(address, notified)


def _with_receiver(config: Path, receiver: str, folder: Path) -> Path:
    settings = yaml.safe_load(config.read_text())
    settings["route"] |= {"group_wait": "1s", "group_interval": "1s"}
    settings["receivers"][0]["webhook_configs"] = [{"url": receiver}]
    config_file = folder / "alertmanager.yaml"
    config_file.write_text(yaml.safe_dump(settings))
    return config_file


@asynccontextmanager
async def _receiver(notified: list[dict[str, str]]) -> AsyncIterator[str]:
    async def take(request: web.Request) -> web.Response:
        told = await request.json()
        notified.extend(alert["labels"] for alert in told["alerts"] if alert["status"] == "firing")
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def served(command: list[str], port: int, session: ClientSession) -> AsyncIterator[str]:
    """The process, once it is ready; what it said is shown when it does not come up."""
    address = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    said: list[str] = []
    listening = asyncio.create_task(_listen(process, said))
    try:
        await _ready(address, process, session, said)
        yield address
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await listening


async def _listen(process: asyncio.subprocess.Process, said: list[str]) -> None:
    assert process.stderr is not None
    said.extend([line.decode(errors="replace") async for line in process.stderr])


async def _ready(address: str, process: asyncio.subprocess.Process, session: ClientSession, said: list[str]) -> None:
    async with asyncio.timeout(START_SECONDS):
        while not await _is_ready(address, session):
            if process.returncode is not None:
                raise AssertionError(f"it ended at once: {''.join(said[-5:])}")
            await asyncio.sleep(0.05)


async def _is_ready(address: str, session: ClientSession) -> bool:
    try:
        async with session.get(f"{address}/-/ready") as response:
            return response.status == 200
    except ClientError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _given(**params: object) -> dict[str, object]:
    return {name: value for name, value in params.items() if value is not None}
