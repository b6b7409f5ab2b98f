"""Calls that wait are delivered in order, by one worker each, and never more wait than fit."""

import asyncio

import pytest
from records.databases import ONLY_POSTGRESQL

from gateway.domain.delivery import Attempt
from gateway.domain.outcome import OutcomeKind
from gateway.domain.verdict import Evidence
from gateway.pipeline.claim import Claim
from gateway.pipeline.earlier import Opened, Standing
from gateway.pipeline.stored import LostLease, OutboxFull, Wait
from gateway.records.outbox import OutboxLimits
from gateway.records.record import Position, Window
from gateway.records.records import Records, Settings

KEYED = Claim("servicenow/table/alice", "key-1", "f" * 64)


@pytest.fixture
def queued(records, clock, make):
    """Opens a call and lets it wait."""

    async def queue(call_id, at=0.0, rank=3, claim=None, attempts=(), store=records):
        forward = make.forward(make.call(call_id, received_at=clock.now + at))
        await store.journal.open(forward, claim)
        full = await store.outbox.queue(forward, Wait(clock.now + 5, rank, attempts))
        return full or forward

    return queue


async def test_a_queued_call_is_on_record_as_what_its_caller_was_told(records, clock, queued):
    clock.now += 0.2
    await queued("call-1", at=-0.2)

    call = (await records.reports.call("call-1")).call
    assert (call.state, call.kind, call.status, call.attempts) == ("queued", "queued", 202, 0)
    assert (call.ended_at, call.last_sent_at) == (clock.now, None)


async def test_the_attempts_before_the_wait_and_after_it_make_one_story(records, clock, make, queued):
    before = Attempt(1, clock.now, 0.1, None, "connect", 0.0)
    forward = await queued("call-1", attempts=(before,))
    clock.now += 5
    (pending,) = await records.outbox.due()
    await records.outbox.reschedule("call-1", clock.now + 30, pending.epoch, (Attempt(1, clock.now, 1, 503, None, 0),))
    clock.now += 30
    (pending,) = await records.outbox.due()
    await records.journal.sending("call-1", clock.now, pending.epoch)

    late = make.created(make.call("call-1", received_at=clock.now))
    await records.journal.settle(forward, late, pending.epoch)

    story = await records.reports.call("call-1")
    assert [(one["number"], one["failure"] or one["status"]) for one in story.attempts] == [
        (1, "connect"),
        (2, 503),
        (3, 201),
    ]
    assert (story.call.state, story.call.kind, story.call.status) == ("closed", "created", 202)
    assert pending.tries == 1


async def test_what_is_due_comes_by_urgency_then_by_age_and_only_once(records, clock, queued):
    await queued("young", at=2)
    await queued("old", at=1)
    await queued("urgent", at=3, rank=1)
    early = await records.outbox.due()
    clock.now += 5

    first = await records.outbox.due(2)
    rest = await records.outbox.due()

    taken = [[pending.forward.call.id for pending in portion] for portion in (early, first, rest)]
    assert taken == [[], ["urgent", "old"], ["young"]]


async def test_what_was_never_sent_has_no_evidence_and_nothing_to_search_for(records, clock, queued):
    await queued("call-1")
    clock.now += 5

    (pending,) = await records.outbox.due()

    assert (pending.evidence, pending.absent_from, pending.last_sent, pending.epoch) == (None, None, None, 2)


async def test_a_call_that_is_sent_from_the_outbox_is_ambiguous_when_its_process_dies(url, clock, make):
    dead = await Records.open(url, clock)
    forward = make.forward()
    await dead.journal.open(forward)
    await dead.outbox.queue(forward, Wait(clock.now))
    (pending,) = await dead.outbox.due()
    await dead.journal.sending("call-1", clock.now + 7, pending.epoch)
    await dead._opened.aclose()
    records = await Records.open(url, clock)

    left = await records.journal.expired()

    assert [(one.evidence, one.last_sent, one.epoch) for one in left] == [(Evidence.SILENT, clock.now + 7, 3)]
    assert await records.outbox.due() == ()
    await records.close()


async def test_a_call_that_its_process_had_taken_and_not_sent_is_due_again_when_that_dies(url, clock, make):
    dead = await Records.open(url, clock)
    forward = make.forward()
    await dead.journal.open(forward)
    await dead.outbox.queue(forward, Wait(clock.now))
    await dead.outbox.due()
    await dead._opened.aclose()
    records = await Records.open(url, clock)

    (again,) = await records.outbox.due()

    assert again.epoch == 3
    await records.close()


@ONLY_POSTGRESQL
async def test_two_replicas_share_what_is_due_without_overlap(records, another, clock, queued):
    for number in range(40):
        await queued(f"call-{number}")
    clock.now += 5
    async with another() as other:
        shares = await asyncio.gather(*(each.outbox.due(7) for each in (records, other) * 4))

    taken = [pending.forward.call.id for share in shares for pending in share]
    assert len(taken) == len(set(taken)) == 40


@pytest.mark.parametrize("limits", [OutboxLimits(rows=2), OutboxLimits(size=80)])
async def test_a_full_outbox_takes_nothing_more_and_says_so(url, clock, queued, limits):
    small = await Records.open(url.replace("gateway.db", "small.db"), settings=Settings(clock=clock, outbox=limits))
    results = [await queued(f"call-{number}", store=small) for number in range(3)]

    depth = await small.outbox.depth()

    await small.close()
    assert results[2] == OutboxFull(2, 70)
    assert (depth.rows, depth.size, depth.oldest) == (2, 70, clock.now)


@pytest.fixture
async def narrow(url, clock):
    """Records in which two calls may wait."""
    opened = await Records.open(
        url.replace("gateway.db", "small.db"), settings=Settings(clock=clock, outbox=OutboxLimits(rows=2))
    )
    yield opened
    await opened.close()


