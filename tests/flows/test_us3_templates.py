"""US-3: tickets from templates that live in `itsm_config.json`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flows.desks import JIRA, SERVICENOW, SHIPPED_TEMPLATES, Desk, from_template, on_both_platforms, recorded
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow

THREE = {"templates": {"servicenow": {"three": {"short_description": "{first} {second}", "description": "{third}"}}}}
VARIABLES = {"job_name": "nightly-etl", "details": "Größe > 10 % „voll“\nZeile 2"}


async def _templates(gateway: RunningGateway, query: str = "") -> list[dict[str, Any]]:
    response = await gateway.get(f"{gateway.api}/api/v1/tickets/templates{query}")
    assert response.status == 200
    listed: list[dict[str, Any]] = await response.json()
    return listed


async def _faults(gateway: RunningGateway) -> list[dict[str, Any]]:
    shown = await (await gateway.get(f"{gateway.api}/api/v1/policies")).json()
    faults: list[dict[str, Any]] = shown["faults"]
    return faults


def _sent(simulated: SimulatedServiceNow | SimulatedJira) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(simulated.ledger.creates()[-1].body)
    return body


def _without_correlation(body: bytes) -> bytes:
    return re.sub(rb"itsmgw-[0-9a-f]{32}", b"itsmgw-", body)


def _edit(config_file: Path, template: str, fields: Any) -> None:
    config = json.loads(config_file.read_text())
    config["templates"]["servicenow"][template] = fields
    config_file.write_text(json.dumps(config, indent=2))


async def test_templates_of_the_config_are_listed_by_platform(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), config=SHIPPED_TEMPLATES)

    every, of_jira = await _templates(gateway), await _templates(gateway, "?platform=jira")

    [jiras] = of_jira
    job_name = next(variable for variable in jiras["variables"] if variable["name"] == "job_name")
    project = next(variable for variable in jiras["variables"] if variable["name"] == "project")
    assert [(each["platform"], each["name"]) for each in every] == [
        ("jira", "rca_task"),
        ("servicenow", "rca_incident"),
    ]
    assert jiras.keys() == {"platform", "name", "description", "target", "path", "fields", "variables"}
    assert jiras["fields"] == SHIPPED_TEMPLATES["templates"]["jira"]["rca_task"]
    assert (job_name["required"], project["required"], project["default"]) == (True, False, "OPS")


@on_both_platforms
async def test_a_ticket_is_made_from_a_template(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated, config=SHIPPED_TEMPLATES)

    response = await from_template(gateway, desk)

    told, call = await response.json(), await gateway.call(response)
    [ticket] = simulated.tickets()
    key = ticket["number"] if desk is SERVICENOW else ticket["key"]
    assert response.status == 201
    assert told["ticket"]["key"] == key
    assert told["ticket"]["id"]
    assert told["ticket"]["url"]
    assert told["template"] == desk.template
    assert told["retry"] == {"attempts": 0, "delays_seconds": []}
    assert told["sla"]["resolution_due_at"]
    assert (call["id"], call["template"], call["source"], call["job_id"]) == (
        told["call_id"],
        desk.template,
        "template",
        "nightly-42",
    )


async def test_the_shipped_servicenow_template_sets_impact_and_urgency(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config=SHIPPED_TEMPLATES)

    await from_template(gateway, SERVICENOW, variables={"job_name": "etl", "impact": "1", "urgency": "1"})

    [ticket] = servicenow.tickets()
    assert ticket["short_description"] == "RCA Required: etl"
    assert (ticket["impact"], ticket["urgency"], ticket["priority"]) == ("1", "1", "1")
    assert "priority" not in _sent(servicenow)


@on_both_platforms
async def test_a_proxied_client_names_a_template_in_a_header(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated, config=SHIPPED_TEMPLATES)

    response = await gateway.post(
        gateway.address(desk.platform) + desk.create_path, VARIABLES, ITSM_Template=desk.template
    )

    title = "short_description" if desk is SERVICENOW else "summary"
    sent = _sent(simulated) if desk is SERVICENOW else _sent(simulated)["fields"]
    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "created")
    assert sent[title] == "RCA Required: nightly-etl"
    assert simulated.ledger.creates()[0].header("ITSM-Template") is None
    assert len(simulated.tickets()) == 1


async def test_text_becomes_a_document_where_version_3_wants_one(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira, config=SHIPPED_TEMPLATES)

    for version in ("2", "3"):
        response = await gateway.post(f"{gateway.jira}/rest/api/{version}/issue", VARIABLES, ITSM_Template="rca_task")
        assert response.status == 201, await response.text()

    text, document = (json.loads(create.body)["fields"]["description"] for create in jira.ledger.creates())
    assert text.startswith("Job nightly-etl failed.")
    assert (document["type"], document["version"]) == ("doc", 1)
    assert VARIABLES["details"].split("\n")[0] in json.dumps(document, ensure_ascii=False)


async def test_a_placeholder_that_is_the_whole_value_keeps_its_type(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    template = {"short_description": "{count} in {job_id}", "u_count": "{count}", "u_hosts": "{hosts}"}
    gateway = await start_gateway(servicenow=servicenow, config={"templates": {"servicenow": {"typed": template}}})

    response = await from_template(
        gateway, SERVICENOW, template_name="typed", variables={"count": 3, "hosts": ["a", "b"]}
    )

    sent = _sent(servicenow)
    assert response.status == 201
    assert (sent["u_count"], sent["u_hosts"], sent["short_description"]) == (3, ["a", "b"], "3 in nightly-42")


async def test_missing_variables_are_named_all_at_once(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config=THREE)

    response = await from_template(gateway, SERVICENOW, template_name="three", variables={"second": "2"})

    problem = await response.json()
    assert (response.status, response.content_type) == (422, "application/problem+json")
    assert problem["type"] == "urn:itsm-gateway:problem:missing-variables"
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [
        ("first", "missing_variable"),
        ("third", "missing_variable"),
    ]
    assert all(each["message"] for each in problem["errors"])
    assert set(problem["required"]) == {"first", "second", "third"}
    assert len(servicenow.ledger) == 0
    assert (await recorded(gateway, response))["outcome"] == "template_failed"


async def test_a_proxied_client_is_told_every_missing_variable_in_the_platforms_shape(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config=THREE)

    response = await gateway.post(gateway.servicenow + SERVICENOW.create_path, {"second": "2"}, ITSM_Template="three")

    error = (await response.json())["error"]
    series = 'itsm_template_rendering_errors_total{template_name="three"} 1.0'
    assert (response.status, response.headers["ITSM-Outcome"]) == (400, "template_failed")
    assert response.headers["ITSM-Error"] == "missing-variables"
    assert "template 'three' cannot be filled in (it needs first, " in error["detail"]
    assert "first: " in error["detail"]
    assert "third: " in error["detail"]
    assert len(servicenow.ledger) == 0
    assert series in await gateway.metrics()


@on_both_platforms
async def test_an_unknown_template_names_the_known_ones(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated, config=SHIPPED_TEMPLATES)

    at_the_api = await from_template(gateway, desk, template_name="rca")
    proxied = await gateway.post(gateway.address(desk.platform) + desk.create_path, {}, ITSM_Template="rca")

    assert (at_the_api.status, proxied.status) == (404, 400)
    assert at_the_api.headers["ITSM-Error"] == proxied.headers["ITSM-Error"] == "unknown-template"
    assert desk.template in (await at_the_api.json())["detail"]
    assert desk.template in await proxied.text()
    assert len(simulated.ledger) == 0


@on_both_platforms
async def test_a_dry_run_at_the_api_shows_byte_for_byte_what_is_sent(start_gateway: StartGateway, desk: Desk):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated, config=SHIPPED_TEMPLATES)

    rehearsal = await from_template(gateway, desk, variables=VARIABLES, dry_run=True)
    before = len(simulated.ledger)
    await from_template(gateway, desk, variables=VARIABLES)

    sent = _without_correlation(simulated.ledger.creates()[0].body)
    assert (rehearsal.status, rehearsal.headers["ITSM-Outcome"]) == (200, "dry_run")
    assert before == 0
    assert b'"payload":' + sent + b"," in _without_correlation(await rehearsal.read())


@pytest.mark.parametrize("template", [None, "rca_task"])
async def test_a_proxied_dry_run_shows_byte_for_byte_what_is_sent(start_gateway: StartGateway, template: str | None):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira, config=SHIPPED_TEMPLATES)
    body = VARIABLES if template else {"fields": {**JIRA.ticket["fields"], "description": "1e2 € \u2028"}}
    headers = {"ITSM_Template": template} if template else {}
    url = gateway.jira + JIRA.create_path

    rehearsal = await gateway.post(url, body, ITSM_Dry_Run="true", **headers)
    before = len(jira.ledger)
    await gateway.post(url, body, **headers)

    sent = _without_correlation(jira.ledger.creates()[0].body)
    assert ((await rehearsal.json())["would"], before) == ("forward", 0)
    assert b'"payload":' + sent + b"," in _without_correlation(await rehearsal.read())


async def test_a_template_added_to_the_config_is_there_without_a_restart(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config=SHIPPED_TEMPLATES)

    before = await from_template(gateway, SERVICENOW, template_name="disk", variables={"host": "db-7"})
    _edit(gateway.config_file, "disk", {"short_description": "Disk full on {host}"})
    await gateway.running.watch.reload()
    after = await from_template(gateway, SERVICENOW, template_name="disk", variables={"host": "db-7"})

    assert (before.status, after.status) == (404, 201)
    assert {each["name"] for each in await _templates(gateway, "?platform=servicenow")} == {"disk", "rca_incident"}
    assert servicenow.tickets()[0]["short_description"] == "Disk full on db-7"


async def test_a_faulty_edit_keeps_the_last_good_templates_and_stays_visible_until_mended(
    start_gateway: StartGateway,
):
    servicenow = SimulatedServiceNow()
    good = {"short_description": "RCA Required: {job_name}"}
    gateway = await start_gateway(servicenow=servicenow, config={"templates": {"servicenow": {"rca_incident": good}}})

    _edit(gateway.config_file, "rca_incident", {"short_description": "RCA: {job_name"})
    await gateway.running.watch.reload()
    faults, kept = await _faults(gateway), await from_template(gateway, SERVICENOW)
    metrics = await gateway.metrics()
    _edit(gateway.config_file, "rca_incident", {"short_description": "RCA: {job_name}"})
    await gateway.running.watch.reload()
    mended = await from_template(gateway, SERVICENOW)

    titles = [ticket["short_description"] for ticket in servicenow.tickets()]
    assert [fault["pointer"] for fault in faults] == ["/templates/servicenow/rca_incident/short_description"]
    assert faults[0]["file"].endswith("itsm_config.json")
    assert faults[0]["line"] > 0
    assert (kept.status, mended.status) == (201, 201)
    assert titles == ["RCA Required: nightly-etl", "RCA: nightly-etl"]
    assert "itsm_rules_faults 1.0" in metrics
    assert len(gateway.events("edit not in force")) == 1
    assert await _faults(gateway) == []
