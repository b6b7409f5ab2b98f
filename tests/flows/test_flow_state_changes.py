"""One event for each change of state that an operator may ask about afterwards."""

import asyncio
from pathlib import Path
from typing import Any

from running import SHIPPED_POLICIES, RunningGateway, StartGateway

from gateway.simulator import SimulatedServiceNow, refused

INCIDENT = {"short_description": "Disk full"}
INCIDENTS = "/api/now/table/incident"


async def told(gateway: RunningGateway, *names: str) -> list[dict[str, Any]]:
    """The events of these names, once each was told."""
    async with asyncio.timeout(20):
        while not all(gateway.events(name) for name in names):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return [gateway.events(name)[0] for name in names]


async def queueing(start: StartGateway, servicenow: SimulatedServiceNow) -> RunningGateway:
    return await start(
        servicenow=servicenow,
        config={"outbox": {"retry_delays_seconds": [0.05]}},
        upstream={"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}},
        environ={"TOKEN": "s3cret"},
    )


async def test_a_call_that_waits_tells_of_each_try_and_of_its_end(start_gateway: StartGateway):
    gateway = await queueing(start_gateway, SimulatedServiceNow(faults=[refused(503)]))

    answer = await gateway.post(gateway.servicenow + INCIDENTS, INCIDENT, Prefer="respond-async")

    closed, put_off, settled = await told(gateway, "call closed", "call put off", "call settled")
    assert {each["call_id"] for each in (closed, put_off, settled)} == {answer.headers["ITSM-Call-Id"]}
    assert (closed["outcome"], settled["outcome"]) == ("queued", "created")
    assert put_off["next_try_at"] > closed["timestamp"]
    shown = await gateway.metrics()
    assert 'itsm_upstream_attempts_total{result="5xx",upstream="servicenow"} 1.0' in shown
    assert 'itsm_upstream_attempts_total{result="2xx",upstream="servicenow"} 1.0' in shown


async def test_a_call_that_is_given_up_says_why(start_gateway: StartGateway):
    gateway = await queueing(start_gateway, SimulatedServiceNow(faults=[refused(403)]))

    answer = await gateway.post(gateway.servicenow + INCIDENTS, INCIDENT, Prefer="respond-async")

    (dead,) = await told(gateway, "dead letter")
    assert dead["call_id"] == answer.headers["ITSM-Call-Id"]
    assert dead["reason"] == "the upstream refused it with 403"


async def test_an_upstream_that_is_left_alone_is_told_of(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    servicenow.faults.every(1, refused(500))
    gateway = await start_gateway(servicenow=servicenow)

    for _ in range(25):
        await gateway.get(gateway.servicenow + INCIDENTS)

    opened = gateway.events("circuit open")
    assert [(each["upstream"], each["operation"], each["level"]) for each in opened] == [
        ("servicenow", "read", "warning")
    ]


async def test_edits_are_told_of_whether_they_are_put_in_force_or_not(start_gateway: StartGateway, tmp_path: Path):
    policies = tmp_path / "edited"
    policies.mkdir()
    policy = policies / "incident.yaml"
    policy.write_text((SHIPPED_POLICIES / "servicenow" / "incident.yaml").read_text())
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=policies)
    watch = gateway.running.watch

    policy.write_text("name: [")
    await watch.reload()
    policy.write_text("name: other\nplatform: servicenow\nmatch: {path: /api/now/table/incident}\n")
    await watch.reload()

    assert gateway.events("edit not in force")[0]["level"] == "error"
    assert gateway.events("rules in force")[-1]["policies"] == 1


async def test_the_event_of_a_create_tells_until_when_its_promise_runs(start_gateway: StartGateway, tmp_path: Path):
    policies = tmp_path / "promising"
    policies.mkdir()
    text = f"name: i\nplatform: servicenow\nmatch: {{path: {INCIDENTS}}}\nsla: {{resolution: {{default: 2h}}}}\n"
    (policies / "i.yaml").write_text(text)
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), policies=policies)

    await gateway.post(gateway.servicenow + INCIDENTS, INCIDENT)

    (closed,) = gateway.events("call closed")
    assert closed["resolution_due_at"] > closed["timestamp"]
