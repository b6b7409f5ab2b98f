"""Whether upstreams answer is counted in memory, by minutes too, and survives a store that fails for a while."""

import asyncio

import pytest

from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.delivery import Attempt
from gateway.domain.fault import StoreUnavailable
from gateway.domain.outcome import Outcome, OutcomeKind
from gateway.outbox.attendance import Attendance
from gateway.simulator import CREATES, SimulatedServiceNow, refused

START = 1_800_000_000.0
LOGIN = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}


class Hours:
    """Keeps what it is given, unless it is out of order."""

    def __init__(self) -> None:
        self.rows: list[dict] = []
        self.out_of_order = False

    async def add(self, counted) -> None:
        if self.out_of_order:
            raise StoreUnavailable("the disk is full")
        self.rows += [dict(counts) for counts in counted.values()]


def asked(*answers: tuple[float, int | None], kind: OutcomeKind = OutcomeKind.FORWARDED) -> Outcome:
    route = Route("table.read", Operation.READ, "/api/now/table/incident", resource="incident")
    call = Call("c", "sn", PlatformName.SERVICENOW, route, "GET", "/", (), None, START, 60.0, "http://gateway")
    attempts = tuple(
        Attempt(number, START + at, 0.0, status, None if status else "connect", 0.0)
        for number, (at, status) in enumerate(answers, 1)
    )
    return Outcome(call, kind, START, attempts=attempts)


async def test_a_refusal_is_an_answer_and_a_server_error_is_none():
    hours = Hours()
    attendance = Attendance(hours)

    attendance.heard(asked((0, 200), (0, 404), (0, 503), (0, None)))
    await attendance.write()

    assert hours.rows == [{"exchanges": 4, "answered": 2, "minutes_asked": 1, "minutes_answered": 1}]


async def test_a_minute_counts_once_and_is_answered_by_any_exchange_in_it():
    hours = Hours()
    attendance = Attendance(hours)

    for at, status in ((0, None), (30, 200), (40, 200), (60, None), (130, 503), (140, 201)):
        attendance.heard(asked((at, status)))
    await attendance.write()

    assert hours.rows == [{"exchanges": 6, "answered": 3, "minutes_asked": 3, "minutes_answered": 2}]


async def test_what_an_open_circuit_turns_away_makes_a_minute_that_nobody_answered():
    hours = Hours()
    attendance = Attendance(hours)

    attendance.heard(asked(kind=OutcomeKind.CIRCUIT_OPEN))
    await attendance.write()

    assert hours.rows == [{"turned_away": 1, "answered": 0, "minutes_asked": 1}]


async def test_nothing_is_lost_while_the_store_fails_and_nothing_is_written_twice():
    hours = Hours()
    attendance = Attendance(hours)
    attendance.heard(asked((0, 200)))
    hours.out_of_order = True
    with pytest.raises(StoreUnavailable):
        await attendance.write()
    attendance.heard(asked((1, 200)))
    hours.out_of_order = False

    await attendance.write()
    await attendance.write()

    assert hours.rows == [{"exchanges": 2, "answered": 2, "minutes_asked": 1, "minutes_answered": 1}]


async def test_what_is_delivered_later_counts_as_what_is_sent_at_once(start_gateway):
    servicenow = SimulatedServiceNow(faults=[refused(404).on(CREATES)])
    gateway = await start_gateway(servicenow=servicenow, upstream=LOGIN, environ={"TOKEN": "t0ken"})
    url = f"{gateway.servicenow}/api/now/table/incident"
    queued = await gateway.post(url, {"short_description": "Disk full"}, Prefer="respond-async")

    async with asyncio.timeout(20):
        while not (told := await availability(gateway)):  # noqa: ASYNC110  # the outbox delivers on its own time
            await asyncio.sleep(0.02)

    assert (queued.status, told[0]["exchanges"], told[0]["answered"]) == (202, 1, 1)


async def availability(gateway) -> list[dict]:
    await gateway.running.gateway.unwatched.tracker.look()
    told: list[dict] = (await (await gateway.get(f"{gateway.api}/api/v1/sla")).json())["availability"]
    return told
