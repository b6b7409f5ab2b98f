"""What no policy covers arrives byte for byte, and so does its answer; only API links lead back through the gateway."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import pytest
from aiohttp import ClientConnectionError, ClientPayloadError
from flows.desks import JIRA, recorded
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from running import RunningGateway, StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow, answered

MEGABYTE = 1024 * 1024
GATEWAYS_OWN = {"itsm-call-id", "itsm-outcome", "date", "content-length", "connection"}
UNCOVERED = "/api/x_acme/things"

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

Reply: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Before: TypeAlias = Callable[[Reply], Awaitable[RunningGateway]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came off the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def theirs(self) -> list[tuple[str, str]]:
        """The headers that the gateway did not add."""
        return [(name, value) for name, value in self.headers if name.lower() not in GATEWAYS_OWN]


async def exchange(gateway: RunningGateway, request: bytes) -> Answer:
    """Send these very bytes to the ServiceNow listener and read until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.running.bound["servicenow"].port)
    writer.write(request)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in lines]
    return Answer(int(first.split()[1]), [(name, value) for name, value in pairs], body)


def spelt(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """A request as its bytes."""
    lines = [f"{name}: {value}" for name, value in [("Host", "localhost"), ("Connection", "close"), *headers]]
    length = [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, *length, "", ""]).encode("ascii") + body


def wire(status: str, *headers: str, body: bytes = b"") -> bytes:
    """An answer as its bytes."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]).encode("ascii") + body


def saying(answer: bytes) -> Reply:
    """An upstream that says these very bytes to whatever it is asked, and hangs up."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    return reply


@pytest.fixture
async def before(start_gateway: StartGateway) -> AsyncIterator[Before]:
    """A gateway before an upstream that is spoken by the test itself."""
    async with AsyncExitStack() as stack:

        async def start(reply: Reply) -> RunningGateway:
            server = await asyncio.start_server(reply, "127.0.0.1", 0)
            stack.callback(server.close)
            base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            return await start_gateway(servicenow=SimulatedServiceNow(), upstream={"base_url": base_url})

        yield start


@pytest.fixture
async def passage(start_gateway: StartGateway) -> tuple[SimulatedServiceNow, RunningGateway]:
    """A simulated ServiceNow with its ledger, and a gateway before it."""
    servicenow = SimulatedServiceNow()
    return servicenow, await start_gateway(servicenow=servicenow)


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


@pytest.mark.parametrize("door", ["own", "shared"])
async def test_servicenows_api_links_lead_back_to_the_address_that_was_dialled(passage, door: str):
    _, gateway = passage
    base = gateway.servicenow if door == "own" else f"{gateway.proxy}/servicenow"

    listed = await gateway.get(f"{base}/api/now/table/sys_user?sysparm_limit=1")
    [user] = (await listed.json())["result"]
    change = {"short_description": "x", "assigned_to": user["sys_id"]}
    created = await gateway.post(f"{base}/api/now/table/sc_req_item", change)
    reference = (await created.json())["result"]["assigned_to"]["link"]

    location = created.headers["Location"]
    next_page = listed.links["next"]["url"]
    assert location.startswith(f"{base}/api/now/table/sc_req_item/")
    assert reference.startswith(f"{base}/api/now/table/sys_user/")
    assert str(next_page).startswith(f"{base}/api/now/table/sys_user?")
    assert {(await gateway.get(str(link))).status for link in (location, reference, next_page)} == {200}


async def test_a_ticket_of_several_megabytes_arrives_as_it_was_sent(passage):
    servicenow, gateway = passage
    body = json.dumps({"short_description": "x", "u_log": "y" * 3 * MEGABYTE}).encode()
    headers = [("Content-Type", "application/json"), ("Accept", "application/json")]

    answer = await exchange(gateway, spelt("POST", "/api/now/table/sc_req_item", headers, body))

    assert answer.status == 201
    assert servicenow.ledger.creates()[0].body == body


@pytest.mark.parametrize("door", ["own", "shared"])
async def test_jiras_api_links_lead_back_and_human_links_and_texts_do_not_change(
    start_gateway: StartGateway, door: str
):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    base = gateway.jira if door == "own" else f"{gateway.proxy}/jira"
    upstream = json.loads(gateway.config_file.read_text())["upstreams"]["jira"]["base_url"]
    said = {
        "self": f"{upstream}/rest/api/2/issue/10001",
        "web": f"{upstream}/browse/OPS-1",
        "text": f"see {upstream}/rest/api/2/issue/10001",
    }

    created = await gateway.post(base + JIRA.create_path, dict(JIRA.ticket))
    followed = await gateway.get((await created.json())["self"])
    jira.faults.add(answered(200, {"Content-Type": "application/json"}, json.dumps(said)))
    shown = await gateway.get(f"{base}/rest/api/2/issue/OPS-1")

    assert followed.status == 200
    assert (await followed.json())["self"].startswith(f"{base}/rest/api/2/issue/")
    assert await shown.json() == said | {"self": f"{base}/rest/api/2/issue/10001"}


