"""Large bodies and many peers: what they cost the gateway's process, measured from outside."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port
from running import ROOT, SHIPPED_POLICIES

MEGABYTE = 1024 * 1024
PIECE = b"\xa5" * (256 * 1024)
LARGE = 500 * MEGABYTE
IDLE, SLOW = 1000, 200


@dataclass
class Process:
    """A gateway in a process of its own."""

    pid: int
    port: int

    @property
    def resident(self) -> int:
        """Bytes of memory in use, and the most there ever were."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))

    @property
    def most_resident(self) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


class Attachments:
    """An upstream that takes any body, counting it, and gives one of any size."""

    taken = 0

    async def take(self, request: web.Request) -> web.Response:
        size = 0
        async for piece in request.content.iter_any():
            size += len(piece)
        self.taken = size
        return web.json_response({"result": {"size_bytes": str(size)}}, status=201)

    async def give(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        response.content_length = LARGE
        await response.prepare(request)
        for _ in range(LARGE // len(PIECE)):
            await response.write(PIECE)
        await response.write_eof()
        return response

    async def small(self, _request: web.Request) -> web.Response:
        return web.json_response({"result": []})

    def app(self) -> web.Application:
        app = web.Application(client_max_size=2 * LARGE)
        app.router.add_post("/api/now/attachment/file", self.take)
        app.router.add_get("/api/now/attachment/{id}/file", self.give)
        app.router.add_get("/api/now/table/incident", self.small)
        return app


@asynccontextmanager
async def served(folder: Path, base_url: str) -> AsyncIterator[Process]:
    port, api = unused_port(), unused_port()
    config = {
        "listen": {"proxy": f"127.0.0.1:{port}", "api": f"127.0.0.1:{api}"},
        "upstreams": {"servicenow": {"platform": "servicenow", "base_url": base_url}},
        "store": {"url": f"sqlite+aiosqlite:///{folder / 'gateway.db'}"},
        "timeout": {"total_timeout_seconds": 300},
    }
    (folder / "config.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "gateway", "serve", "-c", str(folder / "config.json"), "-p", str(SHIPPED_POLICIES)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL, env=environ)
    try:
        await _ready(api)
        yield Process(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _ready(port: int) -> None:
    async with ClientSession() as session, asyncio.timeout(30):
        while True:
            with contextlib.suppress(OSError):
                if (await session.get(f"http://127.0.0.1:{port}/readyz")).status == 200:
                    return
            await asyncio.sleep(0.05)


@pytest.fixture
async def attachments() -> AsyncIterator[tuple[Attachments, str]]:
    behind = Attachments()
    server = TestServer(behind.app())
    await server.start_server()
    yield behind, f"http://127.0.0.1:{server.port}"
    await server.close()


async def _pieces() -> AsyncIterator[bytes]:
    for _ in range(LARGE // len(PIECE)):
        yield PIECE


async def test_half_a_gigabyte_passes_both_ways_and_costs_no_memory(attachments, tmp_path: Path):
    behind, base_url = attachments
    async with served(tmp_path, base_url) as gateway, ClientSession() as session:
        at = f"http://127.0.0.1:{gateway.port}/servicenow/api/now"
        for _ in range(20):
            await (await session.get(f"{at}/table/incident")).read()
        before = gateway.resident

        up = await session.post(f"{at}/attachment/file", data=_pieces())
        down = await session.get(f"{at}/attachment/1/file")
        got = 0
        async for piece in down.content.iter_any():
            got += len(piece)
        grown = gateway.most_resident - before

    print(f"grown by {grown / MEGABYTE:.1f} MB")
    assert (up.status, behind.taken) == (201, LARGE)
    assert (down.status, got) == (200, LARGE)
    assert grown < 32 * MEGABYTE


@pytest.mark.long
async def test_a_thousand_idle_and_two_hundred_slow_peers_slow_nobody_down(attachments, tmp_path: Path):
    _, base_url = attachments
    async with served(tmp_path, base_url) as gateway, ClientSession() as session:
        url = f"http://127.0.0.1:{gateway.port}/servicenow/api/now/table/incident"

        async def ask() -> None:
            response = await session.get(url)
            assert response.status == 200
            await response.read()

        await _p99(ask, 300)
        alone = min([await _p99(ask, 800) for _ in range(3)])
        async with _crowd(gateway.port) as alive:
            crowded = min([await _p99(ask, 800) for _ in range(3)])
            assert alive() >= IDLE + SLOW - 10

    print(f"p99 alone {alone * 1000:.2f} ms, crowded {crowded * 1000:.2f} ms")
    assert crowded < 2 * alone


async def _p99(ask: Callable[[], Awaitable[None]], times: int) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - began)
    return sorted(took)[int(times * 0.99)]


@asynccontextmanager
async def _crowd(port: int) -> AsyncIterator[Callable[[], int]]:
    """Idle connections that have had their answer, and slow ones that send a byte of their head now and then."""
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(IDLE)]
    for _, writer in idle:
        writer.write(b"GET /servicenow/api/now/table/incident HTTP/1.1\r\nHost: a\r\n\r\n")
    for reader, _ in idle:
        await reader.readuntil(b"]}")
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(SLOW)]

    async def dribble() -> None:
        head = b"GET /servicenow/api/now/table/incident HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 1000
        for place in range(len(head)):
            for _, writer in slow:
                writer.write(head[place : place + 1])
            await asyncio.sleep(0.5)

    dribbling = asyncio.create_task(dribble())
    try:
        yield lambda: sum(not reader.at_eof() for reader, _ in (*idle, *slow))
    finally:
        dribbling.cancel()
        for _, writer in (*idle, *slow):
            writer.close()
