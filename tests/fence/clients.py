"""An ordinary client: it names its create, and sends it again until it gets an answer that is final."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

PASSING = frozenset({429, 500, 502, 503, 504})
"""What every retry layer sends again."""
MOST_TRIES = 2000
LONGEST_PAUSE = 0.3
"""A `Retry-After` is scaled down as the windows are."""
CREATE_PATHS = {"servicenow": "/api/now/table/incident", "jira": "/rest/api/2/issue"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a client was told in the end; without a status it gave up."""

    title: str
    platform: str
    status: int | None
    ticket: str | None
    outcome: str
    tries: int


@dataclass(frozen=True, slots=True)
class Client:
    """Sends through any of the replicas, as a load balancer would choose.

    `pause` seconds lie between two tries, or as many as the answer names, within `LONGEST_PAUSE`.
    """

    session: ClientSession
    addresses: Mapping[str, Sequence[str]]
    patience: float
    pause: float = 0.05

    async def file(self, number: int, platform: str) -> Told:
        """One ticket, until its answer is final."""
        title, outcome = f"Job {number} failed", ""
        body, headers = ticket(platform, title), {"Idempotency-Key": f"job-{number}"}
        doors = self.addresses[platform]
        for tries in range(1, MOST_TRIES):
            url = doors[(number + tries) % len(doors)] + CREATE_PATHS[platform]
            try:
                status, outcome, answer, pause = await self._post(url, body, headers)
            except (ClientError, TimeoutError):
                status, answer, pause = 0, None, self.pause
            if 200 <= status < 500 and status not in PASSING:
                return Told(title, platform, status, named(platform, answer), outcome, tries)
            await asyncio.sleep(min(pause, LONGEST_PAUSE))
        return Told(title, platform, None, None, outcome, MOST_TRIES)

    async def _post(self, url: str, body: Any, headers: Mapping[str, str]) -> tuple[int, str, bytes, float]:
        timeout = ClientTimeout(total=self.patience)
        async with self.session.post(url, json=body, headers=headers, timeout=timeout) as response:
            told, pause = response.headers.get("ITSM-Outcome", ""), response.headers.get("Retry-After", self.pause)
            return response.status, told, await response.read(), float(pause)


def ticket(platform: str, title: str) -> dict[str, Any]:
    """The smallest create that the shipped policies let through."""
    if platform == "servicenow":
        return {"short_description": title}
    return {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": title}}


def named(platform: str, answer: bytes | None) -> str | None:
    """The ticket that an answer names."""
    try:
        document = json.loads(answer or b"")
    except ValueError:
        return None
    if platform == "servicenow":
        document = document.get("result", {})
    name = document.get("number" if platform == "servicenow" else "key")
    return str(name) if name else None
