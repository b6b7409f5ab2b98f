"""Carts, cases, change actions and identification as a client of ServiceNow sees them."""

import pytest

from gateway.simulator import SimulatedServiceNow

CATALOG = "/api/sn_sc/v1/servicecatalog"
CASES = "/api/sn_customerservice/case"
CHANGES = "/api/sn_chg_rest/change"


async def result(answer):
    return (await answer.json())["result"]


@pytest.mark.parametrize("verb", ["submit_order", "checkout"])
async def test_what_is_in_the_cart_is_ordered_once(client_of, verb):
    simulated = SimulatedServiceNow()
    client = await client_of(simulated)

    filled = await result(await client.post(f"{CATALOG}/items/7/add_to_cart", json={"sysparm_quantity": 1}))
    ordered = await client.post(f"{CATALOG}/cart/{verb}", json={})
    again = await client.post(f"{CATALOG}/cart/{verb}", json={})

    (ticket,) = simulated.tickets()
    assert filled["total_items"] == 1
    assert (ordered.status, (await result(ordered))["request_number"]) == (200, ticket["number"])
    assert again.status == 400
    assert (await result(await client.get(f"{CATALOG}/cart")))["items"] == []


async def test_a_case_is_opened_read_and_changed(client_of):
    client = await client_of(SimulatedServiceNow())

    opened = await client.post(CASES, json={"short_description": "The line is dead"})
    record = await result(opened)
    changed = await client.put(f"{CASES}/{record['sys_id']}", json={"urgency": "1"})

    assert (opened.status, changed.status) == (201, 200)
    assert record["number"].startswith("CS")
    assert (await result(await client.get(f"{CASES}/{record['sys_id']}")))["urgency"] == "1"
    assert (await client.get(f"{CASES}/elsewhere")).status == 404


@pytest.mark.parametrize(
    ("method", "action"),
    [
        ("POST", "ci"),
        ("POST", "conflict"),
        ("PATCH", "approvals"),
        ("PATCH", "risk"),
        ("PATCH", "schedule/first_available"),
    ],
)
async def test_what_is_asked_of_a_change_goes_on_in_a_worker_and_makes_no_ticket(client_of, method, action):
    simulated = SimulatedServiceNow()
    client = await client_of(simulated)
    made = await result(await client.post(CHANGES, json={"short_description": "Patch"}))

    answer = await client.request(method, f"{CHANGES}/{made['sys_id']['value']}/{action}", json={})

    assert answer.status == 200
    assert "worker" in await result(answer)
    assert len(simulated.tickets()) == len(simulated.ledger.creates()) == 1


async def test_an_item_that_is_known_by_its_name_is_not_made_twice(client_of):
    client = await client_of(SimulatedServiceNow())
    item = {"className": "cmdb_ci_server", "values": {"name": "db-7", "ip_address": "10.0.0.7"}}
    moved = item | {"values": {"name": "db-7", "ip_address": "10.0.0.8"}}

    operations = []
    for each in (item, item, moved, {"className": "cmdb_ci_server", "values": {}}):
        answer = await client.post("/api/now/identifyreconcile", json={"items": [each]})
        operations.append((await result(answer))["items"][0]["operation"])

    assert operations == ["INSERT", "NO_CHANGE", "UPDATE", "INSERT_AS_INCOMPLETE"]
