"""What was promised to be on disk is there after `kill -9`, and shows as unconfirmed at the next start."""

import asyncio
from dataclasses import replace

from records.databases import ONLY_POSTGRESQL
from records.dying import die_with_an_open_call

from gateway.domain.verdict import Evidence
from gateway.pipeline.claim import Claim
from gateway.pipeline.earlier import Standing
from gateway.records.records import Records

KEYLESS = Claim("servicenow", None, "doomed-print")


async def test_a_call_opened_before_a_kill_shows_as_unconfirmed_at_the_next_start(url, clock):
    await die_with_an_open_call(url)

    records = await Records.open(url, clock)
    story = await records.reports.call("doomed")
    await records.close()

    assert records.left_open == 1
    assert (story.call.state, story.call.kind, story.call.ended_at) == ("ambiguous", "unconfirmed", None)
    assert "left_open" in [event["event"] for event in story.events]


async def test_calls_that_are_settled_or_unconfirmed_are_not_touched_at_start(url, clock, make):
    records = await Records.open(url, clock)
    for call, end in ((make.call("done"), make.created), (make.call("asked"), make.unconfirmed)):
        await records.journal.open(make.forward(call))
        await records.journal.close(make.forward(call), end(call))
    await records.close()

    again = await Records.open(url, clock)
    kinds = [(await again.reports.call(call_id)).call.kind for call_id in ("done", "asked")]
    await again.close()

    assert (again.left_open, kinds) == (0, ["created", "unconfirmed"])


async def test_a_call_opened_before_a_kill_is_taken_at_the_next_start_and_only_once(url, clock):
    await die_with_an_open_call(url)
    records = await Records.open(url, clock)

    first = await records.journal.expired()
    second = await records.journal.expired()

    sent_at = (await records.reports.call("doomed")).call.last_sent_at
    await records.close()
    (pending,) = first
    assert (pending.forward.call.id, pending.forward.body, pending.epoch) == ("doomed", b"{}", 2)
    assert (pending.evidence, pending.absent_from, pending.last_sent) == (Evidence.SILENT, None, sent_at)
    assert second == ()


async def test_a_killed_call_is_taken_over_by_an_equal_create(url, make):
    await die_with_an_open_call(url)
    records = await Records.open(url)

    earlier = await records.journal.open(make.forward(make.call("again")), KEYLESS)

    await records.close()
    assert (earlier.call_id, earlier.standing, earlier.pending.evidence) == ("doomed", Standing.OPEN, Evidence.SILENT)


@ONLY_POSTGRESQL
async def test_a_killed_replica_is_noticed_by_the_next_equal_create_whatever_its_lease_says(url, make):
    records = await Records.open(url)
    await die_with_an_open_call(url)

    for _ in range(100):  # the server needs a moment to see that its client is gone
        earlier = await records.journal.open(make.forward(make.call("again")), KEYLESS)
        if getattr(earlier, "standing", None) is Standing.OPEN:
            break
        await records.journal.close(make.forward(make.call("again")), make.refused(make.call("again")))
        await asyncio.sleep(0.01)

    await records.close()
    assert earlier.call_id == "doomed"


async def test_an_answer_written_down_right_before_a_kill_may_not_have_been_read(url, clock, make):
    dead = await Records.open(url, clock)
    for call_id, ended_at in (("read", clock.now + 5), ("unread", clock.now + 6.5)):
        forward = make.forward(make.call(call_id))
        await dead.journal.open(forward, KEYLESS)
        await dead.journal.close(forward, make.created(forward.call, ended_at=ended_at))
    await dead._opened.aclose()  # without the farewell that an orderly end says
    clock.now += 10
    records = await Records.open(url, clock)

    again = await records.journal.open(make.forward(make.call("again")), KEYLESS)
    other = await records.journal.open(make.forward(make.call("other")), KEYLESS)

    await records.close()
    assert (again.call_id, again.standing, again.ticket.key) == ("unread", Standing.FINISHED, "INC-unread")
    assert not hasattr(other, "standing")


async def test_an_orderly_end_leaves_no_answer_to_doubt_and_its_open_rows_to_the_next(url, clock, make):
    first = await Records.open(url, clock)
    done, asked = make.forward(make.call("done")), make.forward(make.call("asked"))
    await first.journal.open(done, KEYLESS)
    await first.journal.close(done, make.created(done.call))
    await first.journal.open(asked, replace(KEYLESS, fingerprint="other"))
    await first.journal.close(asked, make.unconfirmed(asked.call), 1, Evidence.OVER, clock.now + 75)
    await first.close()
    second = await Records.open(url, clock)

    taken = await second.journal.expired()
    again = await second.journal.open(make.forward(make.call("again")), KEYLESS)

    await second.close()
    assert [(one.forward.call.id, one.evidence, one.absent_from) for one in taken] == [
        ("asked", Evidence.OVER, clock.now + 75)
    ]
    assert not hasattr(again, "standing")
