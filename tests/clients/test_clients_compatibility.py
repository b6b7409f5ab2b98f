"""Every client takes every step twice: straight to the platform, and through the gateway. Both must come out alike."""

import json
import os
import random
import re
import shutil
import ssl
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from clients.compatibility import CLIENTS, README, REFUSED, STEPS, Client, row, rows_in, with_row
from clients.conftest import PYTHON, SCRIPTS, Run
from injector.certificates import make_pair
from running import ROOT, StartGateway

from gateway.domain.call import PlatformName
from gateway.simulator import SimulatedJira, SimulatedServiceNow, When, refused

NODE_MODULES = ROOT / ".cache" / "node-clients"
TOO_MANY = 429
FIVE_MB = 5 * 1024 * 1024
NO_HURRY = {"timeout": {"connection_timeout_seconds": 5, "read_timeout_seconds": 20, "total_timeout_seconds": 30}}
PASSING = re.compile(r"port=\d+|(?<=%3D)[0-9a-f]{32}|\b[0-9a-f]{32}\b")
"""Ports and ids, which are others in every run."""

WRITE = "ITSM_GATEWAY_WRITE_TABLE"
"""Set in the environment, it writes what was seen into the README."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "core.bin"
    path.write_bytes(random.Random(5).randbytes(FIVE_MB))
    return path


def a_platform(client: Client) -> SimulatedJira | SimulatedServiceNow:
    """A platform that knows one login, and is too busy for one table or issue."""
    made = SimulatedJira if client.platform is PlatformName.JIRA else SimulatedServiceNow
    simulated = made(credentials=("abel", "right"))
    simulated.faults.every(1, refused(429).on(When(path="u_busy|OPS-429")))
    return simulated


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate for localhost, which is its own CA, and its key."""

    certificate: Path
    key: Path

    @property
    def context(self) -> ssl.SSLContext:
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(self.certificate, self.key)
        return served

    @property
    def settings(self) -> dict[str, str]:
        return {"certificate": str(self.certificate), "key": str(self.key)}


def pair_for(client: Client, folder: Path) -> Pair | None:
    """What its listeners speak https with, where the client insists on it."""
    if not client.tls:
        return None
    make_pair(folder / "tls", "localhost")
    return Pair(folder / "tls" / "tls.crt", folder / "tls" / "tls.key")


async def steps_taken(client: Client, run: Run, file: Path, address: str, pair: Pair | None) -> dict[str, Any]:
    """The client's facts, free of what differs from run to run: addresses, ids."""
    at = address.replace("http://", "https://") if pair else address
    ended = await run(*command(client), at, str(file), *([str(pair.certificate)] if pair else []))
    assert ended.code == 0, ended.errors
    told = ended.output.replace(address.partition("//")[2], "ADDRESS")
    facts: dict[str, Any] = json.loads(PASSING.sub("PASSING", told))
    return facts


def sizes_of(pages: list[Any]) -> list[int]:
    """How many tickets each page held; a library that joins them itself gives one list."""
    return [len(page) for page in pages] if isinstance(pages[0], list) else [len(pages)]


def asked_of(platform: SimulatedJira | SimulatedServiceNow) -> Counter[tuple[str, int | None]]:
    """The requests that reached the platform, by how they were answered; a 429 is what the gateway tries again."""
    return Counter((asked.method, asked.status) for asked in platform.ledger if asked.status != TOO_MANY)


def command(client: Client) -> tuple[str, ...]:
    """How the client's script is run, by its own language and with its own libraries."""
    if not client.script.endswith(".mjs"):
        return (str(PYTHON), "-W", "ignore", str(SCRIPTS / "take_steps.py"), client.script)
    node = shutil.which("node")
    assert node, "node is missing: apt-get install nodejs npm"
    assert NODE_MODULES.exists(), f"{NODE_MODULES} is missing: run `make test`, which fetches Node's clients"
    return (node, str(SCRIPTS.parent / "node" / client.script), str(NODE_MODULES))


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.script.partition("/")[2] or client.script)
async def test_an_unmodified_client_cannot_tell_the_gateway_from_the_platform(
    start_gateway: StartGateway, run: Run, file: Path, client: Client
):
    direct, behind = a_platform(client), a_platform(client)
    name, pair = client.platform.value, pair_for(client, file.parent)
    async with AsyncExitStack() as stack:
        server = TestServer(direct.app())
        await server.start_server(ssl=pair.context if pair else None)
        stack.push_async_callback(server.close)
        tls = {"tls": pair.settings} if pair else {}
        gateway = await start_gateway(**{name: behind}, config=NO_HURRY, upstream=tls)

        without = await steps_taken(client, run, file, f"http://localhost:{server.port}", pair)
        through = await steps_taken(client, run, file, gateway.address(name), pair)

    assert through == without
    assert through["download"]["result"] == through["upload"]["result"][1]
    assert asked_of(behind) == asked_of(direct)
    assert sizes_of(through["page"]["result"]) in ([2, 2, 1], [5])
    assert sorted(through) == sorted(STEPS)
    assert {step for step, fact in through.items() if "exception" in fact} == REFUSED
    assert len(behind.tickets()) == len(direct.tickets()) == 5
    shown = row(client, through)
    if os.environ.get(WRITE):
        README.write_text(with_row(README.read_text("utf-8"), shown), "utf-8")
    assert shown in rows_in(README.read_text("utf-8")), f"the README's table is out of date: {WRITE}=1 writes it anew"


def test_the_readme_has_a_line_for_every_client_and_for_no_other():
    lines = rows_in(README.read_text("utf-8"))

    assert [line.split(" | ")[0] for line in lines] == [f"| {client.label}" for client in CLIENTS]
