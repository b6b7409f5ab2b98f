"""How fast a drill goes: as fast as the machine can scrape, so that a busy one sees the same in more time."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from aiohttp import ClientSession

FASTEST = 60
"""An hour of the rules is a minute of the drill, at best."""

SCRAPE_SECONDS = 0.5
SHARE_FOR_SCRAPES = 0.25
"""So much of the time may go into scraping: the rest is for calls, and for whatever else the machine does."""

TIMES = frozenset(
    {
        "connection_timeout_seconds",
        "read_timeout_seconds",
        "total_timeout_seconds",
        "settle_seconds",
        "late_effect_seconds",
        "looks_after_seconds",
    }
)
SLOWEST = 6.0
MEASURED = 3


@dataclass(frozen=True)
class Pace:
    """`slowness` 1 is full speed; windows, waits and the time between two scrapes all stretch alike."""

    slowness: float = 1.0

    @property
    def factor(self) -> float:
        """How much faster than written the rules run."""
        return FASTEST / self.slowness

    @property
    def scrape(self) -> str:
        """The time between two scrapes, as Prometheus reads it."""
        return f"{round(SCRAPE_SECONDS * self.slowness * 1000)}ms"

    def seconds(self, at_best: float) -> float:
        """What takes so long at full speed."""
        return at_best * self.slowness

    def stretched(self, config: Any) -> Any:
        """A gateway's config whose timeouts and windows leave a busy machine the time it needs."""
        if isinstance(config, Mapping):
            return {key: self._timed(value) if key in TIMES else self.stretched(value) for key, value in config.items()}
        return config

    def _timed(self, given: Any) -> Any:
        return [self.seconds(each) for each in given] if isinstance(given, list) else self.seconds(given)

    def span(self, at_best: float) -> str:
        """The same, rounded up to whole seconds, as Prometheus reads it."""
        return f"{math.ceil(self.seconds(at_best))}s"


FULL_SPEED = Pace()


async def measured_pace(session: ClientSession, address: str, count: int) -> Pace:
    """Scrape one as often as there will be many; the slower that is, the slower the drill."""
    took = [await _one_round(session, address, count) for _ in range(MEASURED)]
    return pace_for(median(took))


def pace_for(round_seconds: float) -> Pace:
    """The pace at which a round of scrapes takes no more than its share of the time."""
    return Pace(min(max(round_seconds / (SCRAPE_SECONDS * SHARE_FOR_SCRAPES), 1.0), SLOWEST))


async def _one_round(session: ClientSession, address: str, count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        async with session.get(f"{address}/metrics") as response:
            await response.read()
    return time.perf_counter() - began
