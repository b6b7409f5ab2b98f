"""Promises follow what passes by, what polling sees, and the clock; through a whole gateway."""

import json
from pathlib import Path

import pytest

from gateway.simulator import SimulatedJira, SimulatedServiceNow

LOGIN = {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}}
TOKEN = {"TOKEN": "t0ken"}
INCIDENTS = "/api/now/table/incident"
ISSUES = "/rest/api/2/issue"
ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}
POLICY = """
name: promised
platform: PLATFORM
match: {path: PATH}
sla: {response: {default: 15m}, resolution: {default: RESOLUTION}}
"""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "promises"
    folder.mkdir()
    return folder


def promise(folder: Path, platform: str, path: str, resolution: str = "4h") -> Path:
    text = POLICY.replace("PLATFORM", platform).replace("PATH", path).replace("RESOLUTION", resolution)
    (folder / "promised.yaml").write_text(text)
    return folder


async def incident(gateway) -> tuple[str, str]:
    """The record's address at the gateway, and the gateway's id of its ticket."""
    made = await gateway.post(gateway.servicenow + INCIDENTS, {"short_description": "Disk full"})
    return f"{INCIDENTS}/{(await made.json())['result']['sys_id']}", made.headers["ITSM-Call-Id"]


async def sla_of(gateway, ticket: str) -> dict:
    await gateway.running.gateway.unwatched.tracker.look()
    return (await (await gateway.get(f"{gateway.api}/api/v1/tickets/{ticket}")).json())["sla"]


def behind(gateway, platform: str) -> str:
    """The platform's own address, where no gateway sees what people do."""
    return json.loads(gateway.config_file.read_text())["upstreams"][platform]["base_url"]


async def patch(gateway, url: str, **fields: str) -> None:
    answer = await gateway.request("PATCH", url, json=fields, headers={"Authorization": "Bearer t0ken"})
    assert answer.status == 200


async def test_an_update_that_passes_by_is_an_answer_and_a_resolution(start_gateway, policies):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=promise(policies, "servicenow", INCIDENTS))
    record, ticket = await incident(gateway)

    await patch(gateway, gateway.servicenow + record, state="2")
    answered = await sla_of(gateway, ticket)
    await patch(gateway, gateway.servicenow + record, state="6", close_code="Solved (Permanently)", close_notes="done")
    resolved = await sla_of(gateway, ticket)

    assert (answered["response"]["state"], answered["resolution"]["state"]) == ("kept", "running")
    assert (resolved["resolution"]["state"], resolved["phase"]) == ("kept", "resolved")
    assert (
        'itsm_sla_promises_total{platform="servicenow",promise="resolution",state="kept"} 1.0'
        in await gateway.metrics()
    )


async def test_on_hold_stops_the_clock(start_gateway, policies):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=promise(policies, "servicenow", INCIDENTS))
    record, ticket = await incident(gateway)

    await patch(gateway, gateway.servicenow + record, state="3", hold_reason="1")

    assert (await sla_of(gateway, ticket))["resolution"]["state"] == "paused"


async def test_a_read_that_passes_by_tells_what_somebody_did_unseen(start_gateway, policies):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=promise(policies, "servicenow", INCIDENTS))
    record, ticket = await incident(gateway)
    await patch(gateway, behind(gateway, "servicenow") + record, state="2")
    before = await sla_of(gateway, ticket)

    await gateway.get(gateway.servicenow + record)

    assert (before["response"]["state"], (await sla_of(gateway, ticket))["response"]["state"]) == ("running", "kept")


async def test_a_read_that_passes_by_is_kept_once_and_with_its_body(start_gateway, policies):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=promise(policies, "servicenow", INCIDENTS))
    record, ticket = await incident(gateway)
    await sla_of(gateway, ticket)

    shown = await (await gateway.get(gateway.servicenow + record)).json()

    kept = gateway.running.gateway.unwatched.tracker.waiting
    assert [json.loads(glance.answer.body)["result"]["sys_id"] for glance in kept] == [shown["result"]["sys_id"]]


async def test_what_is_resolved_in_the_platform_s_own_pages_is_learned_by_polling(start_gateway, policies):
    gateway = await start_gateway(
        servicenow=SimulatedServiceNow(),
        policies=promise(policies, "servicenow", INCIDENTS),
        config={"sla": {"poll": True, "poll_seconds": 3600}},
        upstream=LOGIN,
        environ=TOKEN,
    )
    record, ticket = await incident(gateway)
    await patch(
        gateway, behind(gateway, "servicenow") + record, state="6", close_code="Solved (Permanently)", close_notes="x"
    )

    await gateway.running.gateway.unwatched.tracker.ask_around()

    assert (await sla_of(gateway, ticket))["resolution"]["state"] == "kept"
    assert 'itsm_sla_polls_total{result="seen",upstream="servicenow"}' in await gateway.metrics()


async def test_an_issue_that_was_closed_unseen_is_learned_by_polling(start_gateway, policies):
    gateway = await start_gateway(
        jira=SimulatedJira(),
        policies=promise(policies, "jira", ISSUES),
        config={"sla": {"poll": True, "poll_seconds": 3600}},
        upstream=LOGIN,
        environ=TOKEN,
    )
    made = await gateway.post(gateway.jira + ISSUES, ISSUE)
    issue = f"{behind(gateway, 'jira')}{ISSUES}/{(await made.json())['key']}/transitions"
    offered = (await (await gateway.get(issue, Authorization="Bearer t0ken")).json())["transitions"]
    done = next(each["id"] for each in offered if each["to"]["statusCategory"]["key"] == "done")
    await gateway.post(issue, {"transition": {"id": done}}, Authorization="Bearer t0ken")

    await gateway.running.gateway.unwatched.tracker.ask_around()

    sla = await sla_of(gateway, made.headers["ITSM-Call-Id"])
    assert (sla["resolution"]["state"], sla["phase"]) == ("kept", "resolved")


