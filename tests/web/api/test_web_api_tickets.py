"""`GET /api/v1/tickets` shows the tickets made through the gateway and how their promises stand."""


async def test_a_ticket_shows_its_names_its_call_and_how_long_it_took(api, desk):
    await desk.create("call-1", call={"template_name": "rca", "source": "template"})

    shown = await (await api.get("/api/v1/tickets/call-1")).json()

    assert shown["ticket"] == {"id": "sys-call-1", "key": "INC-call-1", "url": "https://sn.example/call-1"}
    assert (shown["call_id"], shown["template"], shown["source"]) == ("call-1", "rca", "template")
    assert (shown["creation_seconds"], shown["attempt_count"], shown["priority"]) == (5.75, 2, "3")


async def test_a_promise_stands_by_its_due_time(api, desk):
    await desk.create("call-1")

    states = []
    for later in (60, 12_000, 15_000):
        desk.now = desk.call("x").received_at + later
        sla = (await (await api.get("/api/v1/tickets/call-1")).json())["sla"]
        states.append((sla["response"]["state"], sla["resolution"]["state"]))

    assert states == [("due_soon", "due_later"), ("due_passed", "due_soon"), ("due_passed", "due_passed")]


async def test_a_ticket_without_promises_shows_none(api, desk):
    await desk.create("call-1", sla=None)

    shown = await (await api.get("/api/v1/tickets/call-1")).json()

    assert shown["sla"] == {"response": None, "resolution": None}


async def test_a_ticket_is_found_by_the_key_that_people_say(api, desk):
    await desk.create("call-1")
    await desk.create("call-2")

    listed = await (await api.get("/api/v1/tickets?ticket=INC-call-2")).json()

    assert [ticket["id"] for ticket in listed["items"]] == ["call-2"]


async def test_a_ticket_nobody_knows_is_a_404_that_says_how_to_ask_by_key(api):
    answer = await api.get("/api/v1/tickets/INC0010001")

    assert answer.status == 404
    assert "?ticket=KEY" in (await answer.json())["detail"]
