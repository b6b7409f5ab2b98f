"""Creates over time: by outcome and step, with how long their callers waited."""

from dataclasses import replace

from records.conftest import READ, START

from gateway.domain.outcome import OutcomeKind
from gateway.records.activity import UNDER_WAY
from gateway.records.record import Window


async def create(records, make, call_id, at, took=0.5, **changes):
    call = make.call(call_id, received_at=START + at)
    forward = make.forward(call)
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(call, ended_at=call.received_at + took, **changes))


async def test_creates_are_counted_by_outcome_and_step(records, make):
    for number, at in enumerate((0, 9.9, 10, 10.1, 29.9)):
        await create(records, make, f"call-{number}", at)
    await create(records, make, "found", 11, kind=OutcomeKind.RECONCILED)

    buckets = await records.reports.activity(Window(since=START, until=START + 60), 10)

    assert [(bucket.number, dict(bucket.outcomes)) for bucket in buckets] == [
        (0, {"created": 2}),
        (1, {"created": 2, "reconciled": 1}),
        (2, {"created": 1}),
    ]


async def test_the_time_that_callers_waited_is_told_per_step(records, make):
    await create(records, make, "quick", 1, took=0.25)
    await create(records, make, "slow", 2, took=2.25, kind=OutcomeKind.RECONCILED)

    (bucket,) = await records.reports.activity(Window(since=START, until=START + 60), 10)

    assert (bucket.mean_seconds, bucket.slowest_seconds) == (1.25, 2.25)


async def test_what_is_under_way_is_counted_and_has_no_time(records, make):
    await records.journal.open(make.forward(make.call("open")))

    (bucket,) = await records.reports.activity(Window(since=START, until=START + 60), 10)

    assert (dict(bucket.outcomes), bucket.mean_seconds, bucket.slowest_seconds) == ({UNDER_WAY: 1}, None, None)


async def test_reads_dry_runs_and_other_times_are_no_activity(records, make):
    await create(records, make, "before", -1)
    await create(records, make, "rehearsed", 1, kind=OutcomeKind.DRY_RUN)
    reading = make.call("read", received_at=START + 1)
    forward = make.forward(replace(reading, route=READ))
    await records.journal.open(forward)
    await records.journal.close(forward, make.created(forward.call, ended_at=START + 2))

    assert await records.reports.activity(Window(since=START, until=START + 60), 10) == ()
