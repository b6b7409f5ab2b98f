"""Work that goes on beside serving; where a bug ends it, that is told and it is begun again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

Work: TypeAlias = Callable[[], Coroutine[Any, Any, None]]

PAUSE_SECONDS: Final = 5.0

_log: Final = logging.getLogger(__name__)


@asynccontextmanager
async def in_background(*work: Work, pause_seconds: float = PAUSE_SECONDS) -> AsyncIterator[None]:
    """Every piece of work goes on until the context ends."""
    tasks = [asyncio.create_task(_kept_going(each, pause_seconds)) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_going(work: Work, pause_seconds: float) -> None:
    while True:
        try:
            return await work()
        except Exception:  # noqa: BLE001  # the loop that supervises: nobody else would ever hear of it
            _log.exception("background work failed", extra={"work": _name(work)})
        await asyncio.sleep(pause_seconds)


def _name(work: Work) -> str:
    """That of the function, whatever it was given beforehand."""
    return str(getattr(getattr(work, "func", work), "__qualname__", "unnamed"))
