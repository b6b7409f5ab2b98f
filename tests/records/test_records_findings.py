"""Where journal and platform disagree is kept once, shown, and dealt with by people."""

from dataclasses import replace

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
