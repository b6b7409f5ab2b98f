"""US-2: what a policy's mode, the emergency switch and a dry run make of its violations."""

from flows.desks import JIRA, SERVICENOW, Desk, on_both_platforms, recorded
from flows.strict_rules import BAD_INCIDENT, BAD_ISSUE, FAULTS, file_ticket
from running import StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow


async def test_mode_warn_forwards_and_counts_the_violations(start_gateway: StartGateway, strict):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=strict("warn"))

    response = await file_ticket(gateway, SERVICENOW, BAD_INCIDENT)

    call = await recorded(gateway, response)
    assert (response.status, response.headers["ITSM-Violations"]) == (201, "4")
    assert {each["code"] for each in call["violations"]} == FAULTS
    assert len(servicenow.tickets()) == 1
    assert gateway.events("validation failed") == []


async def test_mode_off_leaves_the_call_untouched(start_gateway: StartGateway, strict):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=strict("off"))
    body = b'{ "short_description": "far too long to be a title",\n "u_colour":"blue" }'

    response = await gateway.request(
        "POST",
        gateway.servicenow + SERVICENOW.create_path,
        headers={"Content-Type": "application/json"},
        data=body,
    )

    assert response.status == 201
    assert "ITSM-Violations" not in response.headers
    assert servicenow.ledger.creates()[0].body == body


async def test_the_emergency_switch_turns_every_refusal_into_a_warning(start_gateway: StartGateway, strict):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=strict(), environ={"ITSM_GATEWAY__MODE": "warn"})

    response = await file_ticket(gateway, SERVICENOW, BAD_INCIDENT)

    assert (response.status, response.headers["ITSM-Violations"]) == (201, "4")


async def test_the_emergency_switch_can_be_thrown_while_the_gateway_runs(start_gateway: StartGateway, strict):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira, policies=strict(), config={"mode": "enforce"})
    fields = {**JIRA.ticket["fields"], "summary": "far too long to be a title"}

    refusal = await file_ticket(gateway, JIRA, fields)
    written = gateway.config_file.read_text()
    gateway.config_file.write_text(written.replace('"mode": "enforce"', '"mode": "warn"'))
    await gateway.running.watch.reload()
    warned = await file_ticket(gateway, JIRA, fields)

    assert refusal.status == 400
    assert (warned.status, warned.headers["ITSM-Violations"]) == (201, "1")


@on_both_platforms
async def test_a_dry_run_shows_the_violations_and_sends_nothing(start_gateway: StartGateway, desk: Desk, strict):
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated, policies=strict())
    fields = BAD_INCIDENT if desk is SERVICENOW else BAD_ISSUE

    response = await file_ticket(gateway, desk, fields, ITSM_Dry_Run="true")

    told = await response.json()
    assert (response.status, told["would"]) == (200, "refuse")
    assert {each["code"] for each in told["violations"]} == FAULTS
    assert len(simulated.ledger) == 0
