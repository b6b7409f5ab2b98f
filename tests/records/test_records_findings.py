"""Where journal and platform disagree is kept once, shown, and dealt with by people."""

from dataclasses import replace

from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.domain.problem import Problem, ProblemType
from gateway.pipeline.stored import Wait
from gateway.records.findings import Finding, FindingKind
from gateway.records.record import Window

ORPHAN = Finding(FindingKind.ORPHAN, "servicenow", "servicenow", ("sys-1",), "call-1", 1_800_000_000.0)


async def test_the_same_finding_is_kept_once_whenever_it_is_found(records):
    twice = Finding(FindingKind.DUPLICATE, "jira", "jira", ("10", "11"), None, 1_800_000_000.0)

    kept = [
        await records.desk.found(twice),
        await records.desk.found(replace(twice, tickets=("11", "10"), found_at=1_800_003_600.0)),
        await records.desk.found(replace(twice, tickets=("10", "12"))),
    ]

    assert kept == [True, False, True]


async def test_findings_are_listed_the_latest_first_and_by_kind_and_state(records):
    await records.desk.found(ORPHAN)
    ghost = Finding(FindingKind.GHOST, "jira", "jira", ("10",), "call-2", 1_800_000_001.0, "404")
    await records.desk.found(ghost)

    every = await records.reports.findings(Window(), 10)
    ghosts = await records.reports.findings(Window({"kind": "ghost", "state": "open"}), 10)

    assert [found.kind for found in every.items] == ["ghost", "orphan"]
    assert [(found.id, list(found.tickets), found.note) for found in ghosts.items] == [(ghost.id, ["10"], "404")]


async def test_adopting_and_closing_are_done_once_and_audited_with_what_was_said(records):
    await records.desk.found(ORPHAN)

    done = [
        await records.desk.adopt(ORPHAN.id, "alice", "it is ours"),
        await records.desk.close(ORPHAN.id, "bob"),
        await records.desk.close("no such finding", "bob"),
    ]

    found = await records.reports.finding(ORPHAN.id)
    acts = (await records.reports.audit(Window(), 10)).items
    assert done == [True, False, False]
    assert (found.state, found.note) == ("adopted", "it is ours")
    assert [(act.actor, act.action, act.subject, act.detail) for act in acts] == [
        ("alice", "adopt", ORPHAN.id, "it is ours")
    ]


async def test_a_finding_that_comes_again_after_it_was_closed_stays_closed(records):
    await records.desk.found(ORPHAN)
    await records.desk.close(ORPHAN.id, "alice", "removed by hand")

    again = await records.desk.found(ORPHAN)

    assert (again, (await records.reports.finding(ORPHAN.id)).state) == (False, "closed")


async def test_an_adopted_orphan_becomes_the_ticket_of_its_call(records, make, clock):
    call = make.call("call-1")
    problem = Problem(ProblemType.UNREACHABLE, 502, "no connection")
    await records.journal.open(make.forward(call))
    await records.journal.close(make.forward(call), Outcome(call, OutcomeKind.UNREACHABLE, clock.now, problem=problem))
    await records.desk.found(ORPHAN)
    clock.now += 600

    await records.desk.adopt(ORPHAN.id, "alice")

    story, ticket = await records.reports.call("call-1"), await records.reports.ticket("call-1")
    assert (story.call.kind, story.call.ticket_id, story.call.status) == ("reconciled", "sys-1", 502)
    assert (story.events[-1]["event"], story.events[-1]["by"]) == ("adopted", "alice")
    assert (ticket.ticket_id, ticket.accepted_at, ticket.ticket_at) == ("sys-1", call.received_at, clock.now)


async def test_an_adopted_dead_letter_cannot_be_delivered_again(records, make, clock):
    forward = make.forward(make.call("call-1"))
    await records.journal.open(forward)
    await records.outbox.queue(forward, Wait(clock.now, 1, ()))
    (pending,) = await records.outbox.due()
    await records.outbox.bury("call-1", "too old", pending.epoch)
    await records.desk.found(ORPHAN)

    await records.desk.adopt(ORPHAN.id, "alice")

    assert not await records.desk.replay("call-1", "bob")
    assert await records.reports.waiting("call-1") is None


async def test_closing_an_orphan_leaves_its_call_as_it_was(records, make):
    await records.journal.open(make.forward(make.call("call-1")))
    await records.desk.found(ORPHAN)

    await records.desk.close(ORPHAN.id, "alice")

    assert (await records.reports.call("call-1")).call.ticket_id is None
