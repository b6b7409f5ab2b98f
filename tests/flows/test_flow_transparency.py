"""What no policy covers arrives byte for byte, and so does its answer."""

import pytest
from flows.wire import UNCOVERED, Before, exchange, saying, spelt, wire
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from running import RunningGateway

from gateway.simulator import SimulatedServiceNow

PIECES = st.sampled_from(
    [*"abzAZ09-._~!$&'()*+,;=:@^|[]{}\"<>`\\", "%2F", "%2f", "%252e", "%20", "%C3%A4", "%00", "//"]
)
SPELLINGS = st.lists(PIECES, max_size=12).map("".join)
QUERIES = st.one_of(st.none(), st.lists(st.one_of(PIECES, st.just("?"), st.just("/")), max_size=20).map("".join))
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30).map(str.strip)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["X-Acme", "Accept-Language", "X-Atlassian-Token", "traceparent", "x-lower"]), VALUES),
    max_size=6,
)
BODIES = st.one_of(st.binary(max_size=300), st.sampled_from([b'{"a": 1,  "a": 1e2}', b"\xff\xfe{", b"0" * 70_000]))


@settings(max_examples=250, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["POST", "PUT", "PATCH", "DELETE"]), SPELLINGS, QUERIES, HEADERS, BODIES)
@example(
    "POST", "/a%2Fb/../c;v=1//d", "sysparm_query=a=1^ORb=2|c,d&x=%2F&x=%2f", [("X-Acme", "1"), ("X-Acme", "1")], b"\0"
)
@example("POST", "", "", [("X-Acme", "")], b"")
async def test_a_call_that_no_policy_covers_arrives_byte_for_byte(
    passage: tuple[SimulatedServiceNow, RunningGateway],
    method: str,
    path: str,
    query: str | None,
    headers: list[tuple[str, str]],
    body: bytes,
):
    servicenow, gateway = passage
    target = UNCOVERED + path + ("" if query is None else f"?{query}")

    answer = await exchange(gateway, spelt(method, target, headers, body))

    arrived = servicenow.ledger[-1]
    names = {name.lower() for name, _ in headers}
    assert answer.status == 400, "the simulated instance knows no such resource"
    assert "ITSM-Error" not in dict(answer.headers)
    assert (arrived.method, arrived.target, arrived.body) == (method, target, body)
    assert [(name, value) for name, value in arrived.headers if name.lower() in names] == headers


async def test_a_ticket_call_that_no_policy_covers_arrives_byte_for_byte(passage):
    servicenow, gateway = passage
    body = b'{ "short_description":"Gr\\u00f6\xc3\x9fe" ,\n "risk": 1e0 }'
    headers = [("Content-Type", "application/json"), ("Accept", "application/json"), ("X-Acme", "a,b")]

    answer = await exchange(gateway, spelt("POST", "/api/now/table/sc_req_item?sysparm_fields=number", headers, body))

    arrived = servicenow.ledger.creates()[0]
    assert answer.status == 201
    assert (arrived.target, arrived.body) == ("/api/now/table/sc_req_item?sysparm_fields=number", body)
    assert [pair for pair in arrived.headers if pair in headers] == headers


async def test_nothing_of_the_gateways_own_headers_is_sent_on(passage):
    servicenow, gateway = passage
    headers = [
        ("ITSM-Job-Id", "42"),
        ("Idempotency-Key", "k"),
        ("Prefer", "respond-async"),
        ("X-Forwarded-For", "evil"),
    ]

    await exchange(gateway, spelt("GET", UNCOVERED, headers, b""))

    arrived = {name.lower(): value for name, value in servicenow.ledger[-1].headers}
    assert arrived.keys() & {"itsm-job-id", "idempotency-key", "prefer"} == set()
    assert "evil" not in arrived["x-forwarded-for"]


async def test_an_answer_comes_back_with_its_status_headers_and_body(before: Before):
    theirs = ["X-One: 1", "Set-Cookie: a=1", "Set-Cookie: b=2; Path=/", "Set-Cookie: c=3", "X-Two: 2"]
    gateway = await before(saying(wire("299 Odd", *theirs, "Content-Length: 5", body=b"\x00\xffabc")))

    answer = await exchange(gateway, spelt("GET", UNCOVERED, [], b""))

    assert (answer.status, answer.body) == (299, b"\x00\xffabc")
    assert [f"{name}: {value}" for name, value in answer.theirs()] == theirs


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_an_answer_without_a_body_stays_without(before: Before, status: str):
    gateway = await before(saying(wire(status, 'ETag: "v1"')))

    answer = await exchange(gateway, spelt("GET", UNCOVERED, [], b""))

    assert (answer.status, answer.body) == (int(status[:3]), b"")
    assert [(name.lower(), value) for name, value in answer.theirs()] == [("etag", '"v1"')]


async def test_the_answer_to_head_keeps_the_length_of_what_it_leaves_out(before: Before):
    gateway = await before(saying(wire("200 OK", "Content-Length: 123456", "Content-Type: text/csv")))

    answer = await exchange(gateway, spelt("HEAD", UNCOVERED, [], b""))

    told = {name.lower(): value for name, value in answer.headers}
    assert (answer.status, answer.body) == (200, b"")
    assert (told["content-length"], told["content-type"]) == ("123456", "text/csv")


async def test_a_redirect_is_handed_on_and_not_followed(before: Before):
    gateway = await before(saying(wire("302 Found", "Location: https://login.example/sso", "Content-Length: 0")))

    answer = await exchange(gateway, spelt("GET", UNCOVERED, [], b""))

    assert answer.status == 302
    assert dict(answer.headers)["Location"] == "https://login.example/sso"


async def test_three_cookies_of_a_session_come_back_and_none_is_kept_for_others(passage):
    servicenow, gateway = passage

    first = await exchange(gateway, spelt("GET", "/api/now/table/incident", [], b""))
    await exchange(gateway, spelt("GET", "/api/now/table/incident", [], b""))

    cookies = [value.partition("=")[0] for name, value in first.headers if name == "Set-Cookie"]
    assert cookies == ["JSESSIONID", "glide_user_route", "BIGipServerpool_dev"]
    assert servicenow.ledger[-1].header("Cookie") is None
