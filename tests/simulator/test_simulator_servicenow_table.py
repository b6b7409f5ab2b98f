"""The Table API as a client sees it: writing rows, business rules, errors."""

import pytest

from gateway.simulator import SimulatedServiceNow

INCIDENTS = "/api/now/table/incident"
JSON = {"Content-Type": "application/json"}


async def create(client, fields, path=INCIDENTS, **options):
    answer = await client.post(path, json=fields, **options)
    return (await answer.json())["result"]


async def test_a_create_answers_201_with_location_and_all_fields_as_strings(client_of, clock):
    servicenow = SimulatedServiceNow(clock=clock, ids=lambda: "f" * 32)
    client = await client_of(servicenow)

    answer = await client.post(INCIDENTS, json={"short_description": "Disk full", "active": True, "description": None})

    result = (await answer.json())["result"]
    assert answer.status == 201
    assert answer.headers["Location"] == str(client.make_url(f"{INCIDENTS}/{'f' * 32}"))
    assert (result["number"], result["state"], result["opened_at"]) == ("INC0010001", "1", "2026-03-01 12:00:00")
    assert all(isinstance(value, str) for value in result.values())


@pytest.mark.parametrize("version", ["", "/v1", "/v2"])
async def test_every_version_of_the_path_leads_to_the_same_rows(client_of, version):
    servicenow = SimulatedServiceNow()
    client = await client_of(servicenow)

    created = await create(client, {"short_description": "x"}, f"/api/now{version}/table/incident")
    read = await client.get(f"/api/now{version}/table/incident/{created['sys_id']}")

    assert (await read.json())["result"] == created


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"), [("1", "1", "1"), ("1", "3", "3"), ("2", "2", "3"), ("3", "2", "4"), (1, 2, "2")]
)
async def test_priority_is_looked_up_and_never_taken_from_the_client(client_of, impact, urgency, priority):
    client = await client_of(SimulatedServiceNow())

    created = await create(client, {"impact": impact, "urgency": urgency, "priority": "1"})

    assert created["priority"] == priority


async def test_unknown_fields_are_dropped_custom_ones_kept_and_wrong_choices_stored(client_of):
    client = await client_of(SimulatedServiceNow())

    created = await create(
        client, {"no_such_field": "x", "u_site": "Bonn", "state": "99", "sys_created_by": "me", "sys_id": "1"}
    )

    assert "no_such_field" not in created
    assert (created["u_site"], created["state"], created["sys_created_by"]) == ("Bonn", "99", "admin")
    assert len(created["sys_id"]) == 32


async def test_short_text_is_cut_and_long_text_is_kept(client_of):
    client = await client_of(SimulatedServiceNow())

    created = await create(client, {"short_description": "x" * 200, "description": "y" * 5000})

    assert len(created["short_description"]) == 160
    assert len(created["description"]) == 5000


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_an_update_is_partial_and_counted(client_of, method):
    client = await client_of(SimulatedServiceNow())
    created = await create(client, {"short_description": "x", "urgency": "1"})

    answer = await client.request(method, f"{INCIDENTS}/{created['sys_id']}", json={"impact": "1"})

    result = (await answer.json())["result"]
    assert answer.status == 200
    assert (result["short_description"], result["priority"], result["sys_mod_count"]) == ("x", "1", "1")


async def test_a_delete_is_204_and_then_404(client_of):
    client = await client_of(SimulatedServiceNow())
    path = f"{INCIDENTS}/{(await create(client, {}))['sys_id']}"

    statuses = [(await client.delete(path)).status, (await client.delete(path)).status, (await client.get(path)).status]

    assert statuses == [204, 404, 404]


async def test_of_an_array_only_the_first_record_is_stored(client_of):
    servicenow = SimulatedServiceNow()

    await create(await client_of(servicenow), [{"short_description": "one"}, {"short_description": "two"}])

    assert [ticket["short_description"] for ticket in servicenow.tickets()] == ["one"]


async def test_journal_fields_append_each_entry(client_of):
    client = await client_of(SimulatedServiceNow())
    created = await create(client, {"comments": "first"})

    answer = await client.patch(f"{INCIDENTS}/{created['sys_id']}", json={"comments": "second"})

    comments = (await answer.json())["result"]["comments"]
    assert comments.index("second") < comments.index("first")