async def test_twenty_megabytes_pass_both_ways(passage):
    servicenow, gateway = passage
    body = bytes(range(256)) * (20 * MEGABYTE // 256)
    servicenow.faults.add(answered(200, {"Content-Type": "application/octet-stream"}, "y" * 20 * MEGABYTE))

    response = await gateway.request(
        "POST", gateway.servicenow + "/api/now/attachment/file", headers={}, data=BytesIO(body)
    )

    assert servicenow.ledger[-1].body == body
    assert await response.read() == b"y" * 20 * MEGABYTE


async def test_links_are_found_wherever_they_lie_in_a_large_answer(start_gateway: StartGateway):
    jira = SimulatedJira()
    gateway = await start_gateway(jira=jira)
    upstream = json.loads(gateway.config_file.read_text())["upstreams"]["jira"]["base_url"]
    issues = [{"self": f"{upstream}/rest/api/2/issue/{n}", "note": "n" * (n % 97)} for n in range(20_000)]
    said = json.dumps({"issues": issues})
    jira.faults.add(answered(200, {"Content-Type": "application/json"}, said))

    response = await gateway.get(f"{gateway.jira}/rest/api/2/search?jql=x")

    assert await response.text() == said.replace(upstream, gateway.jira)


async def test_an_answer_streams_down_before_it_is_whole(before: Before):
    seen = asyncio.Event()

    async def halves(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(wire("200 OK", f"Content-Length: {2 * MEGABYTE}", body=b"1" * MEGABYTE))
        await seen.wait()
        writer.write(b"2" * MEGABYTE)
        await writer.drain()
        writer.close()

    gateway = await before(halves)

    async with asyncio.timeout(10), gateway.session.get(gateway.servicenow + UNCOVERED) as response:
        first = await response.content.readexactly(MEGABYTE // 2)
        seen.set()
        rest = await response.read()

    assert first + rest == b"1" * MEGABYTE + b"2" * MEGABYTE


async def test_a_request_streams_up_before_it_is_whole(before: Before):
    seen = asyncio.Event()
    received = bytearray()

    async def reads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        received.extend(await reader.readexactly(MEGABYTE // 2))
        seen.set()
        received.extend(await reader.readexactly(2 * MEGABYTE - MEGABYTE // 2))
        writer.write(wire("200 OK", "Content-Length: 2", body=b"ok"))
        await writer.drain()
        writer.close()

    async def halves() -> AsyncIterator[bytes]:
        yield b"1" * MEGABYTE
        await seen.wait()
        yield b"2" * MEGABYTE

    gateway = await before(reads)
    headers = {"Content-Length": str(2 * MEGABYTE)}

    async with asyncio.timeout(10):
        response = await gateway.request("POST", gateway.servicenow + UNCOVERED, headers=headers, data=halves())

    assert response.status == 200
    assert received == b"1" * MEGABYTE + b"2" * MEGABYTE


async def test_a_short_answer_that_broke_off_becomes_a_502(before: Before):
    gateway = await before(saying(wire("200 OK", "Content-Length: 100", body=b'{"result": [')))

    response = await gateway.get(gateway.servicenow + UNCOVERED)

    assert (response.status, response.headers["ITSM-Error"]) == (502, "cut-answer")
    assert (await recorded(gateway, response))["outcome"] == "upstream_error"


@pytest.mark.parametrize(
    "framing",
    [("Content-Length: 1000000",), ("Content-Length: 1000000", "Content-Type: application/json"), None],
    ids=["length", "length-of-json", "chunked"],
)
async def test_a_long_answer_that_breaks_off_never_looks_whole(before: Before, framing: tuple[str, ...] | None):
    half = b"x" * 500_000
    chunk = f"{len(half):x}\r\n".encode() + half + b"\r\n"
    cut = wire("200 OK", *framing, body=half) if framing else wire("200 OK", "Transfer-Encoding: chunked", body=chunk)
    gateway = await before(saying(cut))

    with pytest.raises((ClientPayloadError, ClientConnectionError)):
        await gateway.get(gateway.servicenow + UNCOVERED)
