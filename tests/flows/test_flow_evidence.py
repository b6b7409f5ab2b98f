"""The promise of the fence under every kind of failure at once: what a client is told about its ticket is true."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from running import RunningGateway, StartGateway

from gateway.simulator import (
    Effect,
    Fault,
    SimulatedJira,
    SimulatedServiceNow,
    cut_body,
    hangs,
    html_200,
    jira_edge_rate_limited,
    jira_login_failed_silently,
    jira_rate_limited,
    late_effect,
    redirected_to_login,
    refused,
    reset,
    servicenow_semaphore,
    servicenow_session_full,
    stored_then,
)

CREATES = 300
CLIENTS = 16
WINDOWS = {"settle_seconds": 0.06, "late_effect_seconds": 1.0}
UPSTREAM = {"reconcile": WINDOWS, "retry_budget_percent": 100, "circuit_breaker": False}
INDEX_DELAY = 0.03
CONFIG = {
    "retry_policy": {"retry_delay_seconds": 0.01, "max_retry_delay_seconds": 0.05},
    "timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.4, "total_timeout_seconds": 2},
}

STATUSES = (500, 502, 503, 504)
EVERYWHERE: tuple[Fault, ...] = (
    *(refused(status) for status in STATUSES),
    *(stored_then(status) for status in STATUSES),
    *(fault(stored=stored) for fault in (reset, hangs, cut_body, html_200) for stored in (False, True)),
    redirected_to_login(),
    replace(redirected_to_login(), effect=Effect.EXECUTED),
    late_effect(0.2),
    late_effect(0.5, hangs=True),
)
SERVICENOW = (*EVERYWHERE, servicenow_semaphore(), servicenow_session_full())
JIRA = (*EVERYWHERE, jira_rate_limited(retry_after=0), jira_edge_rate_limited(), jira_login_failed_silently())

MADE = {"created", "reconciled"}
OPEN = ("sending", "queued", "ambiguous", "reconciling")


@dataclass(frozen=True)
class Told:
    """What one client was told about its ticket."""

    title: str
    outcome: str
    call_id: str


async def test_300_creates_with_a_fault_on_every_third_exchange_double_no_ticket_and_lose_none(
    start_gateway: StartGateway,
):
    servicenow, jira = SimulatedServiceNow(), SimulatedJira(index_delay=INDEX_DELAY)
    servicenow.faults.every(3, *SERVICENOW)
    jira.faults.every(3, *JIRA)
    gateway = await start_gateway(servicenow=servicenow, jira=jira, config=CONFIG, upstream=UPSTREAM)

    told = await all_created(gateway)
    servicenow.faults.clear()
    jira.faults.clear()
    await everything_settled(gateway)

    made = Counter(titles(servicenow, jira))
    settled = {one.title: await settled_as(gateway, one) for one in told}
    print(summary(told, settled, made))
    assert len(told) == CREATES
    assert [one for one in told if made[one.title] not in allowed(one.outcome)] == []
    assert [one for one in told if made[one.title] != (settled[one.title] in MADE)] == []


async def all_created(gateway: RunningGateway) -> list[Told]:
    """16 clients, each with the next create as soon as its last is answered."""
    waiting = iter(range(CREATES))
    told: list[Told] = []

    async def client() -> None:
        told.extend([await created(gateway, number) for number in waiting])

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return told


async def created(gateway: RunningGateway, number: int) -> Told:
    title = f"Job {number} failed"
    url, body = servicenow_create(gateway, title) if number % 2 else jira_create(gateway, title)
    response = await gateway.post(url, body)
    return Told(title, response.headers["ITSM-Outcome"], response.headers["ITSM-Call-Id"])


def servicenow_create(gateway: RunningGateway, title: str) -> tuple[str, Any]:
    return f"{gateway.servicenow}/api/now/table/incident", {"short_description": title}


def jira_create(gateway: RunningGateway, title: str) -> tuple[str, Any]:
    fields = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": title}
    return f"{gateway.jira}/rest/api/2/issue", {"fields": fields}


def titles(servicenow: SimulatedServiceNow, jira: SimulatedJira) -> Iterable[str]:
    yield from (str(ticket["short_description"]) for ticket in servicenow.tickets())
    yield from (str(issue.fields["summary"]) for issue in jira.issues())


def allowed(outcome: str) -> set[int]:
    """How many tickets may exist where this was told."""
    if outcome in MADE:
        return {1}
    return {0, 1} if outcome == "unconfirmed" else {0}


async def everything_settled(gateway: RunningGateway) -> None:
    async with asyncio.timeout(20):
        for state in OPEN:
            while await listed(gateway, state):  # noqa: ASYNC110  # nobody tells when
                await asyncio.sleep(0.02)


async def listed(gateway: RunningGateway, state: str) -> list[Any]:
    page = await (await gateway.get(f"{gateway.api}/api/v1/calls?state={state}")).json()
    return list(page["items"])


async def settled_as(gateway: RunningGateway, told: Told) -> str:
    record = await (await gateway.get(f"{gateway.api}/api/v1/calls/{told.call_id}")).json()
    return str(record["outcome"])


def summary(told: list[Told], settled: dict[str, str], made: Counter[str]) -> str:
    late = Counter(settled[one.title] for one in told if one.outcome == "unconfirmed")
    return f"told {dict(Counter(one.outcome for one in told))}; unconfirmed became {dict(late)}; tickets {made.total()}"
