"""Unmodified clients, each in a process of its own, beside a gateway that listens in this one."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from running import ROOT

PYTHON = ROOT / ".venv-clients" / "bin" / "python"
SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that has ended."""

    code: int
    output: str
    errors: str


Run = Callable[..., Awaitable[Finished]]
UseClient = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def run() -> Run:
    """Run a program beside this process's event loop; it gets no environment, so no proxy of the machine's either."""

    async def finished(*command: str, stdin: bytes = b"") -> Finished:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env={})
        async with asyncio.timeout(60):
            output, errors = await process.communicate(stdin)
        return Finished(process.returncode or 0, output.decode(), errors.decode())

    return finished


@pytest.fixture
def use_client(run: Run) -> UseClient:
    """Run a script of the `scripts` folder with the clients' own libraries, and give the facts it prints."""

    async def used(script: str, *arguments: str) -> dict[str, Any]:
        if not PYTHON.exists():
            pytest.fail(f"{PYTHON} is missing: run `make test`, which makes the clients' virtual environment")
        ended = await run(str(PYTHON), "-W", "ignore", str(SCRIPTS / script), *arguments)
        assert ended.code == 0, ended.errors
        facts: dict[str, Any] = json.loads(ended.output)
        return facts

    return used
