"""Changes, imports, orders and batches as a client of ServiceNow sees them."""

import json
from base64 import b64decode, b64encode

import pytest

from gateway.simulator import CREATES, Kind, SimulatedServiceNow, refused, stored_then
from gateway.simulator.servicenow import TransformMap

CHANGES = "/api/sn_chg_rest/v1/change"
IMPORT = "/api/now/import/u_incident_import"
ITEM = "/api/sn_sc/servicecatalog/items/abc"


async def result(answer):
    return (await answer.json())["result"]


@pytest.mark.parametrize(("kind", "stored"), [("", "normal"), ("/emergency", "emergency"), ("/standard/7", "standard")])
async def test_a_change_answers_200_with_value_and_word_of_every_field(client_of, kind, stored):
    client = await client_of(SimulatedServiceNow())

    answer = await client.post(f"{CHANGES}{kind}", json={"short_description": "Patch"})

    shown = await result(answer)
    assert (answer.status, "Location" in answer.headers) == (200, False)
    assert shown["type"] == {"display_value": stored, "value": stored}
    assert shown["state"] == {"display_value": "New", "value": -5}
    assert shown["number"]["value"].startswith("CHG")


async def test_a_change_is_read_changed_and_given_a_task(client_of):
    client = await client_of(SimulatedServiceNow())
    made = await result(await client.post(CHANGES, json={"short_description": "Patch"}))
    place = f"{CHANGES}/{made['sys_id']['value']}"

    changed = await result(await client.patch(place.replace("change/", "change/normal/"), json={"risk": "2"}))
    task = await result(await client.post(f"{place}/task", json={"short_description": "Reboot"}))
    task_place = f"{place}/task/{task['sys_id']['value']}"
    patched = await result(await client.patch(task_place, json={"state": "1"}))

    assert await result(await client.get(place)) == changed
    assert changed["risk"]["value"] == 2
    assert task["change_request"]["value"] == made["sys_id"]["value"]
    assert await result(await client.get(task_place)) == patched


@pytest.mark.parametrize(("method", "path", "status"), [("GET", f"{CHANGES}/x", 404), ("DELETE", f"{CHANGES}/x", 405)])
async def test_what_the_change_api_cannot_do_is_refused(client_of, method, path, status):
    client = await client_of(SimulatedServiceNow())

    answer = await client.request(method, path)

    assert answer.status == status


async def test_an_import_tells_in_its_body_how_its_row_went(client_of):
    simulated = SimulatedServiceNow()
    client = await client_of(simulated)

    made = await client.post(IMPORT, json={"u_short_description": "Disk full"})
    failed = await client.post(IMPORT, json={"u_urgency": "1"})

    (row,), (error,) = await result(made), await result(failed)
    (ticket,) = simulated.tickets()
    assert (made.status, failed.status) == (201, 201)
    assert (row["status"], row["sys_id"], row["display_value"]) == ("inserted", ticket["sys_id"], ticket["number"])
    assert (error["status"], error["error_message"]) == ("error", "u_short_description is mandatory")


@pytest.mark.parametrize(("second", "status"), [("Disk full", "ignored"), ("Disk still full", "updated")])
async def test_a_coalescing_import_finds_the_target_of_an_earlier_row(client_of, second, status):
    simulated = SimulatedServiceNow(imports={"u_own": TransformMap("problem", coalesce="u_correlation_id")})
    client = await client_of(simulated)
    row = {"u_correlation_id": "key-7", "u_short_description": "Disk full"}

    (first,) = await result(await client.post("/api/now/import/u_own", json=row))
    again = await client.post("/api/now/import/u_own", json={**row, "u_short_description": second})

    (told,) = await result(again)
    assert (told["status"], told["sys_id"]) == (status, first["sys_id"])
    assert len(simulated.tickets()) == 1
    assert [exchange.ticket for exchange in simulated.ledger.stored()] == [first["sys_id"]]