async def test_without_a_response_body_only_the_location_names_the_record(client_of):
    servicenow = SimulatedServiceNow()

    answer = await (await client_of(servicenow)).post(INCIDENTS, json={}, headers={"X-no-response-body": "true"})

    assert (answer.status, await answer.read()) == (201, b"")
    assert answer.headers["Location"].endswith(str(servicenow.tickets()[0]["sys_id"]))


async def test_a_method_override_counts_as_the_method(client_of):
    client = await client_of(SimulatedServiceNow())
    path = f"{INCIDENTS}/{(await create(client, {}))['sys_id']}"

    answer = await client.post(path, json={"state": "2"}, headers={"X-HTTP-Method-Override": "PATCH"})

    assert (answer.status, (await answer.json())["result"]["state"]) == (200, "2")


async def test_resolving_demands_code_and_notes_and_stamps_the_time(client_of, clock):
    client = await client_of(SimulatedServiceNow(clock=clock))
    path = f"{INCIDENTS}/{(await create(client, {}))['sys_id']}"

    refused = await client.patch(path, json={"state": "6"})
    taken = await client.patch(path, json={"state": "6", "close_code": "User error", "close_notes": "done"})

    assert refused.status == 403
    assert "Data Policy Exception" in (await refused.json())["error"]["detail"]
    result = (await taken.json())["result"]
    assert (result["incident_state"], result["resolved_at"]) == ("6", "2026-03-01 12:00:00")


async def test_labels_and_names_are_taken_when_display_values_come_in(client_of):
    client = await client_of(SimulatedServiceNow())
    fields = {"impact": "2 - Medium", "caller_id": "Abel Tuter"}

    created = await create(client, fields, f"{INCIDENTS}?sysparm_input_display_value=true")

    assert (created["impact"], created["caller_id"]["value"]) == ("2", f"{0xA0:032x}")


async def test_a_table_without_the_correlation_column_drops_it_and_ignores_it_in_queries(client_of):
    servicenow = SimulatedServiceNow()
    client = await client_of(servicenow)
    path = "/api/now/table/u_legacy_request"

    created = await create(client, {"short_description": "x", "correlation_id": "key-1"}, path)
    found = await client.get(path, params={"sysparm_query": "correlation_id=key-2"})

    assert "correlation_id" not in created
    assert [row["sys_id"] for row in (await found.json())["result"]] == [created["sys_id"]]
    assert servicenow.tickets_with("key-1") == []


async def test_a_custom_column_may_be_missing_too(client_of):
    client = await client_of(SimulatedServiceNow(tables_without={"incident": {"u_key"}}))

    assert "u_key" not in await create(client, {"u_key": "K"})


async def test_tickets_are_found_by_either_correlation_field(client_of):
    servicenow = SimulatedServiceNow()
    client = await client_of(servicenow)

    await create(client, {"correlation_id": "key-1", "correlation_display": "itsm-gateway"})
    await create(client, {"correlation_id": "theirs", "correlation_display": "itsm-gateway key-2"})

    assert [len(servicenow.tickets_with(key)) for key in ("key-1", "key-2", "key")] == [1, 1, 0]


async def test_a_field_that_may_not_be_read_is_left_out(client_of):
    client = await client_of(SimulatedServiceNow(unreadable={"incident": {"correlation_id"}}))

    assert "correlation_id" not in await create(client, {"correlation_id": "key"})


async def test_a_unique_column_takes_a_value_once(client_of):
    servicenow = SimulatedServiceNow(unique={"incident": {"u_key"}})
    client = await client_of(servicenow)

    first = await create(client, {"u_key": "K"})
    again = await client.post(INCIDENTS, json={"u_key": "K"})
    updated = await client.patch(f"{INCIDENTS}/{first['sys_id']}", json={"u_key": "K", "state": "2"})

    assert (again.status, updated.status) == (403, 200)
    assert "Duplicate entry 'K' for key 'u_key'" in (await again.json())["error"]["detail"]
    assert len(servicenow.tickets()) == 1
