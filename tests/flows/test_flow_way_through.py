"""One call, all the way."""

from running import StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow


async def test_a_servicenow_ticket_goes_through(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.post(f"{gateway.servicenow}/api/now/table/incident", {"short_description": "Disk full"})

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "created"
    assert response.headers["Location"].startswith(f"{gateway.servicenow}/api/now/table/incident/")
    assert (await response.json())["result"]["short_description"] == "Disk full"
    assert len(servicenow.tickets()) == 1


async def test_a_jira_ticket_goes_through(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)

    response = await gateway.post(
        f"{gateway.proxy}/jira/rest/api/2/issue",
        {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}},
    )

    assert response.status == 201, await response.text()
    assert response.headers["ITSM-Outcome"] == "created"
    assert (await response.json())["self"].startswith(f"{gateway.proxy}/jira/rest/api/2/issue/")
    assert len(jira.issues()) == 1
