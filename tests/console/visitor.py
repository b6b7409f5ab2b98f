"""Somebody before the console: what they see, and what their browser complains of."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import ConsoleMessage, Page, expect
from running import ROOT

AXE: Final = ROOT / "gateway" / "ui" / "node_modules" / "axe-core" / "axe.min.js"

SHIFT_SCRIPT: Final = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({ type: 'layout-shift', buffered: true })
"""


def chromium() -> str:
    """Debian's Chromium; `make test` installs it."""
    found = shutil.which("chromium")
    assert found, "there is no chromium: run `make debian`, or apt-get install chromium"
    return found


@dataclass
class Visitor:
    """One tab; `complaints` are errors of scripts, of the content policy, and of the network."""

    page: Page
    console: str
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> "Visitor":
        """Begin to note what the browser complains of."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        return self

    async def opens(self, place: str) -> None:
        """Go to a place of the console and wait until its figures are there."""
        await self.page.goto(f"{self.console}#/{place}")
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        await expect(self.page.locator("[aria-busy=true], .mantine-Skeleton-root")).to_have_count(0)

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the text is somewhere to be seen."""
        await expect(self.page.get_by_text(text).first).to_be_visible()

    async def serious_violations(self) -> list[str]:
        """What axe calls serious or critical on the page as it stands."""
        await self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return list(_told(found["violations"]))

    async def shift(self) -> float:
        """How far the layout has shifted by itself, as browsers reckon it."""
        shifted: float = await self.page.evaluate("window.shifted")
        return shifted

    def _said(self, message: ConsoleMessage) -> None:
        """An answer of the API that says what is wrong is no fault of the page."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.console.partition("/console/")[0], "data:")):
            self.complaints.append(f"loaded from elsewhere: {url}")


def _told(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        if violation["impact"] in {"serious", "critical"}:
            for node in violation["nodes"]:
                yield f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
