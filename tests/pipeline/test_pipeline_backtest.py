"""Today's rules over a call of the past: what they would newly refuse, warn of, or change."""

import json
from dataclasses import replace

import pytest

from gateway.config.documents import Text, parse
from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.outcome import PolicyName
from gateway.pipeline.backtest import Recorded, backtest
from gateway.pipeline.decision import Resend
from gateway.pipeline.rehearse import Change
from gateway.pipeline.stored import Stored
from gateway.platforms.platform import Carrier
from gateway.platforms.servicenow import ServiceNow
from gateway.policy.compile import compile_policies
from gateway.policy.policy import Mode
from gateway.policy.rules import Rules, UpstreamRules

INCIDENTS = "/api/now/table/incident"
UPSTREAMS = {"sn": UpstreamRules(PlatformName.SERVICENOW)}
HEAD = f"name: incidents\nplatform: servicenow\nmatch: {{path: {INCIDENTS}}}\n"


def rules(*lines: str) -> Rules:
    """One policy with these lines, as its file would be read."""
    document = parse(Text("incident.yaml", (HEAD + "\n".join(lines)).encode()))
    policies, faults = compile_policies(
        [document], {}, upstreams=UPSTREAMS, cap=Mode.ENFORCE, version="1", calendars={}
    )
    assert faults == ()
    return Rules("1", policies, {}, UPSTREAMS)


def recorded(body: dict, *broke: tuple[str, str], target: str = INCIDENTS, **stored: object) -> Recorded:
    """A create that was let through, as its row remembers it."""
    call = Call(
        id="call-1",
        upstream="sn",
        platform=PlatformName.SERVICENOW,
        route=Route("table.create", Operation.CREATE_TICKET, "", "incident"),
        method="POST",
        target=target,
        headers=(("Content-Type", "application/json"),),
        body=None,
        received_at=7.0,
        deadline=0.0,
        gateway_base="",
    )
    given = Stored(call, json.dumps(body).encode(), Resend.WHEN_ABSENT, whole=True, policy=PolicyName("incidents", "0"))
    return Recorded(replace(given, **stored), frozenset(broke))


def compared(call: Recorded, *lines: str):
    return backtest(call, rules(*lines), ServiceNow())


def test_a_call_that_breaks_no_rule_of_today_is_no_difference():
    assert compared(recorded({"short_description": "Disk full"}), "schema: {required: [short_description]}") is None


def test_a_rule_that_is_new_would_refuse_it_and_names_the_field():
    found = compared(recorded({"short_description": "Disk full"}), "schema: {required: [urgency]}")

    assert (found.call_id, found.received_at, found.before, found.policy) == ("call-1", 7.0, "incidents", "incidents")
    assert found.refused
    assert [(each.field, each.code.value) for each in found.violations] == [("urgency", "required")]


def test_a_warning_that_is_new_is_told_and_one_that_it_had_then_is_not():
    lines = ("warn_schema: {required: [urgency, impact]}",)

    found = compared(recorded({"short_description": "x"}, ("urgency", "required")), *lines)
    known = compared(recorded({"short_description": "x"}, ("urgency", "required"), ("impact", "required")), *lines)

    assert found.warned
    assert not found.refused
    assert [each.field for each in found.violations] == ["impact"]
    assert known is None


def test_a_field_that_would_be_filled_in_is_a_change():
    found = compared(recorded({"short_description": "x"}), "defaults: {contact_type: monitoring}")

    assert (found.refused, found.warned) == (False, False)
    assert found.changes == (Change("contact_type", None, "monitoring"),)


def test_the_gateway_s_own_value_in_a_body_is_no_change():
    body = {"short_description": "x", "correlation_id": "itsmgw-1", "correlation_display": "itsm-gateway"}

    found = compared(
        recorded(body, carrier=Carrier("itsmgw-1"), place="correlation_id"), "schema: {required: [short_description]}"
    )

    assert found is None


@pytest.mark.parametrize("switch", ["mode: off", "mode: warn"])
def test_a_policy_that_enforces_nothing_refuses_nothing(switch):
    found = compared(recorded({"short_description": "x"}), "schema: {required: [urgency]}", switch)

    assert found is None or not found.refused


def test_a_target_that_would_be_refused_today_says_why():
    found = compared(recorded({"short_description": "x"}, target="/api/now/%74able/incident"), "mode: enforce")

    assert found.refused
    assert "can be read as" in found.reason
