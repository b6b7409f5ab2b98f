"""The creates that the sweep compares with the platform, page by page, on both databases."""

from records.databases import ONLY_POSTGRESQL, ONLY_SQLITE

from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, ProblemType
from gateway.domain.verdict import Ticket
from gateway.records.record import Position

BEGINNING = Position(0.0, "")


async def ended(records, make, call_id: str, kind: OutcomeKind | None = OutcomeKind.CREATED, **changes: object) -> None:
    """A create that ended so; None leaves it open."""
    call = make.call(call_id, **changes)
    forward = make.forward(call)
    await records.journal.open(forward)
    if kind is OutcomeKind.CREATED:
        await records.journal.close(forward, make.created(call))
    elif kind is not None:
        problem = Problem(ProblemType.UPSTREAM_REFUSED, 502, "no")
        await records.journal.close(forward, Outcome(call, kind, call.received_at + 1, problem=problem))


async def ids(records, after=BEGINNING, until=2e9, limit=10) -> list[str]:
    found = await records.reports.sent_creates("servicenow", after, until, limit)
    return [create.call_id for create in found]


async def test_a_create_is_told_with_its_value_and_the_ticket_that_its_caller_was_told(records, make):
    await ended(records, make, "made")
    await ended(records, make, "failed", OutcomeKind.UPSTREAM_ERROR)

    found = await records.reports.sent_creates("servicenow", BEGINNING, 2e9, 10)

    told = {create.call_id: (create.ticket, create.value, create.place, create.resource) for create in found}
    assert told == {
        "made": ("sys-made", "made", "correlation_id", "incident"),
        "failed": (None, "failed", "correlation_id", "incident"),
    }


async def test_what_is_still_open_and_what_was_never_sent_is_not_compared(records, make):
    await ended(records, make, "open", None)
    records.journal.note(make.refused(make.call("refused")))
    records.journal.note(make.forwarded(make.read()))
    await ended(records, make, "another's", upstream="elsewhere")
    await ended(records, make, "made")

    assert await ids(records) == ["made"]


async def test_the_next_page_begins_where_the_last_one_ended(records, make, clock):
    for second, name in enumerate(("a", "b", "c")):
        await ended(records, make, name, received_at=clock.now + second)

    first = await records.reports.sent_creates("servicenow", BEGINNING, clock.now + 2, 1)
    rest = await ids(records, first[-1].position, clock.now + 2)

    assert [create.call_id for create in first] == ["a"]
    assert rest == ["b"]


@ONLY_POSTGRESQL
async def test_one_of_the_processes_that_share_a_database_leads(records, another):
    async with another() as other:
        leading = [await records.leads(), await other.leads()]

    assert sorted(leading) == [False, True]
    assert await records.leads()


@ONLY_SQLITE
async def test_who_is_alone_leads(records):
    assert await records.leads()


async def test_a_create_that_made_several_tickets_is_told_with_all_of_them(records, make):
    call = make.call("many")
    forward = make.forward(call)
    await records.journal.open(forward)
    beside = (Ticket("2", "OPS-2"), Ticket("3", "OPS-3"), Ticket("", "OPS-4"))
    await records.journal.close(forward, make.created(call, ticket=Ticket("1", "OPS-1"), further=beside))
    await ended(records, make, "one")

    found = await records.reports.sent_creates("servicenow", BEGINNING, 2e9, 10)

    assert {create.call_id: (create.ticket, create.further) for create in found} == {
        "many": ("1", ("2", "3")),
        "one": ("sys-one", ()),
    }
