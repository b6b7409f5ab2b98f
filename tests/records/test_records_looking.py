"""A filter that few calls fit is answered soon: it looks so far and no further, and says where to go on."""

import pytest
from sqlalchemy import select

from gateway.records.looking import Search
from gateway.records.record import Position, Window
from gateway.records.tables import calls

BEGAN = 1_800_000_000.0


@pytest.fixture
async def twenty(records, make):
    """Calls of `job`, of which every fifth is of the template `rare`."""
    for number in range(20):
        template = "rare" if number % 5 == 0 else "usual"
        call = make.call(f"call-{number:02}", received_at=BEGAN + number // 2, template_name=template, job_id="job")
        forward = make.forward(call)
        await records.journal.open(forward)
        await records.journal.close(forward, make.created(call, ended_at=call.received_at + 1))
    return records


async def found(records, window, most=2, after=None, stretches=(3, 4)):
    looked = await Search(records.reports._rows, stretches).calls(select(calls.c.id), window, most, after)
    return [row["id"] for row in looked.rows], looked.paused


async def test_it_looks_no_further_than_its_stretches_and_says_how_far(twenty):
    names, paused = await found(twenty, Window({"template": "none"}))

    assert names == []
    assert paused.id == "call-13"


@pytest.mark.parametrize("oldest_first", [False, True])
async def test_whoever_goes_on_from_there_finds_every_call_once(twenty, oldest_first):
    seen, after = [], None

    while True:
        names, paused = await found(twenty, Window({"template": "rare"}, oldest_first=oldest_first), 9, after)
        seen += names
        if paused is None:
            break
        after = paused

    expected = ["call-15", "call-10", "call-05", "call-00"]
    assert seen == (expected[::-1] if oldest_first else expected)


async def test_it_stops_as_soon_as_the_page_is_full(twenty):
    names, paused = await found(twenty, Window({"template": "usual"}))

    assert (names, paused) == (["call-19", "call-18"], None)


async def test_a_window_in_time_ends_it(twenty):
    names, paused = await found(twenty, Window({"template": "rare"}, since=BEGAN + 7), 9)

    assert (names, paused) == (["call-15"], None)


@pytest.mark.parametrize("window", [Window(), Window({"kind": "created"}), Window({"job_id": "job", "template": "no"})])
async def test_what_an_index_answers_is_asked_in_one_go(twenty, window):
    _, paused = await found(twenty, window, 30)

    assert paused is None


async def test_a_position_outside_the_window_shows_nothing_outside_of_it(twenty):
    late = Position(BEGAN + 100, "call-99")

    names, _ = await found(twenty, Window({"template": "rare"}, until=BEGAN + 7), 9, late, (30,))

    assert names == ["call-10", "call-05", "call-00"]


async def test_a_tickets_name_leads_to_it_whatever_else_is_asked(twenty):
    page = await twenty.reports.calls(Window({"job_id": "job", "kind": "created"}), 50)

    assert len(page.items) == 20
