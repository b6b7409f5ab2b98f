"""The injected container's command, from the built wheel: it starts without rights, serves, and drains without loss."""

import asyncio
import json
import os
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import ClientConnectionError, ClientSession
from aiohttp.test_utils import TestServer
from k8s.container import Container, build_wheel, container, install, seal, unseal

from gateway.simulator import CREATES, SimulatedServiceNow, delayed

IN_FLIGHT = 12
LIMIT_SECONDS = 10.0
PASSWORD = "hunter2-of-the-sidecar"


class Place(NamedTuple):
    container: Container
    servicenow: SimulatedServiceNow
    session: ClientSession
    processes: list[subprocess.Popen[str]]

    def url(self, listener: str, path: str) -> str:
        return f"http://127.0.0.1:{getattr(self.container.ports, listener)}{path}"

    async def create(self, number: int) -> tuple[int, str]:
        url = self.url("servicenow", "/api/now/table/incident")
        headers = {"Accept": "application/json"}
        async with self.session.post(url, json={"short_description": f"call {number}"}, headers=headers) as answer:
            return answer.status, (await answer.json())["result"]["sys_id"]

    async def status(self, listener: str, path: str) -> int:
        async with self.session.get(self.url(listener, path)) as answer:
            return answer.status


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def root(wheel: Path) -> Iterator[Path]:
    """An image's tree, in a folder that every user may look into, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="itsm-gateway-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        install(wheel, root)
        yield root
        unseal(root)


@pytest.fixture
async def place(root: Path) -> AsyncIterator[Place]:
    """The container's tree before a simulated instance that wants the mounted password."""
    servicenow = SimulatedServiceNow(credentials=("gateway", PASSWORD))
    server = TestServer(servicenow.app())
    await server.start_server()
    upstream = {
        "platform": "servicenow",
        "base_url": str(server.make_url("")).rstrip("/"),
        "credentials": {
            "type": "basic",
            "username": "gateway",
            "password": {"file": "/etc/itsm-gateway/secrets/servicenow-password"},
        },
    }
    laid = container(root, {"upstreams": {"servicenow": upstream}}, PASSWORD)
    seal(laid)
    async with ClientSession() as session:
        place = Place(laid, servicenow, session, [])
        yield place
    for process in (each for each in place.processes if each.poll() is None):
        process.kill()
        await asyncio.to_thread(process.communicate)
    await server.close()


async def started(place: Place) -> subprocess.Popen[str]:
    """Run the command and wait until it is ready, by the command that waits."""
    process = await asyncio.to_thread(place.container.start)
    place.processes.append(process)
    waited = await asyncio.to_thread(
        place.container.run, "itsm-gateway", "wait", place.url("ops", "/readyz"), "--timeout", "30"
    )
    if waited.returncode:
        process.kill()
        output, _ = await asyncio.to_thread(process.communicate)
        pytest.fail(f"{waited.stderr}{output}")
    return process


async def eventually(holds: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 (what is waited for happens in another process)
            await asyncio.sleep(0.02)


def creates_seen(servicenow: SimulatedServiceNow) -> int:
    return len(servicenow.ledger.creates())


def test_the_wheel_carries_the_policies_and_the_example_config(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()

    assert "gateway/shipped_files/policies/servicenow/incident.yaml" in names
    assert "gateway/shipped_files/config/itsm_config.json" in names
    assert not [name for name in names if name.startswith(("tests/", "k8s/", "gateway/ui/"))]


def test_the_wheel_carries_the_console_as_it_was_built(wheel: Path):
    static = Path(__file__).parents[2] / "gateway" / "web" / "static"
    built = {path.relative_to(static.parents[2]).as_posix() for path in static.rglob("*") if path.is_file()}

    names = set(zipfile.ZipFile(wheel).namelist())

    assert "gateway/web/static/index.html" in built
    assert built <= names


async def test_calls_in_flight_end_well_when_the_container_is_stopped(place: Place):
    process = await started(place)
    place.servicenow.faults.add(*[delayed(1.5).on(CREATES)] * IN_FLIGHT)
    calls = [asyncio.create_task(place.create(number)) for number in range(IN_FLIGHT)]

    async def all_in_flight() -> bool:
        return creates_seen(place.servicenow) == IN_FLIGHT

    await eventually(all_in_flight)
    told, draining = time.monotonic(), 0
    process.send_signal(signal.SIGTERM)

    async def not_ready() -> bool:
        return await place.status("ops", "/readyz") == 503

    await eventually(not_ready)
    draining = await place.status("ops", "/livez")
    with pytest.raises(ClientConnectionError):
        await place.create(99)
    answers = await asyncio.gather(*calls)
    output, _ = await asyncio.to_thread(process.communicate)

    assert process.returncode == 0, output
    assert time.monotonic() - told < LIMIT_SECONDS
    assert draining == 200
    assert {status for status, _ in answers} == {201}
    assert len({ticket for _, ticket in answers}) == IN_FLIGHT == creates_seen(place.servicenow)
    assert PASSWORD not in output
    assert written_outside(place.container) == []


async def test_a_call_that_outlasts_the_limit_is_found_again(place: Place):
    process = await started(place)
    place.servicenow.faults.add(delayed(30).on(CREATES))
    call = asyncio.create_task(place.create(1))

    async def in_flight() -> bool:
        return creates_seen(place.servicenow) == 1

    await eventually(in_flight)
    told = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output, _ = await asyncio.to_thread(process.communicate)
    took = time.monotonic() - told
    await asyncio.gather(call, return_exceptions=True)
    again = await started(place)
    async with place.session.get(place.url("api", "/api/v1/calls")) as answer:
        calls: list[dict[str, Any]] = next(value for value in (await answer.json()).values() if isinstance(value, list))
    again.send_signal(signal.SIGTERM)
    await asyncio.to_thread(again.communicate)

    assert process.returncode == 0, output
    assert took < LIMIT_SECONDS
    assert len(calls) == 1
    assert calls[0]["outcome"] in {"unconfirmed", "created", "reconciled"}, json.dumps(calls)


def written_outside(container: Container) -> list[str]:
    """What belongs to the container's user and does not lie in its data folder."""
    user = container.manifest["securityContext"]["runAsUser"] if os.geteuid() == 0 else None
    return [
        str(path.relative_to(container.root))
        for path in container.root.rglob("*")
        if not path.is_relative_to(container.data) and path.lstat().st_uid == user
    ]
