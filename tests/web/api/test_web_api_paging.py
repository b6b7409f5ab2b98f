"""Listings are read strictly and paged by a cursor."""

import pytest

from gateway.records.record import Position
from gateway.web.api.paging import cursor, read_cursor


async def test_following_the_link_visits_every_call_once_newest_first(api, desk):
    for number in range(5):
        await desk.create(f"call-{number}", at=number)

    seen, address = [], "/api/v1/calls?limit=2&platform=servicenow"
    while address:
        answer = await api.get(address)
        seen += [call["id"] for call in (await answer.json())["items"]]
        address = answer.links["next"]["url"].raw_path_qs if "next" in answer.links else None

    assert seen == ["call-4", "call-3", "call-2", "call-1", "call-0"]


async def test_the_body_s_next_is_the_cursor_of_the_following_page(api, desk):
    for number in range(3):
        await desk.create(f"call-{number}", at=number)
    first = await (await api.get("/api/v1/tickets?limit=2")).json()

    second = await (await api.get("/api/v1/tickets", params={"limit": 2, "cursor": first["next"]})).json()

    assert ([ticket["id"] for ticket in second["items"]], second["next"]) == (["call-0"], None)


@pytest.mark.parametrize(
    ("query", "field", "code", "told"),
    [
        ("outcom=created", "outcom", "unknown_field", "outcome"),
        ("outcome=made", "outcome", "not_allowed", "reconciled"),
        ("platform=remedy", "platform", "not_allowed", "servicenow, jira"),
        ("sort=up", "sort", "not_allowed", "newest or oldest"),
        ("limit=0", "limit", "out_of_range", "1 to 200"),
        ("limit=201", "limit", "out_of_range", "1 to 200"),
        ("limit=many", "limit", "out_of_range", "1 to 200"),
        ("limit=%D9%A1", "limit", "out_of_range", "1 to 200"),
        ("since=yesterday", "since", "bad_format", "24h"),
        ("until=2026-13-01", "until", "bad_format", "2026-01-31T12:00:00Z"),
        ("cursor=abc", "cursor", "bad_format", "next"),
        ("job_id=a&job_id=b", "job_id", "invalid", "once"),
    ],
)
async def test_a_parameter_at_fault_is_named_with_what_it_takes(api, query, field, code, told):
    answer = await api.get(f"/api/v1/calls?{query}")

    problem = await answer.json()
    assert (answer.status, answer.content_type) == (422, "application/problem+json")
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert told in problem["errors"][0]["message"]


async def test_all_parameters_at_fault_are_named_at_once(api):
    answer = await api.get("/api/v1/tickets?limit=0&since=now&colour=red")

    assert {error["field"] for error in (await answer.json())["errors"]} == {"limit", "since", "colour"}


@pytest.mark.parametrize("since", ["2027-01-15T08:00:02Z", "2027-01-15T09:00:02+01:00", "2027-01-15T08:00:02", "58s"])
async def test_since_takes_an_instant_in_any_zone_or_a_span_back(api, desk, since):
    await desk.create("early", at=1)
    await desk.create("late", at=2)

    listed = await (await api.get(f"/api/v1/calls?since={since}")).json()

    assert [call["id"] for call in listed["items"]] == ["late"]


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-12:00", "999999w"])
async def test_instants_at_the_ends_of_the_calendar_are_answered(api, since):
    answers = [(await api.get(f"/api/v1/{what}?since={since}")).status for what in ("calls", "sla")]

    assert answers == [200, 200]


@pytest.mark.parametrize(
    "text",
    ["", "!", "bnVsbA", "WzEsMl0", "W251bGwsImEiXQ", "WzFlOTk5LCJhIl0", "W3RydWUsImEiXQ", "WzEsIlx1ZDgwMCJd", "é"],
)
def test_a_text_that_was_never_a_cursor_is_told_from_one(text):
    assert read_cursor(text) is None


def test_a_cursor_keeps_its_position_exactly():
    position = Position(1_800_000_000.123456, "0123456789abcdef")

    assert read_cursor(cursor(position)) == position


async def test_the_oldest_come_first_where_they_are_asked_for_and_pages_go_on_so(api, desk):
    for number in range(3):
        await desk.create(f"call-{number}", at=number)
    first = await (await api.get("/api/v1/calls?sort=oldest&limit=2")).json()

    second = await (await api.get("/api/v1/calls?sort=oldest&limit=2", params={"cursor": first["next"]})).json()

    assert [call["id"] for page in (first, second) for call in page["items"]] == ["call-0", "call-1", "call-2"]


@pytest.mark.parametrize("text", ["call-1", "sys-call-1", "INC-call-1", "job-1"])
async def test_a_call_is_found_by_whatever_name_somebody_has_in_hand(api, desk, text):
    await desk.create("call-1", call={"job_id": "job-1"})
    await desk.create("call-2", call={"job_id": "job-2"})

    listed = await (await api.get("/api/v1/calls", params={"text": text})).json()

    assert [call["id"] for call in listed["items"]] == ["call-1"]


async def test_calls_are_filtered_by_who_made_them(api, desk):
    await desk.create("call-1", call={"client": "etl"})
    await desk.create("call-2", call={"client": "monitoring"})

    listed = await (await api.get("/api/v1/calls?client=etl")).json()

    assert [call["id"] for call in listed["items"]] == ["call-1"]
