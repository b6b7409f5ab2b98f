"""The proof: what the fence could not prevent is found by the running gateway, counted once, and shown."""

import asyncio
from collections.abc import Callable
from typing import Any

from flows.desks import JIRA, SERVICENOW
from running import RunningGateway, StartGateway

from gateway.simulator import CREATES, SimulatedJira, SimulatedServiceNow, late_effect

LOGIN = {"credentials": {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}}
SWEEP = {"sweep": {"every_seconds": 0.05, "looks_after_seconds": [1.4]}}
SETTINGS: Any = {"upstream": LOGIN, "config": SWEEP, "environ": {"PASSWORD": "secret"}}
UNSWEPT: Any = {**SETTINGS, "config": {"sweep": {"enabled": False}}}


async def findings(gateway: RunningGateway, **wanted: str) -> list[dict[str, Any]]:
    shown = await gateway.session.get(f"{gateway.api}/api/v1/findings", params=wanted)
    items: list[dict[str, Any]] = (await shown.json())["items"]
    return items


async def until(happened: Callable[[], Any]) -> Any:
    """What the sweep brings, as soon as it does."""
    for _ in range(400):
        if found := await happened():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("the sweep found nothing")


async def counted(gateway: RunningGateway, kind: str, platform: str = "servicenow") -> float:
    name = f'itsm_reconcile_findings_total{{kind="{kind}",platform="{platform}"}} '
    lines = (await gateway.metrics()).splitlines()
    return next(float(line.removeprefix(name)) for line in lines if line.startswith(name))


async def test_an_effect_later_than_the_windows_is_found_as_a_duplicate_once(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[late_effect(1.2).on(CREATES)])
    gateway = await start_gateway(servicenow=servicenow, **SETTINGS)

    response = await SERVICENOW.create(gateway)
    (found,) = await until(lambda: findings(gateway))
    await asyncio.sleep(0.2)

    assert response.headers["ITSM-Outcome"] == "created"
    assert (found["kind"], found["call_id"]) == ("duplicate", response.headers["ITSM-Call-Id"])
    assert set(found["tickets"]) == {ticket["sys_id"] for ticket in servicenow.tickets()}
    assert await counted(gateway, "duplicate") == 1
    assert len(gateway.events("finding")) == 1


async def test_a_ticket_that_somebody_deletes_on_the_platform_is_found_as_a_ghost(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira, **SETTINGS)

    key = (await (await JIRA.create(gateway)).json())["key"]
    await gateway.request("DELETE", f"{gateway.jira}/rest/api/2/issue/{key}", headers={})
    (found,) = await until(lambda: findings(gateway, kind="ghost"))

    assert found["upstream"] == "jira"
    assert await counted(gateway, "ghost", "jira") == 1


async def test_an_upstream_without_a_login_of_the_gateways_own_is_not_swept_and_that_is_told(
    start_gateway: StartGateway,
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config=SWEEP)

    await SERVICENOW.create(gateway)
    await asyncio.sleep(0.1)

    (told,) = gateway.events("upstream not swept")
    assert told["mend"] == "set upstreams.servicenow.credentials"
    assert servicenow.ledger.searches() == []


async def test_a_sweep_that_is_switched_off_asks_nothing(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, **UNSWEPT)

    await SERVICENOW.create(gateway)
    await asyncio.sleep(0.1)

    assert gateway.events("upstream not swept") == []
    assert servicenow.ledger.searches() == []
