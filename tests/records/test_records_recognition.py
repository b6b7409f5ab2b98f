"""A create that comes again is recognised in the commit that would insert it."""

import asyncio
from dataclasses import replace

from records.databases import ONLY_POSTGRESQL, ONLY_SQLITE

from gateway.domain.outcome import OutcomeKind
from gateway.domain.verdict import Answer, Evidence
from gateway.pipeline.claim import Claim
from gateway.pipeline.earlier import Earlier, Opened, Standing

KEYED = Claim("servicenow/table/alice", "key-1", "f" * 64)
KEYLESS = replace(KEYED, key=None)


async def opened(records, make, call_id, claim=KEYED):
    forward = make.forward(make.call(call_id))
    return forward, await records.journal.open(forward, claim)


async def test_a_key_that_is_new_opens_a_row(records, make):
    _, first = await opened(records, make, "call-1")

    assert first == Opened(1)
    assert (await records.reports.call("call-1")).call.state == "sending"


async def test_the_same_key_while_the_first_is_in_flight_meets_it_and_inserts_nothing(records, make):
    await opened(records, make, "call-1")

    _, second = await opened(records, make, "call-2")

    assert (second.call_id, second.standing, second.pending) == ("call-1", Standing.IN_FLIGHT, None)
    assert await records.reports.call("call-2") is None


async def test_the_same_key_in_one_commit_opens_once(records, make):
    results = await asyncio.gather(*(opened(records, make, f"call-{number}") for number in range(8)))

    answers = [answer for _, answer in results]
    assert sorted(type(answer).__name__ for answer in answers) == ["Earlier"] * 7 + ["Opened"]
    assert len({answer.call_id for answer in answers if isinstance(answer, Earlier)}) == 1


@ONLY_POSTGRESQL
async def test_the_same_key_on_two_replicas_at_once_opens_once(records, another, make):
    async with another() as other:
        for turn in range(20):
            claim = replace(KEYED, key=f"key-{turn}")

            results = await asyncio.gather(
                opened(records, make, f"a-{turn}", claim), opened(other, make, f"b-{turn}", claim)
            )

            assert sorted(type(answer).__name__ for _, answer in results) == ["Earlier", "Opened"]


async def test_a_finished_create_is_answered_byte_for_byte_without_its_cookies(records, make):
    forward, _ = await opened(records, make, "call-1")
    answer = Answer(201, (("Set-Cookie", "a=b"), ("X-Total", "1"), ("X-Total", "2")), b'{"result": {"n": 1e2}}\n')
    await records.journal.close(forward, make.created(forward.call, answer=answer))

    _, again = await opened(records, make, "call-2")

    assert (again.standing, again.kind, again.ticket.key) == (Standing.FINISHED, OutcomeKind.CREATED, "INC-call-1")
    assert again.answer == replace(answer, headers=(("X-Total", "1"), ("X-Total", "2")))


async def test_a_create_that_ended_without_a_ticket_frees_its_key_and_still_shows_it(records, make):
    forward, _ = await opened(records, make, "call-1")
    failed = make.created(forward.call, kind=OutcomeKind.REJECTED, ticket=None, answer=Answer(400, (), b"{}"))
    await records.journal.close(forward, failed)

    _, again = await opened(records, make, "call-2")

    assert again == Opened(1)


async def test_a_key_is_remembered_for_a_day_and_free_after_the_sweep(records, clock, make):
    forward, _ = await opened(records, make, "call-1")
    await records.journal.close(forward, make.created(forward.call))
    clock.now += 24 * 3600
    await records.sweep(make.retention())
    _, within = await opened(records, make, "call-2")
    clock.now += 60

    await records.sweep(make.retention())

    _, after = await opened(records, make, "call-3")
    assert (within.standing, after) == (Standing.FINISHED, Opened(1))


async def test_a_keyed_create_that_is_unconfirmed_is_taken_over_by_its_repeat(records, clock, make):
    forward, _ = await opened(records, make, "call-1")
    unconfirmed = make.unconfirmed(forward.call)
    await records.journal.close(forward, unconfirmed, 1, Evidence.OVER, clock.now + 70)

    _, again = await opened(records, make, "call-2")
    _, third = await opened(records, make, "call-3")

    assert (again.standing, again.pending.epoch, again.pending.evidence) == (Standing.OPEN, 2, Evidence.OVER)
    assert (again.pending.absent_from, again.pending.last_sent) == (clock.now + 70, clock.now)
    assert (third.standing, third.pending) == (Standing.IN_FLIGHT, None)


async def test_a_key_with_another_body_takes_nothing_over(records, make):
    forward, _ = await opened(records, make, "call-1")
    await records.journal.close(forward, make.unconfirmed(forward.call))

    _, other = await opened(records, make, "call-2", replace(KEYED, fingerprint="other"))

    assert (other.fingerprint, other.standing, other.pending) == (KEYED.fingerprint, Standing.OPEN, None)


