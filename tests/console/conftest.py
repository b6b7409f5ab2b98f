"""A real browser before a real gateway and simulated platforms: Debian's Chromium, driven by Playwright."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from console.visitor import SHIFT_SCRIPT, Visitor, chromium
from flows.desks import SHIPPED_TEMPLATES
from playwright.async_api import async_playwright
from running import RunningGateway, StartGateway

Visit = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Open the console of a gateway; whatever the browser complained of fails the test at its end."""
    visitors: list[Visitor] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])

        async def visiting(base: str, place: str = "", **context: Any) -> Visitor:
            opened = await browser.new_context(**context)
            opened.set_default_timeout(8000)
            await opened.add_init_script(SHIFT_SCRIPT)
            visitor = Visitor(await opened.new_page(), f"{base}/console/").listen()
            visitors.append(visitor)
            await visitor.opens(place)
            return visitor

        yield visiting
        await browser.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def start_console(start_gateway: StartGateway) -> StartGateway:
    """A gateway with the shipped templates that logs in for its callers."""

    async def start(*, config: dict[str, Any] | None = None, **settings: Any) -> RunningGateway:
        login = {"credentials": {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}}
        given = {"upstream": login, "environ": {"PASSWORD": "secret"}} | settings
        return await start_gateway(config=SHIPPED_TEMPLATES | (config or {}), **given)

    return start
