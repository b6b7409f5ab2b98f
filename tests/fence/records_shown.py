"""What a gateway's API tells about everything that went through it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientSession

UNSETTLED = ("sending", "queued", "ambiguous", "reconciling")
SETTLED_SECONDS = 60.0


async def pages(session: ClientSession, url: str) -> AsyncIterator[dict[str, Any]]:
    """Every item of a listing, over all its pages."""
    cursor = ""
    while True:
        async with session.get(f"{url}{'&' if '?' in url else '?'}limit=200{cursor}") as response:
            page = await response.json()
        for item in page["items"]:
            yield item
        if not page["next"]:
            return
        cursor = f"&cursor={page['next']}"


async def tickets_recorded(session: ClientSession, api: str) -> list[str]:
    """The names of the tickets that the gateway knows."""
    return [item["ticket"]["key"] async for item in pages(session, f"{api}/api/v1/tickets")]


async def settled(session: ClientSession, api: str) -> None:
    """Wait until no call is open any more."""
    async with asyncio.timeout(SETTLED_SECONDS):
        for state in UNSETTLED:
            while [item async for item in pages(session, f"{api}/api/v1/calls?state={state}")]:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
