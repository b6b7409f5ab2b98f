"""ServiceNow's batch: every request in it is judged, fenced, recorded and answered by itself."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from flows.desks import recorded
from running import RunningGateway, StartGateway

from gateway.simulator import CREATES, SimulatedServiceNow, hangs, refused, reset, stored_then

BATCH = "/api/now/v1/batch"
TABLE = "/api/now/table/incident"
HEADERS = [{"name": "Content-Type", "value": "application/json"}, {"name": "Accept", "value": "application/json"}]
ONE = {"short_description": "Disk full"}


def part(number: int, body: Any = None, *, url: str = TABLE, method: str = "POST", **more: Any) -> dict[str, Any]:
    coded = {} if body is None else {"body": b64encode(json.dumps(body).encode()).decode()}
    return {"id": str(number), "method": method, "url": url, "headers": HEADERS, **coded, **more}


async def sent(gateway: RunningGateway, *parts: Mapping[str, Any], base: str = "", **headers: str) -> ClientResponse:
    body = {"batch_request_id": "b-1", "rest_requests": list(parts)}
    return await gateway.post(f"{base or gateway.servicenow}{BATCH}", body, **headers)


async def answers(response: ClientResponse) -> dict[str, tuple[int, Any]]:
    document = await response.json()
    return {
        one["id"]: (one["status_code"], json.loads(b64decode(one["body"]) or b"null"))
        for one in document["serviced_requests"]
    }


def headers_of(document: Mapping[str, Any], number: str) -> dict[str, str]:
    (one,) = (each for each in document["serviced_requests"] if each["id"] == number)
    return {pair["name"]: pair["value"] for pair in one["headers"]}


async def test_a_request_that_breaks_its_policy_is_refused_alone_and_the_others_go_on(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await sent(gateway, part(1, ONE), part(2, {"urgency": "1"}), part(3, ONE))

    document = await response.json()
    told = await answers(response)
    assert (response.status, document["batch_request_id"], document["unserviced_requests"]) == (200, "b-1", [])
    assert [one["id"] for one in document["serviced_requests"]] == ["1", "2", "3"]
    assert [told[number][0] for number in ("1", "2", "3")] == [201, 400, 201]
    assert "short_description" in told["2"][1]["error"]["detail"]
    assert headers_of(document, "2")["ITSM-Error"] == "validation-failed"
    assert len(servicenow.tickets()) == 2


async def test_every_create_of_a_batch_carries_its_own_value_and_is_a_ticket_on_record(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await sent(gateway, part(1, ONE), part(2, ONE))

    document = await response.json()
    page = await (await gateway.get(f"{gateway.api}/api/v1/tickets?sort=oldest")).json()
    whole = await recorded(gateway, response)
    carried = {str(ticket["correlation_id"]) for ticket in servicenow.tickets()}
    ids = [headers_of(document, number)["ITSM-Call-Id"] for number in ("1", "2")]
    assert len(carried) == 2
    assert all(value.startswith("itsmgw-") for value in carried)
    assert [ticket["call_id"] for ticket in page["items"]] == ids
    assert ids == [f"{response.headers['ITSM-Call-Id']}-1", f"{response.headers['ITSM-Call-Id']}-2"]
    assert [event["event"] for event in whole["events"] if event["event"].startswith("request ")] == [
        f"request {number}: call {each}, created" for number, each in enumerate(ids, 1)
    ]
    assert 'itsm_ticket_creation_total{outcome="created",platform="servicenow"} 2.0' in await gateway.metrics()


@pytest.mark.parametrize("fault", [stored_then(500), reset(stored=True)], ids=["answered 500", "reset"])
async def test_a_create_in_a_batch_whose_answer_was_lost_is_found_and_not_doubled(start_gateway: StartGateway, fault):
    servicenow = SimulatedServiceNow(faults=[fault.on(CREATES)])
    gateway = await start_gateway(servicenow=servicenow)

    response = await sent(gateway, part(1, ONE), part(2, ONE))

    document = await response.json()
    assert [each[0] for each in (await answers(response)).values()] == [201, 201]
    assert headers_of(document, "1")["ITSM-Outcome"] == "reconciled"
    assert len(servicenow.tickets()) == 2


async def test_a_create_in_a_batch_that_was_not_made_is_sent_again(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[refused(503).on(CREATES)])
    gateway = await start_gateway(servicenow=servicenow)

    response = await sent(gateway, part(1, ONE))

    document = await response.json()
    assert headers_of(document, "1")["ITSM-Retry-Attempts"] == "1"
    assert len(servicenow.tickets()) == 1


async def test_the_same_key_brings_the_tickets_of_the_first_batch_again(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    first = await answers(await sent(gateway, part(1, ONE), part(2, ONE), Idempotency_Key="nightly"))
    again = await answers(await sent(gateway, part(1, ONE), part(2, ONE), Idempotency_Key="nightly"))

    assert again == first
    assert len(servicenow.tickets()) == 2


async def test_the_call_id_of_the_first_batch_brings_its_tickets_again(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    first = await sent(gateway, part(1, ONE), part(2, ONE))

    again = await sent(gateway, part(1, ONE), part(2, ONE), ITSM_Call_Id=first.headers["ITSM-Call-Id"])

    assert await answers(again) == await answers(first)
    assert headers_of(await again.json(), "2")["ITSM-Outcome"] == "replayed"
    assert len(servicenow.tickets()) == 2


async def test_requests_of_other_kinds_go_with_the_creates_in_their_order(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    made = await (await gateway.post(f"{gateway.servicenow}{TABLE}", ONE)).json()
    record = f"{TABLE}/{made['result']['sys_id']}"

    response = await sent(
        gateway,
        part(1, {"urgency": "1"}, url=record, method="PATCH"),
        part(2, url=record, method="GET"),
        part(3, ONE),
        part(4, url=record, method="DELETE"),
    )

    told = await answers(response)
    assert [told[number][0] for number in ("1", "2", "3", "4")] == [200, 200, 201, 204]
    assert told["2"][1]["result"]["urgency"] == "1"
    assert len(servicenow.ledger) == 5


async def test_links_inside_a_batch_lead_back_through_the_gateway(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())
    whole = {**ONE, "assignment_group": "a" * 32}

    response = await sent(gateway, part(1, whole))

    told = (await answers(response))["1"][1]
    location = headers_of(await response.json(), "1")["Location"]
    assert location.startswith(f"{gateway.servicenow}{TABLE}/")
    assert told["result"]["assignment_group"]["link"].startswith(f"{gateway.servicenow}/api/now/table/")


async def test_a_prefix_that_the_client_put_into_its_requests_is_taken_off(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    base = f"{gateway.proxy}/servicenow"

    response = await sent(
        gateway,
        part(1, url=f"/servicenow{TABLE}?sysparm_limit=1", method="GET"),
        part(2, url=f"{base}{TABLE}?sysparm_limit=1", method="GET"),
        base=base,
    )

    assert [each[0] for each in (await answers(response)).values()] == [200, 200]


async def test_answer_headers_are_left_out_where_the_client_wants_none(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    response = await sent(gateway, part(1, ONE, exclude_response_headers=True))

    (one,) = (await response.json())["serviced_requests"]
    assert (one["status_code"], one["status_text"], one["headers"]) == (201, "Created", [])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"body": "no base64!"}, "base64"),
        ({"method": "TRACE"}, "TRACE"),
        ({"url": "/api/now/%74able/incident"}, "spell it plainly"),
        ({"url": "http://elsewhere.example/api/now/table/incident"}, "must start with /"),
        ({"headers": [{"name": "X-HTTP-Method-Override", "value": "DELETE"}]}, "method"),
        ({"headers": [{"name": "X-A", "value": "1\r\nX-B: 2"}]}, "cannot be sent"),
        ({"headers": "none"}, "list of name and value"),
        ({"url": BATCH}, "inside a batch"),
    ],
)
async def test_what_cannot_be_read_one_way_is_refused_in_its_place(start_gateway: StartGateway, wrong, says):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await sent(gateway, part(1, ONE) | wrong, part(2, ONE))

    told = await answers(response)
    assert [told[number][0] for number in ("1", "2")] == [400, 201]
    assert says in told["1"][1]["error"]["detail"]
    assert len(servicenow.tickets()) == 1


@pytest.mark.parametrize("body", [b'{"rest_requests": [], "rest_requests": []}', b'{"rest_requests": [', b"\xff"])
async def test_a_batch_that_can_be_read_two_ways_is_not_sent(start_gateway: StartGateway, body):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.request(
        "POST", f"{gateway.servicenow}{BATCH}", headers={"Content-Type": "application/json"}, data=body
    )

    assert (response.status, response.headers["ITSM-Error"]) == (400, "malformed-request")
    assert len(servicenow.ledger) == 0


async def test_a_batch_in_which_nothing_is_covered_goes_as_it_is(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await sent(
        gateway, part(1, {"name": "x"}, url="/api/now/table/cmdb_ci"), part(2, url=TABLE, method="GET")
    )

    (exchange,) = servicenow.ledger
    assert (response.status, response.headers["ITSM-Outcome"]) == (200, "forwarded")
    assert exchange.request.target == BATCH


async def test_where_what_no_policy_covers_is_refused_a_batch_is_no_way_round(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, upstream={"unmatched": "refuse_writes"})

    response = await sent(
        gateway, part(1, {"name": "x"}, url="/api/now/table/cmdb_ci"), part(2, url=TABLE, method="GET"), part(3, ONE)
    )

    told = await answers(response)
    assert [told[number][0] for number in ("1", "2", "3")] == [403, 200, 201]


async def test_what_the_deadline_leaves_no_time_for_is_unserviced(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[hangs().on(CREATES)])
    gateway = await start_gateway(
        servicenow=servicenow,
        config={"timeout": {"connection_timeout_seconds": 1, "read_timeout_seconds": 1, "total_timeout_seconds": 1}},
    )

    response = await sent(gateway, part(1, ONE), part(2, ONE), part(3, ONE))

    document = await response.json()
    assert [(one["id"], one["status_code"]) for one in document["serviced_requests"]] == [("1", 504)]
    assert document["unserviced_requests"] == ["2", "3"]
    assert len(servicenow.ledger.creates()) == 1


async def test_a_rehearsed_batch_sends_nothing_and_names_the_fields_of_each_request(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await sent(gateway, part(1, ONE), part(2, {"urgency": "1"}), ITSM_Dry_Run="true")

    shown = await response.json()
    assert (response.status, shown["would"]) == (200, "forward")
    assert [violation["field"] for violation in shown["violations"]] == ["2.short_description"]
    assert len(servicenow.ledger) == 0


async def test_the_clients_login_goes_with_every_request_of_its_batch(start_gateway: StartGateway, tmp_path: Path):
    servicenow = SimulatedServiceNow(credentials=("ann", "secret"))
    gateway = await start_gateway(servicenow=servicenow)
    login = "Basic " + b64encode(b"ann:secret").decode()

    with_login = await answers(await sent(gateway, part(1, ONE), Authorization=login))
    without = await answers(await sent(gateway, part(1, ONE)))

    assert (with_login["1"][0], without["1"][0]) == (201, 401)
