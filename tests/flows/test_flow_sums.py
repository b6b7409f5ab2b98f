"""The counters and the records tell the same story: every sum agrees."""

import asyncio
from collections import Counter
from typing import Any

from flows.desks import LOGIN, SHIPPED_TEMPLATES
from prometheus_client.parser import text_string_to_metric_families
from running import RunningGateway, StartGateway

from gateway.simulator import CREATES, SimulatedServiceNow, cut_body, refused, stored_then

INCIDENT = {"short_description": "Disk full"}
INCIDENTS = "/api/now/table/incident"


def counted(text: str, name: str, *labels: str) -> Counter[Any]:
    """What a counter says, by some of its labels; what is 0 is left out."""
    sums: Counter[Any] = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name:
                sums[tuple(sample.labels[label] for label in labels)] += int(sample.value)
    return +sums


async def records(gateway: RunningGateway) -> list[dict[str, Any]]:
    """Every call once it is at its end, with its attempts."""
    async with asyncio.timeout(20):
        while True:
            page = await (await gateway.get(f"{gateway.api}/api/v1/calls?limit=200")).json()
            if {each["state"] for each in page["items"]} <= {"closed", "dead"}:
                break
            await asyncio.sleep(0.02)
    whole = [await gateway.get(f"{gateway.api}/api/v1/calls/{each['id']}") for each in page["items"]]
    return [await each.json() for each in whole]


async def a_mixed_day(gateway: RunningGateway, servicenow: SimulatedServiceNow) -> None:
    """Tickets that get through at once, late and never; an update, a read, a refusal, a repeat, and one that waits."""
    url = gateway.servicenow + INCIDENTS
    await gateway.post(url, INCIDENT)
    for fault in (refused(503), stored_then(500), cut_body()):
        servicenow.faults.add(fault.on(CREATES))
        await gateway.post(url, INCIDENT)
    for _ in range(4):
        servicenow.faults.add(refused(503).on(CREATES))
    await gateway.post(url, INCIDENT)
    await gateway.post(url, {"description": "no title"})
    for _ in range(2):
        made = await gateway.post(url, INCIDENT, Idempotency_Key="once")
    await gateway.post(url, INCIDENT, ITSM_Dry_Run="true")
    record = f"{url}/{(await made.json())['result']['sys_id']}"
    await gateway.request("PATCH", record, headers={}, json={"urgency": "2"})
    await gateway.get(record)
    servicenow.faults.add(refused(503).on(CREATES))
    await gateway.post(url, INCIDENT, Prefer="respond-async")
    asked = {"job_id": "j", "platform": "servicenow", "template_name": "rca_incident", "variables": {"job_name": "etl"}}
    await gateway.post(f"{gateway.api}/api/v1/tickets/from-template", asked, **LOGIN)


async def test_after_a_mixed_day_every_sum_of_the_counters_is_that_of_the_records(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(
        servicenow=servicenow,
        config={"outbox": {"retry_delays_seconds": [0.05]}, **SHIPPED_TEMPLATES},
        upstream={"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}, "circuit_breaker": False},
        environ={"TOKEN": "s3cret"},
    )

    await a_mixed_day(gateway, servicenow)
    calls = [call for call in await records(gateway) if call["outcome"] != "dry_run"]
    shown = await gateway.metrics()

    answered_as = Counter(
        (call["operation"], "queued" if call["settled_at"] != call["ended_at"] else call["outcome"]) for call in calls
    )
    attempts = [attempt for call in calls for attempt in call["attempts"]]
    assert counted(shown, "itsm_calls_total", "operation", "outcome") == answered_as
    assert counted(shown, "itsm_calls_received_total") == {(): len(calls)}
    assert counted(shown, "itsm_upstream_attempts_total").total() == len(attempts)
    creates = [call for call in calls if call["operation"] == "create_ticket" and call["outcome"] != "replayed"]
    assert counted(shown, "itsm_ticket_creation_total").total() == len(creates)
    assert counted(shown, "itsm_tickets_by_source_total", "source") == Counter(
        ("template" if call["template"] else "proxy",) for call in creates if call["ticket"]
    )
    at_once = [call for call in creates if call["settled_at"] == call["ended_at"]]
    assert counted(shown, "itsm_ticket_retry_attempts_total").total() == sum(
        max(len(call["attempts"]) - 1, 0) for call in at_once
    )
    assert counted(shown, "itsm_validation_errors_total") == {(): 1}
    assert counted(shown, "itsm_calls_unaccounted") == {}
