"""A file that is wrong is told by file, line, pointer and mend, and puts nothing out of force."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flows.desks import SERVICENOW
from running import StartGateway

from gateway.domain.fault import ConfigError
from gateway.simulator import SimulatedServiceNow


@pytest.mark.parametrize(
    ("config", "pointer", "says"),
    [
        ({"retry_policy": {"max_retrys": 5}}, "/retry_policy/max_retrys", "max_retries"),
        ({"retry_policy": {"max_retries": -1}}, "/retry_policy/max_retries", "0"),
        ({"timeout": {"total_timeout_seconds": "a minute"}}, "/timeout/total_timeout_seconds", "number"),
        ({"listen": {"proxy": "nowhere"}}, "/listen/proxy", "host:port"),
        ({"mode": "strict"}, "/mode", "enforce"),
        ({"templates": {"servicenow": {"rca": {"short_description": "{job name}"}}}}, "/templates/servicenow/rca", "{"),
    ],
    ids=["misspelt-key", "out-of-range", "wrong-type", "no-address", "no-such-mode", "bad-placeholder"],
)
async def test_a_wrong_config_is_told_by_file_line_pointer_and_mend(
    start_gateway: StartGateway, config: Mapping[str, Any], pointer: str, says: str
):
    with pytest.raises(ConfigError) as caught:
        await start_gateway(servicenow=SimulatedServiceNow(), config=config)

    [fault] = caught.value.faults
    assert fault.file.endswith("itsm_config.json")
    assert fault.line > 0
    assert fault.pointer.startswith(pointer)
    assert says in fault.message


async def test_every_fault_of_config_policies_and_templates_is_told_at_once(
    start_gateway: StartGateway, tmp_path: Path
):
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "one.yaml").write_text("name: one\nplatform: servicenow\nmatch: {path: incident}\n")
    (policies / "two.yaml").write_text("name: two\nplatform: jira\nmatch: {path: /rest/api/2/issue}\nschemas: {}\n")
    config = {"mode": "strict", "templates": {"jira": {"rca": {"summary": "{"}}}}

    with pytest.raises(ConfigError) as caught:
        await start_gateway(servicenow=SimulatedServiceNow(), config=config, policies=policies)

    told = {(Path(fault.file).name, fault.pointer) for fault in caught.value.faults}
    assert told >= {
        ("itsm_config.json", "/mode"),
        ("itsm_config.json", "/templates/jira/rca/summary"),
        ("one.yaml", "/match/path"),
        ("two.yaml", "/schemas"),
    }


async def test_a_wrong_policy_edit_leaves_the_last_good_set_in_force(start_gateway: StartGateway, tmp_path: Path):
    policies = tmp_path / "policies"
    policies.mkdir()
    policy = policies / "incident.yaml"
    good = (
        "name: incident\nplatform: servicenow\nmatch: {path: /api/now/table/incident}\n"
        "schema: {required: [short_description]}\n"
    )
    policy.write_text(good)
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, policies=policies)

    policy.write_text(good.replace("required", "require"))
    await gateway.running.watch.reload()
    refusal = await gateway.post(gateway.servicenow + SERVICENOW.create_path, {})
    made = await SERVICENOW.create(gateway)
    shown = await (await gateway.get(f"{gateway.api}/api/v1/policies")).json()

    assert (refusal.status, made.status) == (400, 201)
    assert [each["name"] for each in shown["policies"]] == ["incident"]
    assert shown["faults"][0]["file"].endswith("incident.yaml")
    assert shown["faults"][0]["line"] == 4
    assert "required" in shown["faults"][0]["message"]
