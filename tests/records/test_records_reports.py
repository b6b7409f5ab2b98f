"""The reports answer page by page, through every filter, and stay stable while calls go on."""

import pytest
from records.databases import ONLY_SQLITE

from gateway.domain.call import PlatformName
from gateway.domain.fault import StoreUnavailable
from gateway.domain.verdict import Ticket
from gateway.records.record import Position, Window


async def closed_create(records, make, call_id, at=0.0, took=0.5, call=None, **changes):
    call = make.call(call_id, received_at=1_800_000_000.0 + at, **(call or {}))
    forward = make.forward(call)
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(call, ended_at=call.received_at + took, **changes))


async def test_pages_follow_each_other_without_gap_or_repeat_while_calls_come_in(records, make):
    for number in range(7):
        await closed_create(records, make, f"call-{number}", at=number // 2)

    seen, after = [], None
    while True:
        page = await records.reports.calls(Window(), 2, after)
        assert len(page.items) <= 2
        seen += [call.id for call in page.items]
        await closed_create(records, make, f"new-{len(seen)}", at=100 + len(seen))
        if page.next is None:
            break
        after = page.next

    assert seen == [f"call-{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


async def test_a_page_that_ends_with_the_last_row_has_no_next(records, make):
    for number in range(2):
        await closed_create(records, make, f"call-{number}", at=number)

    page = await records.reports.tickets(Window(), 2)

    assert ([ticket.id for ticket in page.items], page.next) == (["call-1", "call-0"], None)


@pytest.mark.parametrize(
    "window",
    [
        Window({"platform": "jira"}),
        Window({"upstream": "jira-eu"}),
        Window({"job_id": "job-7"}),
        Window({"ticket": "OPS-7"}),
        Window({"ticket": "10007"}),
        Window({"template": "rca"}),
        Window({"source": "template"}),
        Window(since=1_800_000_050.0),
        Window({"policy": "servicenow-incident"}, since=1_800_000_050.0, until=1_800_000_150.0),
    ],
)
async def test_every_filter_finds_the_one_call_and_the_one_ticket_it_names(records, make, window):
    await closed_create(records, make, "other")
    differing = {
        "platform": PlatformName.JIRA,
        "upstream": "jira-eu",
        "job_id": "job-7",
        "template_name": "rca",
        "source": "template",
    }
    await closed_create(records, make, "sought", at=100, call=differing, ticket=Ticket("10007", "OPS-7"))

    calls, tickets = await records.reports.calls(window, 10), await records.reports.tickets(window, 10)

    assert [call.id for call in calls.items] == ["sought"]
    assert [ticket.id for ticket in tickets.items] == ["sought"]


async def test_a_position_between_rows_of_the_same_instant_is_exact(records, make):
    for name in ("a", "b", "c"):
        await closed_create(records, make, name)

    page = await records.reports.calls(Window(), 10, Position(1_800_000_000.0, "b"))

    assert [call.id for call in page.items] == ["a"]


async def test_creation_figures_tell_the_share_within_the_target_and_the_slowest_but_five_percent(records, make):
    for number in range(20):
        await closed_create(records, make, f"call-{number}", took=(number + 1) / 8)
    await closed_create(records, make, "slow", took=9.0, call={"platform": PlatformName.JIRA})

    figures = await records.reports.sla(Window())

    jira, servicenow = figures.creations
    assert (jira.platform, jira.tickets, jira.within_target) == ("jira", 1, 0)
    assert jira.p95_seconds == pytest.approx(9.0, rel=0.1)
    assert (servicenow.tickets, servicenow.within_target) == (20, 16)
    assert servicenow.p95_seconds == pytest.approx(2.375, rel=0.1)


async def test_every_ticket_of_a_create_that_made_several_is_in_the_figures(records, make):
    await closed_create(records, make, "several", further=(Ticket("2", "OPS-2"), Ticket("3", "OPS-3")))

    figures = await records.reports.sla(Window())

    assert [creation.tickets for creation in figures.creations] == [3]
    assert (figures.response.promised, figures.resolution.promised) == (3, 3)


async def test_an_empty_window_has_no_creations_and_no_promises(records):
    figures = await records.reports.sla(Window(since=0, until=1))

    assert figures.creations == ()
    assert (figures.response.promised, figures.resolution.breached, figures.due_soon) == (0, 0, ())


@ONLY_SQLITE
async def test_a_database_that_cannot_be_read_is_told_in_one_line(records, database, file):
    await records.writer.close()
    file.write_bytes(b"no database any more" * 500)

    with pytest.raises(StoreUnavailable, match="the records cannot be read"):
        await records.reports.calls(Window(), 10)


@ONLY_SQLITE
async def test_a_listing_of_calls_is_answered_from_an_index(records, database):
    plan = database(
        "EXPLAIN QUERY PLAN SELECT * FROM itsm_gateway_calls WHERE (received_at, id) < (1.0, 'x')"
        " ORDER BY received_at DESC, id DESC LIMIT 51"
    )

    assert "itsm_gateway_calls_received" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