async def test_many_rows_are_taken_in_without_a_word_of_any(client_of):
    simulated = SimulatedServiceNow()
    client = await client_of(simulated)
    rows = [{"u_short_description": "a"}, {"u_urgency": "1"}]

    answer = await client.post(f"{IMPORT}/insertMultiple", json={"records": rows})

    assert (answer.status, set(await answer.json())) == (201, {"import_set_id", "multi_import_set_id"})
    assert len(simulated.tickets()) == 1


async def test_a_staging_table_that_is_not_there_is_refused(client_of):
    client = await client_of(SimulatedServiceNow())

    assert (await client.post("/api/now/import/u_none", json={})).status == 400
    assert (await client.get(IMPORT)).status == 405


async def test_an_order_makes_a_request_and_a_producer_an_incident(client_of):
    simulated = SimulatedServiceNow()
    client = await client_of(simulated)

    order = await result(await client.post(f"{ITEM}/order_now", json={"sysparm_quantity": 1}))
    produced = await client.post(f"{ITEM}/submit_producer", json={"variables": {"short_description": "x"}})
    empty = await client.post(f"{ITEM}/order_now", json={})

    record = await result(produced)
    assert (order["number"], order["request_id"]) == (order["request_number"], order["sys_id"])
    assert record["record"] == f"api/now/table/incident/{record['sys_id']}"
    assert empty.status == 400
    assert [ticket["number"][:3] for ticket in simulated.tickets()] == ["REQ", "INC"]


async def test_a_batch_answers_its_parts_as_if_they_had_come_alone(client_of):
    simulated = SimulatedServiceNow(credentials=("gateway", "right"), batch_limit=2)
    client = await client_of(simulated)
    headers = [{"name": "Content-Type", "value": "application/json"}, {"name": "Accept", "value": "*/*"}]
    body = b64encode(b'{"short_description":"x"}').decode()
    part = {"method": "POST", "url": "/api/now/table/incident", "headers": headers, "body": body}
    wanted = {"batch_request_id": "7", "rest_requests": [{"id": str(number), **part} for number in range(3)]}
    login = {"Authorization": f"Basic {b64encode(b'gateway:right').decode()}"}

    answer = await (await client.post("/api/now/v1/batch", json=wanted, headers=login)).json()

    assert [(one["id"], one["status_code"]) for one in answer["serviced_requests"]] == [("0", 201), ("1", 201)]
    assert answer["unserviced_requests"] == ["2"]
    inner = json.loads(b64decode(answer["serviced_requests"][0]["body"]))
    assert inner["result"]["number"] == simulated.tickets()[0]["number"]


async def test_every_journal_text_is_a_row_of_its_own(client_of):
    client = await client_of(SimulatedServiceNow())
    made = await result(await client.post("/api/now/table/incident", json={"work_notes": "first"}))

    await client.patch(f"/api/now/table/incident/{made['sys_id']}", json={"work_notes": "second", "state": "2"})

    query = f"element_id={made['sys_id']}^elementINcomments,work_notes"
    rows = await result(await client.get("/api/now/table/sys_journal_field", params={"sysparm_query": query}))
    assert [row["value"] for row in rows] == ["first", "second"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHANGES, {"short_description": "x"}),
        (IMPORT, {"u_short_description": "x"}),
        (f"{ITEM}/order_now", {"sysparm_quantity": 1}),
        (f"{ITEM}/submit_producer", {}),
    ],
)
async def test_faults_on_creates_meet_them_all_and_the_ledger_tells(client_of, path, body):
    simulated = SimulatedServiceNow(faults=[refused(503).on(CREATES), stored_then(500).on(CREATES)])
    client = await client_of(simulated)

    statuses = [(await client.post(path, json=body)).status for _ in range(3)]

    assert (statuses[0], statuses[1], statuses[2] < 300) == (503, 500, True)
    assert [exchange.kind for exchange in simulated.ledger] == [Kind.CREATE] * 3
    assert len(simulated.tickets()) == 2
