"""US-2: a payload that breaks its policy is refused with every field named, and nothing is made."""

from collections.abc import Mapping
from typing import Any

import pytest
from flows.desks import JIRA, LOGIN, SERVICENOW, SHIPPED_TEMPLATES, Desk, from_template, on_both_platforms, recorded
from flows.strict_rules import BAD_INCIDENT, BAD_ISSUE, FAULTS, file_ticket
from running import StartGateway

from gateway.simulator import CREATES, SimulatedJira, SimulatedServiceNow, refused


@pytest.mark.parametrize(
    ("broken", "field", "code", "says"),
    [
        ({"caller_id": None}, "caller_id", "required", "required"),
        ({"short_description": "x" * 21}, "short_description", "too_long", "20"),
        ({"u_colour": "blue"}, "u_colour", "not_allowed", "amber"),
        ({"u_code": "abc"}, "u_code", "pattern_mismatch", "ABC-1"),
    ],
    ids=["required", "max-length", "enum", "pattern"],
)
async def test_each_kind_of_rule_refuses_with_field_code_and_message(
    start_gateway: StartGateway, strict, broken: Mapping[str, Any], field: str, code: str, says: str
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=strict())
    good = {"caller_id": "abel", "short_description": "Disk full", "u_colour": "red", "u_code": "ABC-1"}
    fields = {name: value for name, value in (good | broken).items() if value is not None}

    response = await file_ticket(gateway, SERVICENOW, fields)

    detail = (await response.json())["error"]["detail"]
    [violation] = (await recorded(gateway, response))["violations"]
    assert response.status == 400
    assert (violation["field"], violation["code"]) == (field, code)
    assert says in violation["message"]
    assert f"{field}: {violation['message']}" in detail
    assert len(servicenow.ledger) == 0


async def test_a_payload_that_keeps_every_rule_is_forwarded(start_gateway: StartGateway, strict):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=strict())
    good = {"caller_id": "abel", "short_description": "x" * 20, "u_colour": "red", "u_code": "ABC-1"}

    response = await file_ticket(gateway, SERVICENOW, good)

    assert response.status == 201
    assert "ITSM-Violations" not in response.headers


async def test_all_violations_are_told_at_once_in_servicenows_shape(start_gateway: StartGateway, strict):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=strict())

    response = await file_ticket(gateway, SERVICENOW, BAD_INCIDENT)

    told = await response.json()
    assert response.status == 400
    assert told["status"] == "failure"
    assert all(name in told["error"]["detail"] for name in (*BAD_INCIDENT, "caller_id"))
    assert {each["code"] for each in (await recorded(gateway, response))["violations"]} == FAULTS


async def test_all_violations_are_told_at_once_in_jiras_shape(start_gateway: StartGateway, strict):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira, policies=strict())

    response = await file_ticket(gateway, JIRA, BAD_ISSUE)

    told = await response.json()
    assert response.status == 400
    assert told.keys() == {"errorMessages", "errors"}
    assert told["errors"].keys() == BAD_ISSUE.keys() | {"project"}
    assert all(name in told["errorMessages"][0] for name in told["errors"])
    assert {each["code"] for each in (await recorded(gateway, response))["violations"]} == FAULTS


@pytest.mark.parametrize(
    ("desk", "path", "body", "faults"),
    [
        (SERVICENOW, "/api/now/table/incident", {}, {("short_description", "required")}),
        (SERVICENOW, "/api/now/v2/table/problem", {"impact": "1"}, {("short_description", "required")}),
        (
            JIRA,
            "/rest/api/2/issue",
            {"fields": {"project": {"key": "OPS"}, "summary": "x" * 256, "labels": ["on call"]}},
            {("issuetype", "required"), ("summary", "too_long"), ("labels.0", "pattern_mismatch")},
        ),
        (
            JIRA,
            "/rest/api/3/issue",
            {"fields": {**JIRA.ticket["fields"], "description": {"type": "text", "version": 1, "content": []}}},
            {("description.type", "not_allowed")},
        ),
    ],
    ids=["incident", "problem", "issue-v2", "issue-v3"],
)
async def test_the_shipped_policies_refuse_what_nobody_could_use(
    start_gateway: StartGateway, desk: Desk, path: str, body: Mapping[str, Any], faults: set[tuple[str, str]]
):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated)

    response = await gateway.post(gateway.address(desk.platform) + path, body)

    violations = (await recorded(gateway, response))["violations"]
    assert response.status == 400
    assert {(each["field"], each["code"]) for each in violations} == faults
    assert len(simulated.ledger) == 0


