"""A filter that few calls fit is answered soon: it looks so far and no further, and says where to go on."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from records.databases import ONLY_SQLITE
from sqlalchemy import event, select

from gateway.domain.outcome import OutcomeKind
from gateway.domain.verdict import Ticket
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


@pytest.mark.parametrize("name", ["sys-7", "INC-7"])
@pytest.mark.parametrize("asked", ["ticket", "text"])
async def test_a_ticket_s_name_leads_to_every_call_that_names_it(records, make, name, asked):
    ticket = Ticket("sys-7", "INC-7")
    made = make.forward(make.call("made"))
    await records.journal.open(made)
    await records.journal.close(made, make.created(made.call, ticket=ticket))
    replayed = make.created(make.call("replayed"), kind=OutcomeKind.REPLAYED, ticket=ticket)
    read = make.forwarded(make.read("read"))
    for outcome in (replayed, replace(read, ticket=ticket), make.forwarded(make.read("other"))):
        records.journal.note(outcome)
    await records.writer.close()

    page = await records.reports.calls(Window({asked: name}), 10)

    assert sorted(call.id for call in page.items) == ["made", "read", "replayed"]


@ONLY_SQLITE
@pytest.mark.parametrize("asked", ["ticket", "text"])
async def test_a_name_is_looked_for_in_indexes_alone(records, file, asked):
    statements = []
    engine = records.reports._engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append((said[2], said[3])))

    await records.reports.calls(Window({asked: "INC-7"}), 10)

    (statement, parameters) = statements[-1]
    with closing(sqlite3.connect(file)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert [step for step in plan if step.startswith("SCAN")] == [], plan
    assert len([step for step in plan if "ticket_" in step]) == 4, plan