async def test_a_comment_on_an_issue_is_a_first_response(start_gateway, policies):
    gateway = await start_gateway(jira=SimulatedJira(), policies=promise(policies, "jira", ISSUES))
    made = await gateway.post(gateway.jira + ISSUES, ISSUE)

    await gateway.post(f"{gateway.jira}{ISSUES}/{(await made.json())['key']}/comment", {"body": "On it."})

    assert (await sla_of(gateway, made.headers["ITSM-Call-Id"]))["response"]["state"] == "kept"


async def test_a_promise_that_time_breaks_is_an_event_a_metric_and_a_row(start_gateway, policies):
    gateway = await start_gateway(
        servicenow=SimulatedServiceNow(), policies=promise(policies, "servicenow", INCIDENTS, resolution="1s")
    )
    _, ticket = await incident(gateway)
    tracker = gateway.running.gateway.unwatched.tracker
    now = tracker.clock()
    tracker.clock = lambda: now + 5

    await tracker.look()

    (event,) = gateway.events("promise broken")
    assert (event["call_id"], event["promise"]) == (ticket, "resolution")
    assert 'promise="resolution",state="breached"} 1.0' in await gateway.metrics()
    broken = await (await gateway.get(f"{gateway.api}/api/v1/sla")).json()
    assert [each["id"] for each in broken["breached"]] == [ticket]


async def test_polling_without_a_login_says_what_to_set(start_gateway, policies):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), config={"sla": {"poll": True}})

    (event,) = gateway.events("tickets not polled")

    assert event["mend"] == "set upstreams.servicenow.credentials"


async def test_a_ticket_that_is_solved_again_after_it_was_opened_again_is_kept_once(start_gateway, policies):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=promise(policies, "servicenow", INCIDENTS))
    record, ticket = await incident(gateway)
    solved = {"state": "6", "close_code": "Solved (Permanently)", "close_notes": "done"}

    states = []
    for fields in (solved, {"state": "2"}, solved):
        await patch(gateway, gateway.servicenow + record, **fields)
        states.append((await sla_of(gateway, ticket))["resolution"]["state"])

    assert states == ["kept", "running", "kept"]
    assert 'promise="resolution",state="kept"} 1.0' in await gateway.metrics()


async def test_the_availability_of_an_upstream_is_told_by_the_calls_that_went_there(start_gateway, policies):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=promise(policies, "servicenow", INCIDENTS))
    record, _ = await incident(gateway)
    await gateway.get(gateway.servicenow + record)

    await gateway.running.gateway.unwatched.tracker.look()

    (told,) = (await (await gateway.get(f"{gateway.api}/api/v1/sla")).json())["availability"]
    assert (told["upstream"], told["exchanges"], told["answered"], told["share"]) == ("servicenow", 2, 2, 1.0)


async def issue_at(gateway) -> tuple[str, str]:
    """The issue's transitions at the gateway, and the gateway's id of its ticket."""
    made = await gateway.post(gateway.jira + ISSUES, ISSUE)
    return f"{ISSUES}/{(await made.json())['key']}/transitions", made.headers["ITSM-Call-Id"]


async def steps(url: str, gateway) -> dict[str, str]:
    """The step that leads to each category."""
    offered = (await (await gateway.get(url, Authorization="Bearer t0ken")).json())["transitions"]
    return {each["to"]["statusCategory"]["key"]: each["id"] for each in offered}


async def test_a_transition_is_understood_by_the_list_that_its_caller_had_asked_for(start_gateway, policies):
    gateway = await start_gateway(jira=SimulatedJira(), policies=promise(policies, "jira", ISSUES))
    transitions, ticket = await issue_at(gateway)
    done = (await steps(gateway.jira + transitions, gateway))["done"]

    await gateway.post(gateway.jira + transitions, {"transition": {"id": done}})

    sla = await sla_of(gateway, ticket)
    assert (sla["phase"], sla["resolution"]["state"], sla["platform_state"]) == ("resolved", "kept", "Done")


async def test_a_transition_that_nobody_listed_is_looked_after_with_the_gateway_s_login(start_gateway, policies):
    gateway = await start_gateway(
        jira=SimulatedJira(), policies=promise(policies, "jira", ISSUES), upstream=LOGIN, environ=TOKEN
    )
    transitions, ticket = await issue_at(gateway)
    done = (await steps(behind(gateway, "jira") + transitions, gateway))["done"]

    await gateway.post(gateway.jira + transitions, {"transition": {"id": int(done)}})

    assert (await sla_of(gateway, ticket))["phase"] == "resolved"


async def test_a_transition_that_nobody_listed_changes_nothing_where_nobody_can_look(start_gateway, policies):
    gateway = await start_gateway(jira=SimulatedJira(), policies=promise(policies, "jira", ISSUES))
    transitions, ticket = await issue_at(gateway)
    done = (await steps(behind(gateway, "jira") + transitions, gateway))["done"]

    await gateway.post(gateway.jira + transitions, {"transition": {"id": done}})

    assert (await sla_of(gateway, ticket))["phase"] == "open"
