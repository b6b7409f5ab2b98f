"""Routes beside plain tickets: what may be done twice is retried, what adds is looked for, the rest goes once."""

import pytest
from flows.desks import recorded
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow, When, refused, reset, stored_then

ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}}
REQUEST = {"serviceDeskId": "1", "requestTypeId": "10", "requestFieldValues": {"summary": "A laptop"}}
DESK = "/rest/servicedeskapi/request"
LINK = {"globalId": "system=x", "object": {"url": "https://x", "title": "one"}}
SPRINT = {"name": "47", "originBoardId": 5}


async def with_issue(gateway: RunningGateway, jira: SimulatedJira) -> None:
    await gateway.post(f"{gateway.jira}/rest/api/2/issue", ISSUE)
    await gateway.post(f"{gateway.jira}/rest/agile/1.0/sprint", SPRINT)
    assert len(jira.issues()) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/rest/api/3/issue/OPS-1/properties/team", {"name": "ops"}, 200),
        ("POST", "/rest/api/2/issue/OPS-1/watchers", "ann", 204),
        ("POST", "/rest/api/3/issue/OPS-1/remotelink", LINK, 200),
        ("PUT", "/rest/api/3/issue/OPS-1/assignee", {"accountId": "ann"}, 204),
        ("POST", "/rest/agile/1.0/sprint/37/issue", {"issues": ["OPS-1"]}, 204),
        ("POST", "/rest/agile/1.0/backlog/issue", {"issues": ["OPS-1"]}, 204),
        ("PUT", "/rest/agile/latest/issue/rank", {"issues": ["OPS-1"], "rankBeforeIssue": "OPS-1"}, 204),
    ],
)
async def test_what_may_be_done_twice_is_sent_again_even_after_it_was_done(
    start_gateway: StartGateway, method, path, body, status
):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    await with_issue(gateway, jira)
    jira.faults.add(stored_then(503).on(When(methods=frozenset({method}), path=path.rpartition("/")[2])))

    response = await gateway.request(method, f"{gateway.jira}{path}", headers={}, json=body)

    assert (response.status, response.headers["ITSM-Outcome"]) == (status, "updated")
    assert response.headers["ITSM-Retry-Attempts"] == "1"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/rest/api/3/issueLink", {"type": {"name": "Blocks"}, "inwardIssue": {"key": "OPS-1"}}),
        ("/rest/api/3/issue/OPS-1/remotelink", {"object": {"url": "https://x", "title": "one"}}),
    ],
)
async def test_what_adds_something_that_nobody_could_find_is_sent_once(start_gateway: StartGateway, path, body):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    await with_issue(gateway, jira)
    before = len(jira.ledger)
    jira.faults.add(refused(503).on(When(path=path.rpartition("/")[2])))

    response = await gateway.post(f"{gateway.jira}{path}", body)

    assert (response.status, response.headers["ITSM-Outcome"]) == (503, "upstream_error")
    assert len(jira.ledger) == before + 1


@pytest.mark.parametrize("fault", [stored_then(502), reset(stored=True)], ids=["answered 502", "reset"])
async def test_a_requests_comment_whose_answer_was_lost_is_found_and_shown_as_its_own(
    start_gateway: StartGateway, fault
):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    key = (await (await gateway.post(f"{gateway.jira}{DESK}", REQUEST)).json())["issueKey"]
    jira.faults.add(fault.on(When(methods=frozenset({"POST"}), path="/comment")))

    response = await gateway.post(f"{gateway.jira}{DESK}/{key}/comment", {"body": "on its way", "public": True})

    shown = await response.json()
    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert (shown["body"], shown["public"]) == ("on its way", True)
    assert shown["_links"]["self"].startswith(f"{gateway.jira}{DESK}/")
    assert len(jira.issues()[0].comments) == 1


async def test_a_requests_step_whose_answer_was_lost_is_not_taken_twice(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    key = (await (await gateway.post(f"{gateway.jira}{DESK}", REQUEST)).json())["issueKey"]
    jira.faults.add(stored_then(502).on(When(path="/transition")))

    response = await gateway.post(f"{gateway.jira}{DESK}/{key}/transition", {"id": "31"})

    assert (response.status, response.headers["ITSM-Outcome"]) == (204, "reconciled")
    assert len(jira.issues()[0].moves) == 1


async def test_items_that_the_platform_identifies_are_sent_again(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[stored_then(502)])
    gateway = await start_gateway(servicenow=servicenow)
    items = {"items": [{"className": "cmdb_ci_server", "values": {"name": "db-7"}}]}

    response = await gateway.post(f"{gateway.servicenow}/api/now/identifyreconcile", items)

    assert response.status == 200
    assert (await response.json())["result"]["items"][0]["operation"] == "NO_CHANGE"
    assert len(servicenow.ledger) == 2


async def test_a_cart_is_not_filled_twice(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[stored_then(502)])
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.post(
        f"{gateway.servicenow}/api/sn_sc/servicecatalog/items/7/add_to_cart", {"sysparm_quantity": 1}
    )

    assert response.status == 502
    assert len(servicenow.ledger) == 1


@pytest.mark.parametrize(
    ("path", "body", "resource"),
    [
        ("/api/sn_customerservice/v1/case", {"short_description": "The line is dead"}, "sn_customerservice_case"),
        ("/api/sn_sc/servicecatalog/cart/submit_order", {}, "sc_request"),
    ],
)
async def test_a_create_beside_the_table_api_is_a_ticket_on_record(start_gateway: StartGateway, path, body, resource):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    await gateway.post(f"{gateway.servicenow}/api/sn_sc/servicecatalog/items/7/add_to_cart", {"sysparm_quantity": 1})

    response = await gateway.post(f"{gateway.servicenow}{path}", body)

    page = await (await gateway.get(f"{gateway.api}/api/v1/tickets")).json()
    (ticket,) = page["items"]
    assert (response.headers["ITSM-Outcome"], response.headers["ITSM-Fenced"]) == ("created", "false")
    assert (ticket["resource"], ticket["ticket"]["id"]) == (resource, servicenow.tickets()[0]["sys_id"])


@pytest.mark.parametrize("fault", [refused(500), reset(stored=True)], ids=["answered 500", "reset"])
async def test_a_write_that_the_gateway_does_not_know_goes_once_is_recorded_and_counted_as_what_it_is(
    start_gateway: StartGateway, fault
):
    servicenow = SimulatedServiceNow(faults=[fault])
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.post(f"{gateway.servicenow}/api/x_acme/own/thing", {"a": 1})

    record = await recorded(gateway, response)
    assert len(servicenow.ledger) == 1
    assert (record["operation"], record["target"]) == ("other", "/api/x_acme/own/thing")
    assert 'itsm_ticket_creation_total{outcome="created",platform="servicenow"} 0.0' in await gateway.metrics()


async def test_a_route_that_the_gateway_does_not_know_is_forwarded(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.post(f"{gateway.servicenow}/api/x_acme/own/thing", {"a": 1})

    record = await recorded(gateway, response)
    (exchange,) = servicenow.ledger
    assert (response.headers["ITSM-Outcome"], record["outcome"]) == ("forwarded", "forwarded")
    assert exchange.body == b'{"a": 1}'
