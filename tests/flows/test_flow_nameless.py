"""A create that worked, and whose answer does not name its ticket: passed on, named later, never sent again."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from flows.desks import SERVICENOW
from running import RunningGateway, StartGateway

from gateway.simulator import SEARCHES, SimulatedServiceNow, refused, stored_then

BODY = '{"result": {}}'
NAMELESS = stored_then(201, {"Content-Type": "application/json"}, BODY)
LOGIN: Mapping[str, Any] = {
    "upstream": {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}},
    "environ": {"TOKEN": "s3cret"},
}


async def named(gateway: RunningGateway, response: Any) -> dict[str, Any]:
    """The call's record once its ticket has a name."""
    async with asyncio.timeout(10):
        while not ((record := await gateway.call(response)).get("ticket") or {}).get("id"):  # noqa: ASYNC110  # nobody tells when
            await asyncio.sleep(0.01)
    return record


@pytest.mark.parametrize("login", [LOGIN, {}], ids=["the gateway's login", "the caller's login"])
async def test_the_answer_is_passed_on_and_the_ticket_is_looked_up_afterwards(
    start_gateway: StartGateway, login: Mapping[str, Any]
):
    servicenow = SimulatedServiceNow(faults=[NAMELESS])
    gateway = await SERVICENOW.before(start_gateway, servicenow, **login)

    response = await SERVICENOW.create(gateway, Authorization="Basic bWU6c2VjcmV0")
    record = await named(gateway, response)

    (ticket,) = servicenow.tickets()
    shown = await (await gateway.get(f"{gateway.api}/api/v1/tickets/{record['id']}")).json()
    assert (response.status, response.headers["ITSM-Outcome"], await response.text()) == (201, "created", BODY)
    assert record["ticket"]["id"] == shown["ticket"]["id"] == ticket["sys_id"]
    assert shown["ticket"]["key"] == ticket["number"]
    assert record["events"][-1]["event"] == "named"
    assert len(servicenow.ledger.creates()) == 1


async def test_a_create_with_a_key_is_answered_again_without_a_name_and_not_sent_again(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[NAMELESS])
    servicenow.faults.every(1, refused(403).on(SEARCHES))
    gateway = await SERVICENOW.before(start_gateway, servicenow)

    first = await SERVICENOW.create(gateway, Idempotency_Key="one")
    again = await SERVICENOW.create(gateway, Idempotency_Key="one")

    assert (first.status, again.status) == (201, 201)
    assert await again.text() == BODY
    assert len(servicenow.tickets()) == len(servicenow.ledger.creates()) == 1
