"""`POST /api/v1/policies/explain` decides as production does, tells why, sends nothing and records nothing."""

import json
import re
from base64 import b64encode

import pytest

from gateway.simulator import SimulatedServiceNow

INCIDENT = "/api/now/table/incident"
ADDRESS = "/api/v1/policies/explain"


@pytest.fixture
async def platform():
    return SimulatedServiceNow()


@pytest.fixture
async def gateway(start_gateway, platform):
    return await start_gateway(servicenow=platform)


async def explained(gateway, **asked):
    answer = await gateway.post(f"{gateway.api}{ADDRESS}", asked)
    return answer.status, await answer.json()


async def test_a_covered_request_shows_policy_changes_and_payload(gateway):
    status, told = await explained(
        gateway, target=f"/servicenow{INCIDENT}", body={"short_description": "Disk full", "urgency": 2}
    )

    assert (status, told["would"], told["policy"]["name"]) == (200, "forward", "servicenow-incident")
    assert "short_description" in told["payload"]
    assert [each["policy"] for each in told["candidates"] if each["covers"]] == ["servicenow-incident"]
    assert "correlation_id" in {change["field"] for change in told["changes"]}


async def test_what_would_be_refused_is_named_field_by_field(gateway):
    status, told = await explained(gateway, target=INCIDENT, upstream="servicenow", body={"urgency": "9"})

    assert (status, told["would"]) == (200, "refuse")
    assert "short_description" in {violation["field"] for violation in told["violations"]}


async def test_nothing_is_sent_and_nothing_recorded(gateway, platform):
    await explained(gateway, target=f"/servicenow{INCIDENT}", body={"short_description": "Disk full"})

    calls = await (await gateway.get(f"{gateway.api}/api/v1/calls")).json()
    assert (len(platform.ledger), calls["items"]) == (0, [])


async def test_a_body_given_as_text_is_read_byte_by_byte(gateway):
    _, told = await explained(
        gateway, target=f"/servicenow{INCIDENT}", body='{"short_description": "a", "short_description": "b"}'
    )

    assert (told["would"], told["problem"]["type"]) == ("refuse", "malformed-request")


async def test_numbers_leave_as_they_were_spelt(gateway):
    answer = await gateway.request(
        "POST",
        f"{gateway.api}{ADDRESS}",
        headers={"Content-Type": "application/json"},
        data=b'{"target": "/servicenow/api/now/table/incident", "body": {"short_description": "a", "u_cost": 1.10}}',
    )

    assert '"u_cost":1.10' in (await answer.json())["payload"]


async def test_the_payload_is_byte_for_byte_what_is_sent(gateway, platform):
    text = '{ "short_description":"Gr\\u00f6\u00dfe \u20ac" ,\n "u_cost": 1.10, "u_rate": 1e2, "u_list": [null, {}] }'

    _, told = await explained(gateway, target=f"/servicenow{INCIDENT}", body=text)
    headers = {"Content-Type": "application/json"}
    await gateway.request("POST", gateway.servicenow + INCIDENT, headers=headers, data=text.encode())

    sent = platform.ledger.creates()[0].body.decode()
    assert re.sub("itsmgw-[0-9a-f]{32}", "itsmgw-", told["payload"]) == re.sub("itsmgw-[0-9a-f]{32}", "itsmgw-", sent)


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({}, "target", "required"),
        ({"target": "/x", "method": "BREW"}, "method", "not_allowed"),
        ({"target": "/x", "upstream": "jira9"}, "upstream", "not_allowed"),
        ({"target": "https://elsewhere.example/x"}, "target", "not_allowed"),
        ({"target": "/x", "headers": {"ITSM-Template": 1}}, "headers.ITSM-Template", "wrong_type"),
        ({"target": "/x", "boddy": {}}, "boddy", "unknown_field"),
    ],
)
async def test_a_request_at_fault_is_a_422_that_names_the_key(gateway, asked, field, code):
    status, problem = await explained(gateway, **asked)

    assert (status, [(each["field"], each["code"]) for each in problem["errors"]]) == (422, [(field, code)])


async def test_no_answer_of_the_api_says_what_it_is_made_with(gateway):
    answers = [await gateway.get(f"{gateway.api}{path}") for path in ("/livez", "/docs", "/api/v1/calls", "/nothing")]

    assert [answer.headers.get("Server") for answer in answers] == [None] * 4
    assert "GET /docs" in (await answers[3].json())["detail"]


def a_part(number, url, body):
    headers = [{"name": "Content-Type", "value": "application/json"}]
    coded = b64encode(json.dumps(body).encode()).decode()
    return {"id": str(number), "method": "POST", "url": url, "headers": headers, "body": coded}


async def test_every_request_of_a_batch_is_explained_with_its_own_fields(gateway, platform):
    parts = [a_part(1, INCIDENT, {"short_description": "Disk full"}), a_part(2, INCIDENT, {"urgency": "1"})]

    status, told = await explained(gateway, target="/servicenow/api/now/batch", body={"rest_requests": parts})

    assert (status, told["would"], told["policy"]["name"]) == (200, "forward", "servicenow-incident")
    assert [violation["field"] for violation in told["violations"]] == ["2.short_description"]
    assert "1.correlation_id" in {change["field"] for change in told["changes"]}
    assert len(platform.ledger) == 0


async def test_a_batch_of_which_nothing_would_go_on_says_why(gateway):
    parts = [a_part(1, "/api/now/batch", {}), a_part(2, INCIDENT, {"urgency": "1"})]

    _, told = await explained(gateway, target="/servicenow/api/now/batch", body={"rest_requests": parts})

    assert told["would"] == "refuse"
    assert "inside a batch" in told["problem"]["detail"]
