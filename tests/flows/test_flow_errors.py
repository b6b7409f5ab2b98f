"""Whatever is wrong, the clear error that says so; and nothing is lost."""

import gzip
import json
from collections.abc import Mapping

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import unused_port
from flows.desks import JIRA, SERVICENOW, SHIPPED_TEMPLATES, Desk, from_template, on_both_platforms, recorded
from running import RunningGateway, StartGateway
from yarl import URL

from gateway.simulator import CREATES, SimulatedJira, SimulatedServiceNow, cut_body, html_200, refused

TICKET = json.dumps(SERVICENOW.ticket).encode()


async def _send(gateway: RunningGateway, body: bytes, **headers: str) -> ClientResponse:
    return await gateway.request(
        "POST",
        gateway.servicenow + SERVICENOW.create_path,
        headers={"Content_Type": "application/json"} | headers,
        data=body,
    )


@pytest.mark.parametrize(
    ("body", "headers", "status", "error"),
    [
        (b'{"short_description": "Disk', {}, 400, "malformed-request"),
        (b'{"short_description": "a", "short_description": "b"}', {}, 400, "malformed-request"),
        (b'{"short_description": NaN}', {}, 400, "malformed-request"),
        (b'{"short_description": "\xff"}', {}, 400, "malformed-request"),
        (b'["short_description"]', {}, 400, "malformed-request"),
        (b"", {}, 400, "malformed-request"),
        (TICKET, {"Content_Type": "text/plain"}, 415, "unsupported-encoding"),
        (b"<request/>", {"Content_Type": "application/xml"}, 415, "unsupported-encoding"),
        (gzip.compress(TICKET), {"Content_Encoding": "gzip"}, 415, "unsupported-encoding"),
        (TICKET, {"X_HTTP_Method_Override": "PATCH"}, 400, "malformed-request"),
        (b'{"short_description": "' + b"x" * 2000 + b'"}', {}, 413, "too-large"),
    ],
    ids=[
        "not-json",
        "duplicate-key",
        "nan",
        "not-utf-8",
        "no-object",
        "empty",
        "wrong-type",
        "xml",
        "gzip",
        "method-override",
        "too-large",
    ],
)
async def test_a_body_that_cannot_be_read_in_one_way_is_refused_in_the_platforms_shape(
    start_gateway: StartGateway, body: bytes, headers: Mapping[str, str], status: int, error: str
):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, config={"limits": {"max_body_bytes": 2000}})

    response = await _send(gateway, body, **headers)

    told = await response.json()
    assert (response.status, response.headers["ITSM-Error"]) == (status, error)
    assert response.headers["ITSM-Call-Id"] in told["error"]["detail"]
    assert told["status"] == "failure"
    assert len(servicenow.ledger) == 0
    assert len(gateway.events("request refused") + gateway.events("call closed")) == 1


async def test_a_body_that_was_read_and_refused_is_a_recorded_call(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow())

    response = await _send(gateway, b'{"a": 1, "a": 2}')

    record = await recorded(gateway, response)
    assert (record["outcome"], record["status"], record["attempt_count"]) == ("refused", 400, 0)
    assert record["problem"]["type"] == "malformed-request"


@pytest.mark.parametrize(
    "path",
    [
        "/api/now/%74able/incident",
        "/api/now//table/incident",
        "/api/now/table/x/../incident",
        "/API/now/table/incident",
    ],
)
async def test_a_target_that_can_be_read_in_two_ways_is_refused(start_gateway: StartGateway, path: str):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.request(
        "POST", URL(gateway.servicenow + path, encoded=True), headers={"Content_Type": "application/json"}, data=TICKET
    )

    assert (response.status, response.headers["ITSM-Error"]) == (400, "ambiguous-request")
    assert "spell it plainly" in (await response.json())["error"]["detail"]
    assert len(servicenow.ledger) == 0


async def test_an_unknown_template_is_a_recorded_call(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), config=SHIPPED_TEMPLATES)

    response = await from_template(gateway, SERVICENOW, template_name="nope")

    assert response.status == 404
    assert "rca_incident" in (await response.json())["detail"]
    assert (await recorded(gateway, response))["outcome"] == "template_failed"
    assert len(gateway.events("template failed")) == 1


