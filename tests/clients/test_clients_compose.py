"""The Compose file: read by the real docker-compose, and what it would start is started, without an engine."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, encode_basic_auth
from aiohttp.test_utils import TestServer, unused_port
from clients.conftest import PYTHON, Run
from running import ROOT

from gateway.simulator import SimulatedServiceNow

COMPOSE = "lib/python*/site-packages/compose/docker-compose"
"""The program itself; the script beside python loses its exit code."""

FILE = ROOT / "config" / "recipes" / "compose.yaml"
GIVEN = {
    "CLIENT_SHA256": sha256(b"client").hexdigest(),
    "OPERATOR_SHA256": sha256(b"operator").hexdigest(),
    "SERVICENOW_PASSWORD": "right",
}
BEYOND = "127.1"
"""Loopback in a spelling that does not say so: as open as a container's listeners."""


def docker_compose() -> str:
    found = next(PYTHON.parents[1].glob(COMPOSE), None)
    assert found, "docker-compose is missing: run `make test`, which makes the clients' virtual environment"
    return str(found)


async def service_of(run: Run, given: Mapping[str, str] = GIVEN) -> dict[str, Any]:
    """What docker-compose makes of the file."""
    environ = [f"{name}={value}" for name, value in given.items()]
    ended = await run("/usr/bin/env", *environ, docker_compose(), "-f", str(FILE), "config", "--format", "json")
    assert ended.code == 0, ended.errors
    service: dict[str, Any] = json.loads(ended.output)["services"]["gateway"]
    return service


def on_this_machine(
    service: Mapping[str, Any], upstream: str, folder: Path
) -> tuple[list[str], dict[str, str], dict[str, int]]:
    """The container's command and environment with its mounts in their places, and a free port for each of its own."""
    places = {
        mount["target"]: str(folder) if mount["type"] == "volume" else mount["source"] for mount in service["volumes"]
    }
    ports = {str(port["target"]): unused_port() for port in service["ports"]} | {"8080": unused_port()}

    def here(text: str) -> str:
        for inside, outside in places.items():
            text = text.replace(inside, outside)
        for inside, port in ports.items():
            text = text.replace(f"0.0.0.0:{inside}", f"{BEYOND}:{port}")
        return text

    environ = {name: here(value) for name, value in service["environment"].items()}
    environ["ITSM_GATEWAY__UPSTREAMS__SERVICENOW__BASE_URL"] = upstream
    return [here(word) for word in service["command"]], environ, ports


@asynccontextmanager
async def started(command: list[str], environ: Mapping[str, str]) -> AsyncIterator[None]:
    program = (sys.executable, "-m", "gateway", *command)
    process = await asyncio.create_subprocess_exec(
        *program, env=os.environ | {"PYTHONPATH": str(ROOT)} | environ, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def answers(session: ClientSession, url: str) -> None:
    async with asyncio.timeout(30):
        while True:
            with suppress(ClientError):
                if (await session.get(url)).status == 200:
                    return
            await asyncio.sleep(0.05)


async def test_what_the_compose_file_starts_takes_tickets_from_who_has_a_token(run: Run, tmp_path: Path):
    servicenow = SimulatedServiceNow(credentials=("gateway", "right"))
    async with TestServer(servicenow.app()) as server, ClientSession() as session:
        command, environ, ports = on_this_machine(await service_of(run), str(server.make_url("")).rstrip("/"), tmp_path)
        async with started(command, environ):
            await answers(session, f"http://127.0.0.1:{ports['8090']}/readyz")
            incidents = f"http://127.0.0.1:{ports['8081']}/api/now/table/incident"
            ticket = {"short_description": "Disk full"}
            made = await session.post(
                incidents, json=ticket, headers={"Authorization": encode_basic_auth("anybody", "client")}
            )
            stranger = await session.post(incidents, json=ticket)
            calls = await session.get(
                f"http://127.0.0.1:{ports['8090']}/api/v1/calls", headers={"Authorization": "Bearer operator"}
            )

    assert (made.status, stranger.status, calls.status) == (201, 401, 200)
    assert [made["short_description"] for made in servicenow.tickets()] == ["Disk full"]
    assert (tmp_path / "records.db").exists()


async def test_the_compose_file_fits_the_image_that_it_builds(run: Run):
    service = await service_of(run)
    dockerfile = Path(service["build"]["context"]) / service["build"]["dockerfile"]
    text = dockerfile.read_text("utf-8")

    volume = next(mount["target"] for mount in service["volumes"] if mount["type"] == "volume")
    assert f"VOLUME {volume}\n" in text
    assert 'ENTRYPOINT ["itsm-gateway"]' in text
    assert f"CMD {json.dumps(service['command'])}" in text
    assert {port["host_ip"] for port in service["ports"]} == {"127.0.0.1"}


@pytest.mark.parametrize("left_out", sorted(GIVEN))
async def test_a_secret_that_is_not_given_is_asked_for_by_name(run: Run, left_out: str):
    given = [f"{name}={value}" for name, value in GIVEN.items() if name != left_out]

    ended = await run("/usr/bin/env", *given, docker_compose(), "-f", str(FILE), "config")

    assert ended.code != 0
    assert f"required variable {left_out} is missing a value" in ended.errors
