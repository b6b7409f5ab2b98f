"""`GET /api/v1/tickets` shows the tickets made through the gateway and how their promises stand."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.outcome import SlaDue
from gateway.domain.sighting import Sighting, Stage
from gateway.records.promises import Terms
from gateway.sla.calendar import BusinessCalendar
from gateway.sla.declared import hours_of

START = 1_800_000_000.0


async def test_a_ticket_shows_its_names_its_call_and_how_long_it_took(api, desk):
    await desk.create("call-1", call={"template_name": "rca", "source": "template"})

    shown = await (await api.get("/api/v1/tickets/call-1")).json()

    assert shown["ticket"] == {"id": "sys-call-1", "key": "INC-call-1", "url": "https://sn.example/call-1"}
    assert (shown["call_id"], shown["template"], shown["source"]) == ("call-1", "rca", "template")
    assert (shown["creation_seconds"], shown["attempt_count"], shown["priority"]) == (5.75, 2, "3")


async def test_a_promise_that_nothing_is_known_of_stands_by_its_due_time(api, desk):
    await desk.create("call-1")

    states = []
    for later in (60, 12_000, 15_000):
        desk.now = desk.call("x").received_at + later
        sla = (await (await api.get("/api/v1/tickets/call-1")).json())["sla"]
        states.append((sla["response"]["state"], sla["resolution"]["state"]))

    assert states == [("running", "running"), ("breached", "soon"), ("breached", "breached")]


async def test_a_due_time_shows_its_working_and_what_was_seen(api, desk):
    office = BusinessCalendar("office", ZoneInfo("Europe/Berlin"), hours_of({"mon-fri": ["09:00-17:00"]}))
    friday = datetime(2026, 11, 27, 16, 30, tzinfo=office.zone).timestamp()
    desk.rules = replace(desk.rules, calendars={"office": office})
    due = office.add(friday, 3_600)
    await desk.create("call-1", at=friday - START, sla=SlaDue(None, due, None, 3_600.0, "office"))
    await desk.records.promises.see(
        "servicenow", [Sighting("INC-call-1", due - 60, "6", Stage.RESOLVED)], lambda _: Terms(office, frozenset())
    )

    sla = (await (await api.get("/api/v1/tickets/call-1")).json())["sla"]

    assert sla["resolution"]["working"].startswith("Fri 27 Nov 16:30 + 1 h → Mon 30 Nov 09:30 (Europe/Berlin")
    assert (sla["resolution"]["state"], sla["resolution"]["met_at"]) == ("kept", "2026-11-30T08:29:00.000Z")
    assert (sla["phase"], sla["platform_state"], sla["reopened"]) == ("resolved", "6", 0)


async def test_tickets_are_found_by_how_their_promises_stand(api, desk):
    await desk.create("late", sla=SlaDue(desk.now - 1, None))
    await desk.create("fine", sla=SlaDue(desk.now + 9_000, None))
    await desk.records.promises.pass_time(desk.now)

    listed = await (await api.get("/api/v1/tickets?response=breached")).json()

    assert [ticket["id"] for ticket in listed["items"]] == ["late"]


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
