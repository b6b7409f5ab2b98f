"""A repeated create joins the one on its way; two equal ones whose callers wait stay two."""

import asyncio
import time
from dataclasses import dataclass, field

from gateway.outbox.flights import Flights
from gateway.pipeline.claim import Claim

KEYED = Claim("sn/table.create/me", "order-7", "f" * 64)
KEYLESS = Claim("sn/table.create/me", None, "f" * 64)
OUTCOME = object()


@dataclass
class Caller:
    left: bool = False


async def test_the_same_key_joins_whether_or_not_the_first_caller_waits():
    flights = Flights(None)
    first = flights.begin(KEYED, "call-1", Caller())

    assert flights.find(KEYED, Caller()) is first


async def test_an_equal_create_without_a_key_is_a_ticket_of_its_own_while_the_first_caller_waits():
    flights = Flights(None)
    flights.begin(KEYLESS, "call-1", Caller(left=False))

    assert flights.find(KEYLESS, Caller()) is None


async def test_an_abandoned_flight_answers_one_caller_and_the_oldest_goes_first():
    flights = Flights(None)
    oldest = flights.begin(KEYLESS, "call-1", Caller(left=True))
    younger = flights.begin(KEYLESS, "call-1", Caller(left=True))

    found = [flights.find(KEYLESS, Caller()) for _ in range(3)]

    assert found == [oldest, younger, None]


async def test_a_flight_whose_second_caller_hangs_up_as_well_is_the_third_ones():
    flights = Flights(None)
    flight = flights.begin(KEYLESS, "call-1", Caller(left=True))
    flights.find(KEYLESS, Caller(left=True))

    third = flights.find(KEYLESS, Caller())

    assert third is flight
    assert flights.find(KEYLESS, Caller()) is None


async def test_whoever_joined_is_told_the_outcome():
    flights = Flights(None)
    flight = flights.begin(KEYED, "call-1", Caller())
    joined = asyncio.create_task(flights.landing(flight, time.monotonic() + 5))

    flights.land(flight, OUTCOME)

    assert await joined is OUTCOME
    assert flights.find(KEYED, Caller()) is None


async def test_all_who_joined_are_told_the_outcome_and_so_is_who_comes_when_it_has_landed():
    flights = Flights(None)
    flight = flights.begin(KEYED, "call-1", Caller())
    joined = [asyncio.create_task(flights.landing(flight, time.monotonic() + 5)) for _ in range(2)]
    await asyncio.sleep(0)

    flights.land(flight, OUTCOME)

    assert await asyncio.gather(*joined) == [OUTCOME, OUTCOME]
    assert await flights.landing(flight, time.monotonic()) is OUTCOME


async def test_whoever_cannot_wait_any_longer_is_told_nothing_and_the_flight_goes_on():
    flights = Flights(None)
    flight = flights.begin(KEYED, "call-1", Caller())

    told = await flights.landing(flight, time.monotonic())

    assert told is None
    assert flights.find(KEYED, Caller()) is flight


async def test_nothing_is_remembered_of_flights_that_landed():
    flights = Flights(None)
    for claim in (KEYED, KEYLESS):
        flights.land(flights.begin(claim, "call-1", Caller(left=True)), None)

    assert (flights.by_key, flights.by_fingerprint) == ({}, {})


@dataclass
class AbandoningJournal:
    """Hears which rows are offered to equal creates, and which no more."""

    heard: list[str] = field(default_factory=list)

    async def abandon(self, call_id: str) -> None:
        self.heard.append(f"abandon {call_id}")

    async def reclaim(self, call_id: str) -> None:
        self.heard.append(f"reclaim {call_id}")


async def test_other_processes_are_told_who_hung_up_and_when_somebody_took_the_place():
    journal = AbandoningJournal()
    flights = Flights(journal)
    flights.begin(KEYLESS, "call-1", Caller(left=True))
    watching = asyncio.create_task(flights.watch(0.001))
    while not journal.heard:  # noqa: ASYNC110  # the flights tell nobody else
        await asyncio.sleep(0.001)

    flight = flights.find(KEYLESS, Caller())
    joined = asyncio.create_task(flights.landing(flight, time.monotonic() + 5))
    await asyncio.sleep(0.01)
    flights.land(flight, OUTCOME)
    told = await joined
    watching.cancel()

    assert told is OUTCOME
    assert journal.heard == ["abandon call-1", "reclaim call-1"]


async def test_a_landed_flight_that_was_taken_is_found_until_its_taker_is_done_with_it():
    flights, taker = Flights(None), Caller(left=True)
    flight = flights.begin(KEYLESS, "call-1", Caller(left=True))
    flights.find(KEYLESS, taker)
    flights.land(flight, OUTCOME)

    third = Caller()
    found = flights.find(KEYLESS, third)
    flights.leave(flight, taker)
    flights.leave(flight, third)

    assert found is flight
    assert flights.by_fingerprint == {}
