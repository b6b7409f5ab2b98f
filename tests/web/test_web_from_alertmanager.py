"""Alertmanager's webhook: a group of alerts has one ticket, however often and with whatever alerts it is told of."""

import json
from hashlib import sha256
from typing import Any

import pytest
from running import ROOT, RunningGateway, StartGateway

from gateway.simulator import CREATES, SEARCHES, SimulatedJira, SimulatedServiceNow, hangs, refused

DOOR = "/api/v1/tickets/from-alertmanager"
WANTED = f"{DOOR}?platform=servicenow&template=alert"
CREDENTIALS = {"credentials": {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}}
TEMPLATES = {
    "templates": {
        "servicenow": {
            "alert": {"short_description": "{alertname}: {summary}", "description": "{alerts}", "urgency": "{urgency}"},
            "page": {"short_description": "{alertname} on {count}", "description": "{instance}, {external_url}"},
        }
    },
    "template_settings": {"servicenow": {"alert": {"variables": {"urgency": {"default": "2"}}}}},
}


def alert(instance: str, minute: int = 0, status: str = "firing", **labels: str) -> dict[str, Any]:
    return {
        "status": status,
        "labels": {"alertname": "DiskFull", "instance": instance, **labels},
        "annotations": {"summary": "no space left"},
        "startsAt": f"2026-11-25T12:{minute:02}:00.123456789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus/graph",
        "fingerprint": sha256(instance.encode()).hexdigest()[:16],
    }


def told(*alerts: dict[str, Any], key: str = '{}:{alertname="DiskFull"}') -> dict[str, Any]:
    """A notification, as Alertmanager spells it."""
    firing = any(each["status"] == "firing" for each in alerts)
    return {
        "receiver": "tickets",
        "status": "firing" if firing else "resolved",
        "alerts": list(alerts),
        "groupLabels": {"alertname": "DiskFull"},
        "commonLabels": {"alertname": "DiskFull"},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "version": "4",
        "groupKey": key,
        "truncatedAlerts": 0,
    }


async def a_gateway(start: StartGateway, servicenow: SimulatedServiceNow, **config: Any) -> RunningGateway:
    return await start(
        servicenow=servicenow, config=TEMPLATES | config, upstream=CREDENTIALS, environ={"PASSWORD": "secret"}
    )


async def notify(gateway: RunningGateway, body: object, path: str = WANTED, **headers: str) -> tuple[int, Any]:
    answer = await gateway.post(gateway.api + path, body, **headers)
    return answer.status, await answer.json(content_type=None)


