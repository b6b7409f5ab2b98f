"""Promises: what breaks next, what is broken, and what was kept by priority."""

import time
from pathlib import Path

import pytest
from console.conftest import Visit
from flows.desks import SERVICENOW
from playwright.async_api import expect
from running import StartGateway

PROMISING = """
name: quick
platform: servicenow
match: {path: /api/now/table/incident}
sla:
  response: {default: 1s}
  resolution: {default: 30m}
"""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "promising"
    folder.mkdir()
    (folder / "quick.yaml").write_text(PROMISING)
    return folder


async def test_a_broken_promise_is_seen(start_console: StartGateway, visit: Visit, policies: Path):
    gateway = await start_console(servicenow=SERVICENOW.simulate(), policies=policies)
    await SERVICENOW.create(gateway)
    await gateway.running.gateway.records.promises.pass_time(time.time() + 2)

    visitor = await visit(gateway.api, "sla?since=24h")

    broken = visitor.page.get_by_role("region", name="Breached")
    await expect(broken).to_contain_text("INC0010001")
    await expect(broken).to_contain_text("response was due", timeout=15_000)
    await visitor.sees("1 promise, 1 broken")
    await visitor.page.reload()
    await expect(visitor.page.get_by_role("row", name="5")).to_contain_text("0 %")
    await expect(visitor.page.get_by_role("img", name="Response kept, by priority")).to_be_visible()
    await visitor.sees("servicenow: answered")


async def test_what_breaks_next_stands_first(start_console: StartGateway, visit: Visit, policies: Path):
    (policies / "quick.yaml").write_text(PROMISING.replace("  response: {default: 1s}\n", ""))
    gateway = await start_console(servicenow=SERVICENOW.simulate(), policies=policies)
    await SERVICENOW.create(gateway)
    await gateway.running.gateway.records.promises.pass_time(time.time() + 1500)

    visitor = await visit(gateway.api, "sla?since=24h&promise=resolution")

    await expect(visitor.page.get_by_role("region", name="Breaches next")).to_contain_text("resolution due in")
    await visitor.sees("No promise of a resolution is decided in this time")
