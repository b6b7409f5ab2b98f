"""Both platforms tell how their own SLAs stand, as far as their documentation says how."""

from gateway.simulator import SimulatedJira, SimulatedServiceNow

INCIDENTS = "/api/now/table/incident"
LEVELS = "/api/now/table/task_sla"
FIELDS = "task,sla.name,stage,has_breached,planned_end_time,business_percentage,start_time,end_time"
LOGIN = {"Authorization": "Bearer t0ken"}
SOLVED = {"state": "6", "close_code": "Solved (Permanently)", "close_notes": "done"}


async def levels(client, sys_id):
    asked = {
        "sysparm_query": f"task.sys_idIN{sys_id}",
        "sysparm_fields": FIELDS,
        "sysparm_exclude_reference_link": "true",
    }
    return (await (await client.get(LEVELS, params=asked)).json())["result"]


async def test_an_incident_has_the_sla_of_its_priority(client_of, clock):
    client = await client_of(SimulatedServiceNow(clock=clock))
    given = {"short_description": "Disk full", "impact": "1", "urgency": "1"}
    made = await (await client.post(INCIDENTS, json=given, headers={"Accept": "application/json"})).json()

    (level,) = await levels(client, made["result"]["sys_id"])

    assert level == {
        "task": made["result"]["sys_id"],
        "sla.name": "Priority 1 resolution",
        "stage": "in_progress",
        "has_breached": "false",
        "planned_end_time": "2026-03-01 16:00:00",
        "business_percentage": "0.0",
        "start_time": "2026-03-01 12:00:00",
        "end_time": "",
    }


async def test_a_hold_moves_the_breach_time_and_a_resolution_ends_it(client_of, clock):
    client = await client_of(SimulatedServiceNow(clock=clock))
    headers = {"Accept": "application/json"}
    given = {"short_description": "Disk full", "impact": "1", "urgency": "1"}
    made = await (await client.post(INCIDENTS, json=given, headers=headers)).json()
    sys_id = made["result"]["sys_id"]

    stages = []
    for fields in ({"state": "3"}, {"state": "2"}, SOLVED):
        clock.pass_by(3_600)
        await client.patch(f"{INCIDENTS}/{sys_id}", json=fields, headers=headers)
        (level,) = await levels(client, sys_id)
        stages.append((level["stage"], level["planned_end_time"][11:], level["end_time"][11:]))

    assert stages == [
        ("paused", "16:00:00", ""),
        ("in_progress", "17:00:00", ""),
        ("completed", "17:00:00", "15:00:00"),
    ]


async def request_at(client):
    values = {"summary": "VPN drops"}
    body = {"serviceDeskId": "1", "requestTypeId": "10", "requestFieldValues": values}
    made = await client.post("/rest/servicedeskapi/request", json=body, headers=LOGIN)
    return (await made.json())["issueKey"]


async def slas(client, key):
    return await client.get(f"/rest/servicedeskapi/request/{key}/sla", headers=LOGIN)


async def test_a_request_tells_its_running_cycles_and_those_that_are_complete(client_of, clock):
    client = await client_of(SimulatedJira(clock=clock))
    key = await request_at(client)
    clock.pass_by(5 * 3_600)
    running = (await (await slas(client, key)).json())["values"]
    await client.post(f"/rest/api/2/issue/{key}/transitions", json={"transition": {"id": "31"}}, headers=LOGIN)

    ended = (await (await slas(client, key)).json())["values"]

    response, resolution = (each["ongoingCycle"] for each in running)
    assert (response["breached"], response["remainingTime"]["millis"]) == (True, -3_600_000)
    assert (resolution["breached"], resolution["breachTime"]["iso8601"]) == (False, "2026-03-02T12:00:00+0000")
    assert [len(each["completedCycles"]) for each in running] == [0, 0]
    assert ["ongoingCycle" in each for each in ended] == [False, False]
    assert [each["completedCycles"][0]["breached"] for each in ended] == [True, False]


async def test_an_issue_outside_a_service_desk_has_no_slas_and_strangers_see_none(client_of):
    jira = SimulatedJira(tokens=("t0ken",))
    client = await client_of(jira)
    fields = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}
    made = await (await client.post("/rest/api/2/issue", json={"fields": fields}, headers=LOGIN)).json()
    key = await request_at(client)

    elsewhere = await slas(client, made["key"])
    stranger = await (await client_of(jira)).get(f"/rest/servicedeskapi/request/{key}/sla")

    assert (elsewhere.status, stranger.status) == (404, 401)