async def test_an_equal_create_without_a_key_is_one_of_its_own(records, make):
    forward, _ = await opened(records, make, "call-1", KEYLESS)
    _, beside = await opened(records, make, "call-2", KEYLESS)
    await records.journal.close(forward, make.created(forward.call))

    _, afterwards = await opened(records, make, "call-3", KEYLESS)

    assert (beside, afterwards) == (Opened(1), Opened(1))


async def test_an_abandoned_create_is_taken_over_once_the_longest_abandoned_first(records, clock, make):
    forwards = [(await opened(records, make, call_id, KEYLESS))[0] for call_id in ("newer", "older")]
    for forward, ended_at in zip(forwards, (clock.now + 2, clock.now + 1), strict=True):
        await records.journal.close(forward, replace(make.unconfirmed(forward.call), ended_at=ended_at))

    answers = [(await opened(records, make, f"again-{number}", KEYLESS))[1] for number in range(3)]

    assert [getattr(answer, "call_id", answer) for answer in answers] == ["older", "newer", Opened(1)]


@ONLY_POSTGRESQL
async def test_an_abandoned_create_is_taken_over_by_one_of_two_replicas(records, another, make):
    async with another() as other:
        for turn in range(20):
            claim = replace(KEYLESS, fingerprint=f"print-{turn}")
            forward, _ = await opened(records, make, f"first-{turn}", claim)
            await records.journal.close(forward, make.unconfirmed(forward.call))

            results = await asyncio.gather(
                opened(records, make, f"a-{turn}", claim), opened(other, make, f"b-{turn}", claim)
            )

            assert sorted(type(answer).__name__ for _, answer in results) == ["Earlier", "Opened"]


async def test_a_create_that_was_abandoned_too_long_ago_is_left_alone(records, clock, make):
    forward, _ = await opened(records, make, "call-1", KEYLESS)
    await records.journal.close(forward, make.unconfirmed(forward.call))
    clock.now += 661

    _, again = await opened(records, make, "call-2", KEYLESS)

    assert again == Opened(1)


async def test_a_caller_that_hung_up_before_its_answer_gets_it_by_an_equal_create_once(records, make):
    forward, _ = await opened(records, make, "call-1", KEYLESS)
    outcome = make.created(forward.call)
    await records.journal.close(forward, outcome)
    await records.journal.abandon("call-1")

    _, again = await opened(records, make, "call-2", KEYLESS)
    _, third = await opened(records, make, "call-3", KEYLESS)

    assert (again.standing, again.answer.body, third) == (Standing.FINISHED, outcome.answer.body, Opened(1))


async def test_a_caller_that_hung_up_in_mid_call_is_joined_and_its_answer_kept(records, make):
    forward, _ = await opened(records, make, "call-1", KEYLESS)
    await records.journal.abandon("call-1")
    _, joining = await opened(records, make, "call-2", KEYLESS)
    await records.journal.abandon("call-1")
    await records.journal.close(forward, make.created(forward.call))

    _, late = await opened(records, make, "call-3", KEYLESS)

    assert (joining.standing, late.standing) == (Standing.IN_FLIGHT, Standing.FINISHED)
    assert late.answer.status == 201


async def test_a_create_that_ended_without_a_ticket_is_no_candidate_even_when_its_caller_hung_up(records, make):
    forward, _ = await opened(records, make, "call-1", KEYLESS)
    await records.journal.abandon("call-1")
    failed = make.created(forward.call, kind=OutcomeKind.REJECTED, ticket=None, answer=Answer(400, (), b"{}"))
    await records.journal.close(forward, failed)
    await records.journal.abandon("call-1")

    _, again = await opened(records, make, "call-2", KEYLESS)

    assert again == Opened(1)


async def test_what_is_found_in_the_background_is_answered_to_whoever_was_told_unconfirmed(records, make):
    forward, _ = await opened(records, make, "call-1", KEYLESS)
    await records.journal.close(forward, make.unconfirmed(forward.call))
    await records.journal.settle(forward, make.created(forward.call, kind=OutcomeKind.RECONCILED))

    _, again = await opened(records, make, "call-2", KEYLESS)

    assert (again.standing, again.kind, again.answer.status) == (Standing.FINISHED, OutcomeKind.RECONCILED, 201)


async def test_looking_takes_nothing_and_joining_takes_what_is_open(records, make):
    forward, _ = await opened(records, make, "call-1")
    await records.journal.close(forward, make.unconfirmed(forward.call))

    looked = await records.journal.look("call-1")
    joined = await records.journal.join("call-1")
    again = await records.journal.join("call-1")

    assert (looked.standing, looked.pending) == (Standing.OPEN, None)
    assert (joined.standing, joined.pending.epoch, again.standing) == (Standing.OPEN, 2, Standing.IN_FLIGHT)
    assert await records.journal.look("never") is None


@ONLY_SQLITE
async def test_a_create_without_a_key_is_looked_for_through_an_index(records, database):
    plan = database(
        "EXPLAIN QUERY PLAN SELECT id, fingerprint FROM itsm_gateway_calls"
        " WHERE fingerprint IN ('a', 'b') AND abandoned_at > 1.0 ORDER BY abandoned_at, id"
    )

    assert "itsm_gateway_calls_abandoned" in str(plan)
