"""`GET /api/v1/sla` tells targets, creation times, and which promises were kept, broken, or fall due."""

from dataclasses import replace

from gateway.domain.delivery import Attempt
from gateway.domain.outcome import OutcomeKind, PolicyName, SlaDue
from gateway.domain.sighting import Sighting, Stage
from gateway.domain.verdict import Ticket
from gateway.outbox.attendance import Attendance
from gateway.policy.policy import Mode, Policy
from gateway.records.availability import UpstreamHours
from gateway.records.promises import Terms
from gateway.sla.calendar import Elapsed
from gateway.sla.targets import SlaTargets

START = 1_800_000_000.0


def all_time(_ticket):
    return Terms(Elapsed(), frozenset())


def a_policy(sla: SlaTargets | None) -> Policy:
    return Policy(PolicyName("incident", "v"), "", None, "servicenow", None, Mode.ENFORCE, None, sla=sla)


async def test_creation_is_held_against_the_two_second_target(api, desk):
    for number in range(19):
        await desk.create(f"fast-{number}", ended_at=1_800_000_001.0)
    await desk.create("slow", ended_at=1_800_000_009.0)

    shown = await (await api.get("/api/v1/sla")).json()

    (creation,) = shown["creation"]
    assert 1.0 <= creation.pop("p95_seconds") <= 1.1
    assert creation == {
        "platform": "servicenow",
        "tickets": 20,
        "within_target": 19,
        "share": 0.95,
        "met": True,
    }
    assert shown["targets"]["creation"] == {"seconds": 2.0, "share": 0.95}


async def test_one_more_slow_ticket_misses_the_target(api, desk):
    await desk.create("fast", ended_at=1_800_000_001.0)
    await desk.create("slow", ended_at=1_800_000_009.0)

    (creation,) = (await (await api.get("/api/v1/sla")).json())["creation"]

    assert (creation["share"], creation["met"]) == (0.5, False)


async def test_the_promises_of_the_policies_in_force_are_told(api, desk):
    promising = a_policy(SlaTargets({"1": 900.0}, {"default": 14_400.0}))
    desk.rules = replace(desk.rules, policies=(promising, a_policy(None)))

    shown = await (await api.get("/api/v1/sla")).json()

    assert shown["targets"]["policies"] == [
        {
            "policy": "incident",
            "response_seconds": {"1": 900.0},
            "resolution_seconds": {"default": 14_400.0},
            "calendar": None,
        }
    ]


async def test_promises_are_counted_and_what_is_at_stake_is_listed(api, desk):
    await desk.create("broken", sla=SlaDue(desk.now - 1, None))
    await desk.create("later", sla=SlaDue(desk.now + 14, None))
    await desk.create("sooner", sla=SlaDue(None, desk.now + 10))
    await desk.create("answered", sla=SlaDue(desk.now + 1_000, None))
    await desk.records.promises.see("servicenow", [Sighting("sys-answered", desk.now, "2", Stage.STARTED)], all_time)
    await desk.records.promises.pass_time(desk.now)

    shown = await (await api.get("/api/v1/sla")).json()

    assert shown["response"] == {"promised": 3, "kept": 1, "breached": 1, "attainment": 0.5, "due_soon": 1}
    assert shown["resolution"] == {"promised": 1, "kept": 0, "breached": 0, "attainment": None, "due_soon": 1}
    assert [ticket["id"] for ticket in shown["due_soon"]] == ["sooner", "later"]
    assert [ticket["id"] for ticket in shown["breached"]] == ["broken"]


async def test_the_window_is_thirty_days_unless_asked_otherwise(api, desk):
    await desk.create("old")
    desk.now += 29 * 24 * 3600

    month = await (await api.get("/api/v1/sla")).json()
    week = await (await api.get("/api/v1/sla?since=7d")).json()

    assert (len(month["creation"]), len(week["creation"])) == (1, 0)
    assert month["window"]["until"] == "2027-02-13T08:01:00.000Z"


async def test_availability_is_the_share_of_exchanges_that_each_upstream_answered(api, desk):
    attendance = Attendance(UpstreamHours(desk.records.writer))
    served, failed = desk.outcome(desk.call("served")), desk.outcome(desk.call("failed"))
    attendance.heard(served)
    attendance.heard(replace(failed, attempts=(Attempt(1, desk.now, 0.1, None, "connect", 0.0),)))
    attendance.heard(replace(failed, kind=OutcomeKind.CIRCUIT_OPEN, attempts=()))

    await attendance.write()

    shown = await (await api.get("/api/v1/sla")).json()
    assert shown["targets"]["availability"] == {"share": 0.995}
    assert shown["availability"] == [
        {
            "upstream": "servicenow",
            "platform": "servicenow",
            "exchanges": 3,
            "answered": 1,
            "turned_away": 1,
            "share": 0.3333,
            "minutes_asked": 2,
            "minutes_answered": 1,
            "minutes_share": 0.5,
            "met": False,
        }
    ]


async def test_availability_is_told_of_the_upstream_that_was_asked_for(api, desk):
    attendance = Attendance(UpstreamHours(desk.records.writer))
    attendance.heard(desk.outcome(desk.call("served")))
    await attendance.write()

    mine = await (await api.get("/api/v1/sla?upstream=servicenow&policy=any")).json()
    other = await (await api.get("/api/v1/sla?upstream=jira")).json()

    assert ([each["upstream"] for each in mine["availability"]], other["availability"]) == (["servicenow"], [])


async def test_attainment_is_told_by_priority_and_day(api, desk):
    day = 86_400.0
    for number, (priority, at) in enumerate((("1", 0.0), ("1", 0.0), ("3", 0.0), ("1", day))):
        accepted = START + at
        ticket = Ticket(f"sys-{number}", f"INC-{number}", "", priority)
        await desk.create(str(number), at=at, ticket=ticket, sla=SlaDue(accepted + 900, None, 900.0))
    desk.now = START + day + 100
    late = [Sighting("sys-1", START + 1_000, "2", Stage.STARTED)]
    seen = [Sighting(f"sys-{number}", START + 100, "2", Stage.STARTED) for number in (0, 2)]
    await desk.records.promises.see("servicenow", [*late, *seen], all_time)
    await desk.records.promises.see("servicenow", [Sighting("sys-3", desk.now, "2", Stage.STARTED)], all_time)

    shown = await (await api.get("/api/v1/sla/priorities")).json()

    nothing = {"kept": 0, "breached": 0, "attainment": None}
    assert [(each["day"], each["priority"], each["response"]) for each in shown["days"]] == [
        ("2027-01-15", "1", {"kept": 1, "breached": 1, "attainment": 0.5}),
        ("2027-01-15", "3", {"kept": 1, "breached": 0, "attainment": 1.0}),
        ("2027-01-16", "1", {"kept": 1, "breached": 0, "attainment": 1.0}),
    ]
    assert shown["priorities"] == [
        {"priority": "1", "response": {"kept": 2, "breached": 1, "attainment": 0.6667}, "resolution": nothing},
        {"priority": "3", "response": {"kept": 1, "breached": 0, "attainment": 1.0}, "resolution": nothing},
    ]


async def test_a_day_before_the_window_is_left_out_of_the_priorities(api, desk):
    await desk.create("old", sla=SlaDue(START + 900, None, 900.0))
    await desk.records.promises.pass_time(START + 1_000)
    desk.now = START + 3 * 86_400.0

    shown = await (await api.get("/api/v1/sla/priorities?since=1d")).json()

    assert (shown["priorities"], shown["days"]) == ([], [])