@on_both_platforms
async def test_the_gateways_refusal_is_told_apart_from_the_platforms(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate(faults=[refused(400).on(CREATES), refused(500).on(CREATES)])
    gateway = await desk.before(start_gateway, simulated, config={"retry_policy": {"max_retries": 0}})

    ours = await file_ticket(gateway, desk, {})
    theirs, broken = await desk.create(gateway), await desk.create(gateway)

    told = [(each.status, each.headers.get("ITSM-Error"), each.headers["ITSM-Outcome"]) for each in (ours, theirs)]
    assert told == [(400, "validation-failed", "validation_failed"), (400, None, "rejected")]
    assert (broken.status, broken.headers.get("ITSM-Error")) == (500, None)
    assert broken.headers["ITSM-Outcome"] == "upstream_error"


async def test_the_tickets_door_tells_validation_422_and_an_upstreams_refusal_502(start_gateway: StartGateway):
    title = {"short_description": "{title}", "urgency": "{urgency}"}
    servicenow = SimulatedServiceNow(faults=[refused(400).on(CREATES)])
    config = {"templates": {"servicenow": {"titled": title, "untitled": {"urgency": "{urgency}"}}}}
    gateway = await start_gateway(servicenow=servicenow, config=config)

    ours = await from_template(gateway, SERVICENOW, template_name="untitled", variables={"urgency": "1"})
    theirs = await from_template(
        gateway, SERVICENOW, template_name="titled", variables={"title": "Disk full", "urgency": "1"}
    )

    problem, upstreams = await ours.json(), await theirs.json()
    assert (ours.status, theirs.status) == (422, 502)
    assert ours.content_type == theirs.content_type == "application/problem+json"
    assert (problem["type"], upstreams["type"]) == (
        "urn:itsm-gateway:problem:validation-failed",
        "urn:itsm-gateway:problem:upstream-refused",
    )
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [("short_description", "required")]
    assert problem["errors"][0]["message"]
    assert upstreams["upstream_status"] == 400
    assert "errors" not in upstreams


@on_both_platforms
async def test_nothing_is_made_and_a_structured_event_tells_why(start_gateway: StartGateway, desk: Desk, strict):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated, policies=strict())

    response = await file_ticket(gateway, desk, BAD_INCIDENT if desk is SERVICENOW else BAD_ISSUE)

    [event] = gateway.events("validation failed")
    assert len(simulated.ledger) == 0
    assert simulated.tickets() == []
    assert event["call_id"] == response.headers["ITSM-Call-Id"]
    assert (event["platform"], event["policy"]) == (desk.platform, f"strict-{desk.platform}")
    assert {each["code"] for each in event["violations"]} == FAULTS
    assert "far too long" not in gateway.log.getvalue()


@on_both_platforms
async def test_refusals_are_counted_by_field(start_gateway: StartGateway, desk: Desk, strict):
    gateway = await desk.before(start_gateway, desk.simulate(), policies=strict())
    field = "u_colour" if desk is SERVICENOW else "customfield_10001"
    series = f'itsm_validation_errors_total{{field="{field}",platform="{desk.platform}"}}'

    before = await gateway.metrics()
    await file_ticket(gateway, desk, BAD_INCIDENT if desk is SERVICENOW else BAD_ISSUE)
    after = await gateway.metrics()

    assert f"{series} 0.0" in before
    assert f"{series} 1.0" in after
    assert f'itsm_ticket_creation_total{{outcome="validation_failed",platform="{desk.platform}"}} 1.0' in after


async def test_a_request_that_the_tickets_door_cannot_use_names_its_fields(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config=SHIPPED_TEMPLATES)

    response = await gateway.post(
        f"{gateway.api}/api/v1/tickets/from-template", {"platform": "remedy", "variables": {}}, **LOGIN
    )

    problem = await response.json()
    assert (response.status, response.content_type) == (422, "application/problem+json")
    assert {each["field"] for each in problem["errors"]} >= {"platform", "template_name"}
    assert len(servicenow.ledger) == 0
