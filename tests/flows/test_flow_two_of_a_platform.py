"""Several instances of one platform behind one gateway: each has its address, prefix, policies and settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestServer
from flows.desks import LOGIN, SERVICENOW, SHIPPED_TEMPLATES
from running import QUICK_WINDOWS, RunningGateway, StartGateway

from gateway.simulator import CREATES, SimulatedServiceNow, refused

NAMES = ("emea", "apac")
STRICT = """\
name: strict
upstream: emea
match: {path: /api/now/table/incident}
schema: {required: [caller_id]}
"""
LAX = """\
name: lax
platform: servicenow
match: {path: /api/now/table/incident}
"""


@pytest.fixture
def instances() -> dict[str, SimulatedServiceNow]:
    return {name: SimulatedServiceNow() for name in NAMES}


@pytest.fixture
async def gateway(
    start_gateway: StartGateway, instances: dict[str, SimulatedServiceNow], tmp_path: Path
) -> AsyncIterator[RunningGateway]:
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "a.yaml").write_text(STRICT)
    (policies / "b.yaml").write_text(LAX)
    async with AsyncExitStack() as stack:
        upstreams: dict[str, dict[str, Any]] = {}
        for name, instance in instances.items():
            server = await stack.enter_async_context(TestServer(instance.app()))
            base_url = str(server.make_url("/"))
            upstreams[name] = {"platform": "servicenow", "base_url": base_url, "listen": "127.0.0.1:0"}
            upstreams[name]["reconcile"] = QUICK_WINDOWS
        upstreams["apac"]["retry_policy"] = {"max_retries": 0}
        yield await start_gateway(config={**SHIPPED_TEMPLATES, "upstreams": upstreams}, policies=policies)


async def test_each_is_reached_at_its_own_address_and_below_its_own_prefix(
    gateway: RunningGateway, instances: dict[str, SimulatedServiceNow]
):
    for name in NAMES:
        for base in (gateway.address(name), f"{gateway.proxy}/{name}"):
            made = await gateway.post(base + SERVICENOW.create_path, {"short_description": name, "caller_id": "abel"})
            assert (made.status, made.headers["Location"].startswith(f"{base}/api/now/")) == (201, True)

    titles = {name: [ticket["short_description"] for ticket in each.tickets()] for name, each in instances.items()}
    listed = await (await gateway.get(f"{gateway.api}/api/v1/calls?upstream=apac")).json()
    assert titles == {name: [name, name] for name in NAMES}
    assert [call["upstream"] for call in listed["items"]] == ["apac", "apac"]


async def test_a_policy_and_a_retry_policy_may_be_for_one_of_them(
    gateway: RunningGateway, instances: dict[str, SimulatedServiceNow]
):
    strictly = await filed(gateway, "emea")
    for instance in instances.values():
        instance.faults.add(refused(429).on(CREATES))
    retried = await filed(gateway, "emea", caller_id="abel")
    at_once = await filed(gateway, "apac")

    assert (strictly.status, strictly.headers["ITSM-Error"]) == (400, "validation-failed")
    assert (retried.status, retried.headers["ITSM-Retry-Attempts"]) == (201, "1")
    assert (at_once.status, at_once.headers["ITSM-Retry-Attempts"]) == (429, "0")


async def test_a_ticket_from_a_template_names_the_one_it_is_for(
    gateway: RunningGateway, instances: dict[str, SimulatedServiceNow]
):
    url = f"{gateway.api}/api/v1/tickets/from-template"
    asked = {"platform": "servicenow", "template_name": SERVICENOW.template, "variables": {"job_name": "etl"}}

    open_question = await gateway.post(url, asked, **LOGIN)
    made = await gateway.post(url, asked | {"upstream": "apac"}, **LOGIN)

    problem = await open_question.json()
    assert (open_question.status, [each["field"] for each in problem["errors"]]) == (422, ["upstream"])
    assert {name for name in NAMES if name in problem["detail"]} == set(NAMES)
    assert made.status == 201
    assert [len(instances[name].tickets()) for name in NAMES] == [0, 1]


async def filed(gateway: RunningGateway, name: str, **fields: str) -> ClientResponse:
    return await gateway.post(
        gateway.address(name) + SERVICENOW.create_path, {"short_description": "Disk full"} | fields
    )
