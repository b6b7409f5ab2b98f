"""`demo` as a newcomer meets it: the program runs, is looked at, and is ended by Ctrl-C."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from gateway.cli.demo import _program

LAST_WORDS = "gateway.log"


@pytest.fixture
async def demo() -> AsyncIterator[tuple[Process, str]]:
    """The running demo, and everything it has said until it is the visitor's turn."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "demo", "--any-port", stdout=PIPE, env={"COLUMNS": "80"}
    )
    assert process.stdout is not None
    said = []
    while not said or LAST_WORDS not in said[-1]:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line, "".join(said)
        said.append(line.decode())
    yield process, "".join(said)
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_the_demo_tells_seven_scenes_within_80_columns_and_ends_at_ctrl_c(demo):
    process, said = demo

    process.send_signal(signal.SIGINT)
    code = await asyncio.wait_for(process.wait(), 30)

    table, _, offer = said.partition("It is yours now.")
    folder = Path(offer.split()[-1]).parent
    assert code in {0, 128 + signal.SIGINT}
    assert folder.name.startswith("itsm-gateway-demo-")
    assert not folder.exists()
    assert "400 validation_failed" in table
    assert "201 created after 1 retry" in table
    assert table.count("201 reconciled") == 2
    assert "…" not in table
    assert max(len(line) for line in table.splitlines()) <= 80


async def test_the_addresses_that_the_demo_offers_open(demo):
    _, said = demo
    offered = {name: re.search(rf"{name}[^\n]*\n\s+(http\S+)", said) for name in ("the console", "the API")}

    async with ClientSession() as session:
        shown = {name: await (await session.get(found[1])).text() for name, found in offered.items() if found}

    assert "<title>ITSM Gateway" in shown["the console"]
    assert "<title>ITSM Gateway API" in shown["the API"]


@pytest.mark.parametrize(
    ("called", "named"),
    [(".venv/bin/itsm-gateway", ".venv/bin/itsm-gateway"), ("/x/gateway/__main__.py", "itsm-gateway")],
)
def test_the_program_is_named_as_it_was_called(monkeypatch, called, named):
    monkeypatch.setattr(sys, "argv", [called, "demo"])

    assert _program() == named