@on_both_platforms
async def test_an_upstream_that_is_down_is_a_502_in_the_platforms_shape(start_gateway: StartGateway, desk: Desk):
    gone = f"http://127.0.0.1:{unused_port()}"
    simulated = desk.simulate()
    gateway = await desk.before(start_gateway, simulated, upstream={"base_url": gone})

    created, read = await desk.create(gateway), await desk.read(gateway)

    told, record = await created.json(), await gateway.call(created)
    assert (created.status, read.status) == (502, 502)
    assert (created.headers["ITSM-Outcome"], created.headers["ITSM-Error"]) == ("unreachable", "unreachable")
    assert ("error" if desk is SERVICENOW else "errorMessages") in told
    assert {attempt["failure"] for attempt in record["attempts"]} == {"connect"}
    assert (record["state"], record["outcome"]) == ("closed", "unreachable")
    assert len(record["attempts"]) == 4
    assert len(simulated.ledger) == 0


async def test_a_call_that_failed_for_good_is_not_sent_later(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[refused(503).on(CREATES)] * 4)
    gateway = await start_gateway(servicenow=servicenow)

    response = await _send(gateway, TICKET)
    after = await _send(gateway, json.dumps({"short_description": "Another"}).encode())

    assert (response.status, after.status) == (503, 201)
    assert [ticket["short_description"] for ticket in servicenow.tickets()] == ["Another"]
    assert (await gateway.call(response))["outcome"] == "upstream_error"


async def test_a_web_page_with_200_is_never_a_success(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[html_200().on(CREATES)] * 4)
    gateway = await start_gateway(servicenow=servicenow)

    response = await _send(gateway, TICKET)

    assert (response.status, response.headers["ITSM-Error"]) == (502, "deceptive-answer")
    assert servicenow.tickets() == []


async def test_an_answer_that_broke_off_is_asked_after(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(faults=[cut_body(stored=True).on(CREATES)])
    gateway = await start_gateway(servicenow=servicenow)

    response = await _send(gateway, TICKET)

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert len(servicenow.tickets()) == len(servicenow.ledger.creates()) == 1


async def test_an_unknown_upstream_prefix_names_the_known_ones(start_gateway: StartGateway):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(), jira=SimulatedJira())

    response = await gateway.get(f"{gateway.proxy}/remedy/api/now/table/incident")

    problem = await response.json()
    assert (response.status, response.content_type) == (404, "application/problem+json")
    assert response.headers["ITSM-Error"] == "unknown-upstream"
    assert "/jira/, /servicenow/" in problem["detail"]


@pytest.mark.parametrize(("unmatched", "reads"), [("refuse_writes", 200), ("refuse", 403)])
async def test_what_no_policy_covers_can_be_refused(start_gateway: StartGateway, unmatched: str, reads: int):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow, upstream={"unmatched": unmatched})

    write = await gateway.post(f"{gateway.servicenow}/api/now/table/sc_req_item", {"short_description": "x"})
    read = await gateway.get(f"{gateway.servicenow}/api/now/table/sc_req_item")

    detail = (await write.json())["error"]["detail"]
    assert (write.status, read.status) == (403, reads)
    assert write.headers["ITSM-Error"] == "not-covered"
    assert "/api/now/table/sc_req_item" in detail
    assert "upstreams.servicenow.unmatched" in detail
    assert servicenow.tickets() == []


async def test_the_tickets_door_without_credentials_says_what_to_set(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira, config=SHIPPED_TEMPLATES)
    asked = {"platform": "jira", "template_name": JIRA.template, "variables": {"job_name": "etl"}}

    response = await gateway.post(f"{gateway.api}/api/v1/tickets/from-template", asked)

    detail = (await response.json())["detail"]
    assert response.status == 503
    assert "upstreams.jira.credentials" in detail
    assert "ITSM-Upstream-Authorization" in detail
    assert len(jira.ledger) == 0


async def test_the_gateways_own_login_that_is_refused_is_a_502_of_its_own(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow(credentials=("gateway", "right"))
    login = {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}
    gateway = await start_gateway(
        servicenow=servicenow, upstream={"credentials": login}, environ={"PASSWORD": "wrong-one"}
    )

    response = await _send(gateway, TICKET)

    detail = (await response.json())["error"]["detail"]
    assert (response.status, response.headers["ITSM-Error"]) == (502, "upstream-credentials")
    assert "upstreams.servicenow.credentials" in detail
    assert "wrong-one" not in detail + gateway.log.getvalue()


async def test_a_bug_of_the_gateway_is_told_as_the_gateways_own(start_gateway: StartGateway):
    servicenow = SimulatedServiceNow()
    gateway = await start_gateway(servicenow=servicenow)
    gateway.running.watch.current = None  # what cannot be; whoever reads it stumbles

    response = await _send(gateway, TICKET)

    error = (await response.json())["error"]
    assert (response.status, response.headers["ITSM-Error"]) == (500, "internal")
    assert response.headers["ITSM-Call-Id"] in error["detail"]
    assert "Traceback" not in error["detail"]
    assert len(servicenow.ledger) == 0