async def test_what_waits_for_certainty_takes_room_as_well(narrow, make, queued):
    await queued("call-1", store=narrow)
    await narrow.journal.open(make.forward(make.call("call-2")))
    parked = await narrow.outbox.park("call-2", 1, Evidence.OVER, 9.0)
    await narrow.journal.open(make.forward(make.call("call-3")))

    too_many = await narrow.outbox.park("call-3", 1, Evidence.OVER, 9.0)
    queued_too = await queued("call-4", store=narrow)

    assert (parked, too_many, queued_too) == (None, OutboxFull(2, 70), OutboxFull(2, 70))


async def test_what_was_accepted_keeps_its_place_whatever_it_waits_for(narrow, clock, make, queued):
    await queued("call-1", store=narrow)
    await narrow.journal.open(make.forward(make.call("call-2")))
    await narrow.outbox.park("call-2", 1, Evidence.OVER, 9.0)
    clock.now += 5

    (due,) = await narrow.outbox.due()
    parked = await narrow.outbox.park("call-1", due.epoch, Evidence.OVER, 9.0)
    queued_again = await narrow.outbox.queue(make.forward(make.call("call-2")), Wait(clock.now), 1)

    assert (parked, queued_again) == (None, None)


async def test_what_its_caller_was_told_a_failure_of_is_never_delivered_later(records, make):
    later = make.forward(later=True, rank=2)
    await records.journal.open(later, Claim("servicenow/table/", None, "f" * 64))
    await records.journal.close(later, make.unconfirmed(later.call), 1, Evidence.OVER, 9.0)

    again = await records.journal.open(make.forward(make.call("call-2")), Claim("servicenow/table/", None, "f" * 64))

    assert (again.call_id, again.pending.forward.later) == ("call-1", False)


async def test_the_same_key_as_a_waiting_call_meets_it(records, make, queued):
    await queued("call-1", claim=KEYED)

    again = await records.journal.open(make.forward(make.call("call-2")), KEYED)

    assert (again.call_id, again.standing, again.pending) == ("call-1", Standing.QUEUED, None)


async def test_a_buried_call_is_a_dead_letter_whose_key_is_free(records, clock, make, queued):
    await queued("call-1", claim=KEYED)
    clock.now += 5
    (pending,) = await records.outbox.due()

    await records.outbox.bury("call-1", "older than 72 h", pending.epoch)

    story = await records.reports.call("call-1")
    assert (story.call.state, story.events[-1]) == (
        "dead",
        {"at": clock.now, "event": "buried", "reason": "older than 72 h"},
    )
    assert await records.journal.open(make.forward(make.call("call-2")), KEYED) == Opened(1)
    assert (await records.outbox.depth()).rows == 0


async def test_a_dead_letter_is_replayed_by_a_person_once_and_audited(records, clock, queued):
    await queued("call-1")
    clock.now += 5
    (pending,) = await records.outbox.due()
    await records.outbox.bury("call-1", "too old", pending.epoch)

    done = [await records.desk.replay("call-1", "alice") for _ in range(2)]

    (again,) = await records.outbox.due()
    (act,) = (await records.reports.audit(Window(), 10)).items
    assert (done, again.forward.call.id) == ([True, False], "call-1")
    assert (act.actor, act.action, act.subject, act.at) == ("alice", "replay", "call-1", clock.now)


async def test_what_a_person_discards_is_sent_by_nobody_any_more(records, clock, make, queued):
    await queued("call-1")
    clock.now += 5
    (pending,) = await records.outbox.due()

    discarded = await records.desk.discard("call-1", "alice")

    with pytest.raises(LostLease):
        await records.journal.sending("call-1", clock.now, pending.epoch)
    call = (await records.reports.call("call-1")).call
    assert (discarded, call.state, call.kind) == (True, "closed", OutcomeKind.QUEUED)
    assert [act.action for act in (await records.reports.audit(Window(), 10)).items] == ["discard"]
    assert await records.desk.discard("call-1", "alice") is False


async def test_the_body_of_a_discarded_call_goes_a_day_later(records, clock, queued, make, database):
    await queued("call-1")
    await records.desk.discard("call-1", "alice")
    clock.now += 24 * 3600 + 60

    swept = await records.sweep(make.retention())

    assert swept.bodies == 1
    assert database("SELECT body FROM itsm_gateway_call_details") == [(None,)]


async def test_the_listing_shows_what_is_not_done_by_state_and_page(records, clock, make, queued):
    for number in range(3):
        await queued(f"queued-{number}", at=number)
    asked = make.forward(make.call("asked", received_at=clock.now + 9))
    await records.journal.open(asked)
    await records.journal.close(asked, make.unconfirmed(asked.call), 1, Evidence.SILENT, clock.now + 65)
    done = make.forward(make.call("done"))
    await records.journal.open(done)
    await records.journal.close(done, make.created(done.call))

    every = await records.reports.outbox(Window(), 10)
    page = await records.reports.outbox(Window({"state": "queued"}), 2)
    rest = await records.reports.outbox(Window({"state": "queued"}), 2, page.next)
    shown = await records.reports.waiting("asked")

    assert [call.id for call in every.items] == ["asked", "queued-2", "queued-1", "queued-0"]
    assert ([call.id for call in page.items], page.next) == (
        ["queued-2", "queued-1"],
        Position(clock.now + 1, "queued-1"),
    )
    assert ([call.id for call in rest.items], rest.next) == (["queued-0"], None)
    assert (shown.evidence, shown.absent_from, await records.reports.waiting("done")) == (
        "silent",
        clock.now + 65,
        None,
    )
