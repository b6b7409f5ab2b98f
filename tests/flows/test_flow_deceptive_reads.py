"""On the short way, too, what is no success is never passed on as one; and what is one, always."""

import json

import pytest
from flows.desks import JIRA, SERVICENOW, Desk, on_both_platforms, recorded
from flows.wire import Before, saying, wire
from running import StartGateway

from gateway.simulator import (
    SimulatedServiceNow,
    answered,
    html_200,
    jira_login_failed_silently,
    servicenow_session_full,
)

JSON = {"Content-Type": "application/json"}
BROKEN_OFF = {"result": [{"number": "INC1"}], "error": {"message": "Transaction cancelled"}, "status": "failure"}
READS = {"servicenow": "/api/now/table/incident", "jira": "/rest/api/2/myself"}
CHUNKED = "Transfer-Encoding: chunked"
QUEUED = b'{"result": {"progress": "1"}}'


def in_chunks(said: bytes, size: int = 1_000) -> bytes:
    pieces = [said[start : start + size] for start in range(0, len(said), size)]
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("desk", "fault"),
    [
        (SERVICENOW, answered(200, JSON, json.dumps(BROKEN_OFF))),
        (SERVICENOW, answered(200, JSON, '{"result":[{"number":""}],"error"')),
        (SERVICENOW, html_200()),
        (SERVICENOW, servicenow_session_full()),
        (JIRA, html_200()),
        (JIRA, jira_login_failed_silently()),
    ],
    ids=["an error inside", "half a list", "a page", "dropped", "a page of Jira", "a login that failed unsaid"],
)
async def test_a_read_that_was_no_success_is_a_502(start_gateway: StartGateway, desk: Desk, fault):
    simulated = desk.simulate()
    simulated.faults.every(1, fault)
    gateway = await desk.before(start_gateway, simulated)

    response = await gateway.get(gateway.address(desk.platform) + READS[desk.platform])

    assert (response.status, response.headers["ITSM-Error"]) == (502, "deceptive-answer")
    assert (await recorded(gateway, response))["outcome"] == "upstream_error"


@on_both_platforms
async def test_a_text_that_speaks_of_errors_is_a_success(start_gateway: StartGateway, desk: Desk):
    said = '{"result": {"short_description": "the \\"error\\" of a \\"failure\\"", "error": ""}}'
    gateway = await desk.before(start_gateway, desk.simulate(faults=[answered(200, JSON, said)]))

    response = await desk.read(gateway)

    assert (response.status, await response.text()) == (200, said)


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/now/table/incident"), ("POST", "/api/now/email")])
async def test_a_202_that_says_something_is_passed_on_and_not_sent_again(
    start_gateway: StartGateway, method: str, path: str
):
    servicenow = SimulatedServiceNow(faults=[answered(202, JSON, QUEUED.decode())])
    gateway = await start_gateway(servicenow=servicenow)

    response = await gateway.request(method, gateway.servicenow + path, headers={}, json={})

    assert (response.status, await response.read()) == (202, QUEUED)
    assert len(servicenow.ledger) == 1


async def test_a_202_of_unknown_length_is_passed_on(before: Before):
    gateway = await before(saying(wire("202 Accepted", CHUNKED, body=in_chunks(QUEUED))))

    response = await gateway.get(f"{gateway.servicenow}/api/now/table/incident")

    assert (response.status, await response.read()) == (202, QUEUED)


@pytest.mark.parametrize("said", [json.dumps(BROKEN_OFF).encode(), b'{"result":[{"number":""}],"error"'])
async def test_a_read_of_unknown_length_that_was_no_success_is_a_502(before: Before, said: bytes):
    gateway = await before(saying(wire("200 OK", CHUNKED, "Content-Type: application/json", body=in_chunks(said, 16))))

    response = await gateway.get(f"{gateway.servicenow}/api/now/table/incident")

    assert (response.status, response.headers["ITSM-Error"]) == (502, "deceptive-answer")


async def test_a_long_read_of_unknown_length_streams_by(before: Before):
    said = json.dumps({"result": [{"number": f"INC{number:07}"} for number in range(20_000)]}).encode()
    gateway = await before(
        saying(wire("200 OK", CHUNKED, "Content-Type: application/json", body=in_chunks(said, 9000)))
    )

    response = await gateway.get(f"{gateway.servicenow}/api/now/table/incident")

    assert (response.status, await response.read()) == (200, said)