async def test_a_firing_group_opens_one_ticket_with_its_labels_and_annotations(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await a_gateway(start_gateway, servicenow)

    status, shown = await notify(gateway, told(alert("db-7"), alert("db-8", 5, urgency="1")))

    [ticket] = servicenow.tickets()
    assert (status, shown["outcome"], shown["ticket"]["key"]) == (201, "created", ticket["number"])
    assert (ticket["short_description"], ticket["urgency"]) == ("DiskFull: no space left", "1")
    assert ticket["description"] == (
        "DiskFull (instance=db-7) since 2026-11-25T12:00:00+00:00\n"
        "DiskFull (instance=db-8, urgency=1) since 2026-11-25T12:05:00+00:00"
    )


async def test_a_group_keeps_its_ticket_while_its_alerts_come_and_go(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await a_gateway(start_gateway, servicenow)
    _, first = await notify(gateway, told(alert("db-7")))

    seen = [
        await notify(gateway, told(alert("db-7"))),
        await notify(gateway, told(alert("db-7"), alert("db-8", 5))),
        await notify(gateway, told(alert("db-8", 5), alert("db-9", 9))),
        await notify(gateway, told(alert("db-9", 9))),
    ]

    assert seen == [(200, {"status": "known", "call_id": first["call_id"], "ticket": first["ticket"]})] * 4
    assert len(servicenow.tickets()) == 1


async def test_a_group_keeps_its_ticket_when_the_gateway_is_started_anew(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await a_gateway(start_gateway, servicenow)
    _, first = await notify(gateway, told(alert("db-7")))
    await gateway.stop()
    gateway = await a_gateway(start_gateway, servicenow)

    known = await notify(gateway, told(alert("db-7"), alert("db-8", 5)))

    assert (known[0], known[1]["ticket"]) == (200, first["ticket"])
    assert len(servicenow.tickets()) == 1


async def test_what_is_resolved_changes_nothing_and_opens_a_new_ticket_when_it_fires_anew(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await a_gateway(start_gateway, servicenow)
    _, first = await notify(gateway, told(alert("db-7")))

    over = await notify(gateway, told(alert("db-7", status="resolved")))
    never_seen = await notify(gateway, told(alert("db-1", status="resolved")))
    anew = await notify(gateway, told(alert("db-7", 30)))

    assert over == (200, {"status": "resolved", "call_id": first["call_id"], "ticket": first["ticket"]})
    assert never_seen == (200, {"status": "resolved", "call_id": None, "ticket": None})
    assert anew[0] == 201
    assert len(servicenow.tickets()) == 2


async def test_the_same_alert_for_two_templates_is_two_tickets(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await a_gateway(start_gateway, servicenow)

    await notify(gateway, told(alert("db-7")))
    status, _ = await notify(gateway, told(alert("db-7"), alert("db-8")), WANTED.removesuffix("alert") + "page")

    assert status == 201
    assert [(ticket["short_description"], ticket["description"]) for ticket in servicenow.tickets()][1:] == [
        ("DiskFull on 2", "db-7 and 1 more, http://alertmanager:9093")
    ]


async def test_a_notification_that_is_tried_again_with_more_alerts_finds_the_ticket_of_the_first(
    start_gateway: StartGateway,
):
    """The first answer was lost, and nobody could say yet: what comes again is the same create, whatever it says."""
    servicenow = SimulatedServiceNow()
    servicenow.faults.add(hangs(stored=True).on(CREATES), hangs().on(SEARCHES))
    quick = {"timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 0.2, "total_timeout_seconds": 0.4}}
    gateway = await a_gateway(start_gateway, servicenow, **quick)

    unsure, _ = await notify(gateway, told(alert("db-7")))
    while (again := await notify(gateway, told(alert("db-7"), alert("db-8", 5))))[0] in {503, 504}:
        pass
    known = await notify(gateway, told(alert("db-8", 5)))

    assert unsure == 504
    assert again[0] == 201
    assert (known[0], known[1]["ticket"]) == (200, again[1]["ticket"])
    assert len(servicenow.tickets()) == 1


async def test_a_create_that_failed_is_told_so_that_it_is_tried_again_and_then_makes_one_ticket(
    start_gateway: StartGateway,
):
    servicenow = SimulatedServiceNow()
    servicenow.faults.add(*[refused(503).on(CREATES)] * 4)
    gateway = await a_gateway(start_gateway, servicenow)

    failed = await notify(gateway, told(alert("db-7")))
    again = await notify(gateway, told(alert("db-7")))

    assert failed[0] >= 500
    assert again[0] == 201
    assert len(servicenow.tickets()) == 1


async def test_the_shipped_template_makes_an_issue_of_a_group_however_many_alerts_it_has(start_gateway: StartGateway):
    jira, recipe = SimulatedJira(), json.loads((ROOT / "config" / "recipes" / "alert_template.json").read_text())
    gateway = await start_gateway(jira=jira, config=recipe, upstream=CREDENTIALS, environ={"PASSWORD": "secret"})
    storm = [
        alert(f"db-{number}") | {"annotations": {"summary": f"no space left on the data volume of db-{number}"}}
        for number in range(30)
    ]

    status, shown = await notify(gateway, told(*storm), f"{DOOR}?platform=jira&template=alert")

    [issue] = jira.issues()
    assert (status, shown["ticket"]["key"]) == (201, issue.key)
    assert issue.fields["summary"] == "DiskFull: no space left on the data volume of db-0 and 29 more"


async def test_many_alerts_are_listed_up_to_a_bound(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await a_gateway(start_gateway, servicenow)

    await notify(gateway, told(*(alert(f"db-{number}") for number in range(700))))
    known, _ = await notify(gateway, told(alert("db-699")))

    [ticket] = servicenow.tickets()
    assert known == 200
    assert ticket["description"].splitlines()[-1] == "and 650 more"
    assert len(ticket["description"].splitlines()) == 51


@pytest.mark.parametrize(
    ("path", "body", "fault"),
    [
        (DOOR, told(alert("a")), "platform: is required; template: is required"),
        (f"{DOOR}?platform=servicenow&template=", told(alert("a")), "template: is required"),
        (f"{WANTED}{'t' * 200}", told(alert("a")), "template_name: must have at most 200"),
        (f"{WANTED}&tempalte=x", told(alert("a")), "tempalte: no such parameter"),
        (WANTED, told(), "alerts: "),
        (WANTED, told(alert("a", status="on fire")), "alerts.0.status: "),
        (WANTED, told(alert("a")) | {"groupKey": ""}, "groupKey: must not be empty"),
        (WANTED, told(alert("a") | {"startsAt": 1}), "alerts.0.startsAt: "),
        (WANTED, told(alert("a") | {"startsAt": "2026-11-25 12:00"}), "alerts.0.startsAt: "),
        (f"{DOOR}?platform=jira&template=alert", told(alert("a")), "platform: no upstream of jira"),
        (WANTED, told(alert("a") | {"annotations": {}}), "needs alertname, summary"),
    ],
)
async def test_what_is_not_usable_is_named(start_gateway: StartGateway, path: str, body: object, fault: str):
    servicenow = SimulatedServiceNow()
    gateway = await a_gateway(start_gateway, servicenow)

    status, problem = await notify(gateway, body, path)

    assert (status, fault in problem["detail"]) == (422, True), problem
    assert servicenow.tickets() == []


async def test_an_upstream_that_is_not_there_is_told_with_those_that_are(start_gateway: StartGateway):
    gateway = await a_gateway(start_gateway, SimulatedServiceNow())

    status, problem = await notify(gateway, told(alert("a")), f"{WANTED}&upstream=nowhere")

    assert (status, problem["detail"]) == (422, "upstream: must be one of servicenow")


async def test_an_unknown_template_is_told_with_the_known_ones(start_gateway: StartGateway):
    gateway = await a_gateway(start_gateway, SimulatedServiceNow())

    status, problem = await notify(gateway, told(alert("a")), f"{DOOR}?platform=servicenow&template=alarm")

    assert (status, "known templates: alert, page" in problem["detail"]) == (404, True)


async def test_a_client_token_is_let_in_and_a_viewer_is_not(start_gateway: StartGateway):
    tokens = [
        {"name": role, "role": role, "sha256": sha256(role.encode()).hexdigest()} for role in ("client", "viewer")
    ]
    gateway = await a_gateway(start_gateway, SimulatedServiceNow(), access={"tokens": tokens})

    answers = [
        (await notify(gateway, told(alert("a")), Authorization=f"Bearer {name}"))[0] for name in ("client", "viewer")
    ]

    assert answers == [201, 403]
