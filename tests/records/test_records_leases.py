"""A row has one holder; whoever held it before writes nothing any more."""

import asyncio

import pytest
from records.databases import ONLY_POSTGRESQL

from gateway.domain.outcome import OutcomeKind
from gateway.pipeline.claim import Claim
from gateway.pipeline.stored import LostLease, Wait
from gateway.records.records import Records, Settings, keep_leases

CLAIM = Claim("servicenow", None, "print")


@pytest.fixture
async def stale(records, make):
    """A call whose row was taken over: what was its holder's epoch is so no more."""
    forward = make.forward()
    await records.journal.open(forward, CLAIM)
    await records.journal.close(forward, make.unconfirmed(forward.call))
    await records.journal.join("call-1")
    return forward


async def test_a_stale_holder_sends_nothing_more(records, clock, stale):
    with pytest.raises(LostLease, match="in other hands"):
        await records.journal.sending("call-1", clock.now + 9)

    assert (await records.reports.call("call-1")).call.attempts == 1


async def test_a_stale_holder_closes_and_settles_nothing(records, make, stale):
    for write in (records.journal.close, records.journal.settle):
        with pytest.raises(LostLease, match="in other hands"):
            await write(stale, make.created(stale.call))

    assert (await records.reports.call("call-1")).call.state == "reconciling"
    assert await records.reports.ticket("call-1") is None


async def test_a_stale_holder_neither_parks_queues_nor_buries(records, stale):
    for write in (
        records.outbox.park("call-1", 1),
        records.outbox.queue(stale, Wait(0.0), 1),
        records.outbox.reschedule("call-1", 0.0, 1),
        records.outbox.bury("call-1", "too old", 1),
    ):
        with pytest.raises(LostLease, match="in other hands"):
            await write

    assert (await records.reports.call("call-1")).call.state == "reconciling"


async def test_of_many_ends_in_one_commit_only_the_stale_one_is_refused(records, make, stale):
    forwards = [make.forward(make.call(f"other-{number}")) for number in range(5)]
    for forward in forwards:
        await records.journal.open(forward)

    results = await asyncio.gather(
        *(records.journal.close(forward, make.created(forward.call)) for forward in [*forwards, stale]),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [type(None)] * 5 + [LostLease]
    assert (await records.reports.call("other-4")).call.kind == "created"


async def test_the_new_holder_sends_and_closes_and_every_attempt_is_on_record(records, clock, make, stale):
    await records.journal.sending("call-1", clock.now + 70, 2)

    late = make.created(make.call(received_at=clock.now + 70))
    await records.journal.close(stale, late, 2)

    story = await records.reports.call("call-1")
    assert (story.call.kind, story.call.attempts) == ("created", 2)
    assert [(attempt["number"], attempt["status"]) for attempt in story.attempts] == [(1, None), (2, 201)]


async def test_a_call_that_has_no_row_or_is_closed_is_not_sent_again(records, clock, make):
    forward = make.forward()
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call))

    for call_id in ("call-1", "never-opened"):
        with pytest.raises(LostLease):
            await records.journal.sending(call_id, clock.now)


async def test_what_this_process_holds_is_never_free(records, clock, make, stale):
    clock.now += 10_000

    assert await records.journal.expired() == ()


async def test_a_parked_row_is_taken_over_by_an_equal_create_no_more_but_joined_by_its_id(records, make, stale):
    await records.outbox.park("call-1", 2)

    joined = await records.journal.join("call-1")

    assert joined.pending.epoch == 3


@ONLY_POSTGRESQL
async def test_rows_of_a_living_replica_are_left_alone_until_its_lease_runs_out(records, another, make, database):
    forward = make.forward()
    await records.journal.open(forward)
    async with another() as other:
        living = await other.journal.expired()
        database(f"UPDATE itsm_gateway_owners SET lease_until = 0 WHERE id = '{records.journal.owner}'")
        (taken,) = await other.journal.expired()

        with pytest.raises(LostLease):
            await records.journal.close(forward, make.created(forward.call))

    assert (living, taken.forward.call.id, taken.epoch) == ((), "call-1", 2)


@ONLY_POSTGRESQL
async def test_a_lease_counts_the_time_of_the_database_whatever_the_process_thinks_it_is(url, clock, make, another):
    clock.now = 0.0
    records = await Records.open(url, settings=Settings(clock=clock, lease_seconds=60))
    await records.journal.open(make.forward())
    await records.journal.renew_leases()
    async with another() as other:
        clock.now = 9e9

        assert await other.journal.expired() == ()

    await records.close()


@ONLY_POSTGRESQL
async def test_what_a_dead_replica_left_is_shared_by_those_that_live_without_overlap(records, another, make, database):
    for number in range(30):
        await records.journal.open(make.forward(make.call(f"call-{number:02}")))
    async with another() as one, another() as two:
        database(f"UPDATE itsm_gateway_owners SET lease_until = 0 WHERE id = '{records.journal.owner}'")

        shares = await asyncio.gather(*(each.journal.expired(8) for each in (one, two, one, two)))
        rest = await one.journal.expired(100)

    taken = [pending.forward.call.id for share in [*shares, rest] for pending in share]
    assert len(taken) == len(set(taken)) == 30


async def test_leases_are_renewed_until_cancelled_and_a_store_that_is_away_is_told(records, database):
    told = asyncio.Event()
    renewing = asyncio.create_task(keep_leases(records, lambda _error: told.set(), every_seconds=0.001))
    await records.journal.renew_leases()
    await records.writer.close()

    await told.wait()

    renewing.cancel()
    assert database("SELECT count(*) FROM itsm_gateway_owners") == [(1,)]


async def test_the_kind_of_a_row_that_is_gone_on_with_is_what_its_caller_was_told(records, stale):
    assert (await records.reports.call("call-1")).call.kind == OutcomeKind.UNCONFIRMED
