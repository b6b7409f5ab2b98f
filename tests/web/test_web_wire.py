"""What may come over the wire, and what of it reaches the upstream: never two readings of one request."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from running import RunningGateway, StartGateway
from web.wires import Upstream, said, status_of, upstream

from gateway.simulator import SimulatedServiceNow

GET = b"GET /api/x HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /api/x HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
CREATE = b"POST /api/now/table/incident HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@dataclass
class Wire:
    """A gateway's ServiceNow listener, and who stands behind it."""

    gateway: RunningGateway
    upstream: Upstream

    async def ask(self, request: bytes) -> bytes:
        return await said(self.gateway.running.bound["servicenow"].port, request)


@pytest.fixture
async def wire(start_gateway: StartGateway) -> AsyncIterator[Wire]:
    async with upstream() as behind:
        base = {"base_url": f"http://127.0.0.1:{behind.port}"}
        yield Wire(await start_gateway(servicenow=SimulatedServiceNow(), upstream=base), behind)


REFUSED = {
    "version-0.9": (b"GET /api/x\r\n\r\n", 400),
    "version-1.2": (b"GET /api/x HTTP/1.2\r\nHost: a\r\n\r\n", 400),
    "version-1.11": (b"GET /api/x HTTP/1.11\r\nHost: a\r\n\r\n", 400),
    "version-2": (b"GET /api/x HTTP/2.0\r\nHost: a\r\n\r\n", 400),
    "http2-preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "trace": (b"TRACE /api/x HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    "connect": (b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    "lower-case-method": (b"get /api/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "unknown-method": (b"BREW /api/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "absolute-form": (b"GET http://b/api/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "authority-form": (b"GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "asterisk-form": (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "fragment": (b"GET /api/x#f HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "space-in-target": (b"GET /api/x y HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "no-ascii-in-target": (b"GET /api/\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "control-in-target": (b"GET /api/\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "no-host": (b"GET /api/x HTTP/1.1\r\n\r\n", 400),
    "two-hosts": (GET + b"Host: b\r\n\r\n", 400),
    "host-with-a-space": (b"GET /api/x HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    "host-with-a-path": (b"GET /api/x HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    "websocket": (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 400),
    "h2c": (GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n", 400),
    "length-and-chunked": (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "chunked-and-length": (CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n", 400),
    "two-lengths": (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc", 400),
    "the-same-length-twice": (POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", 400),
    "a-list-of-lengths": (POST + b"Content-Length: 2, 2\r\n\r\nab", 400),
    "length-with-a-sign": (POST + b"Content-Length: +2\r\n\r\nab", 400),
    "negative-length": (POST + b"Content-Length: -2\r\n\r\nab", 400),
    "length-in-hex": (POST + b"Content-Length: 0x2\r\n\r\nab", 400),
    "space-before-the-colon": (POST + b"Content-Length : 2\r\n\r\nab", 400),
    "length-beyond-numbers": (POST + b"Content-Length: 99999999999999999999\r\n\r\nab", 400),
    "unknown-coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    "gzip-coding": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "two-codings": (CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400),
    "chunked-twice": (POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    "coding-after-a-tab": (POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    "chunked-in-1.0": (b"POST /api/x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "negative-chunk": (CHUNKED + b"\r\n-3\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-in-0x": (CHUNKED + b"\r\n0x3\r\nabc\r\n0\r\n\r\n", 400),
    "chunk-ended-by-lf": (CHUNKED + b"\r\n3\nabc\n0\n\n", 400),
    "chunk-longer-than-said": (CHUNKED + b"\r\n3\r\nabcd\r\n0\r\n\r\n", 400),
    "chunk-beyond-numbers": (CHUNKED + b"\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n", 400),
    "lines-ended-by-lf": (b"GET /api/x HTTP/1.1\nHost: a\n\n", 400),
    "folded-header": (GET + b"X-A: b\r\n c\r\n\r\n", 400),
    "header-without-a-colon": (GET + b"XA\r\n\r\n", 400),
    "header-without-a-name": (GET + b": b\r\n\r\n", 400),
    "nul-in-a-header": (GET + b"X-A: a\0b\r\n\r\n", 400),
    "bare-cr-in-a-header": (GET + b"X-A: a\rb\r\n\r\n", 400),
    "high-byte-in-a-value": (GET + b"X-A: \xe4\r\n\r\n", 400),
    "high-byte-in-a-name": (GET + b"X-\xe4: b\r\n\r\n", 400),
    "space-in-a-name": (GET + b"X A: b\r\n\r\n", 400),
    "two-logins": (GET + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400),
    "two-wishes": (CREATE + b"ITSM-Dry-Run: false\r\nITSM-Dry-Run: true\r\nContent-Length: 2\r\n\r\n{}", 400),
    "two-types": (CREATE + b"Content-Type: text/xml\r\nContent-Length: 2\r\n\r\n{}", 400),
    "method-override": (POST + b"X-HTTP-Method-Override: DELETE\r\nContent-Length: 0\r\n\r\n", 400),
    "method-override-of-microsoft": (POST + b"X-HTTP-Method: DELETE\r\nContent-Length: 0\r\n\r\n", 400),
    "too-many-headers": (GET + b"".join(b"X-%d: 1\r\n" % n for n in range(150)) + b"\r\n", 400),
    "too-long-a-target": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "too-long-a-header": (GET + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n", 400),
    "unknown-expectation": (POST + b"Expect: 200-ok\r\nContent-Length: 2\r\n\r\nab", 417),
    "a-large-body-on-get": (GET + b"Content-Length: 99999999\r\n\r\nabc", 413),
    "a-large-body-on-delete": (b"DELETE /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413),
    "a-large-chunked-body-on-head": (
        CHUNKED.replace(b"POST", b"HEAD") + b"\r\n10c8e0\r\n" + b"a" * 1_100_000 + b"\r\n0\r\n\r\n",
        413,
    ),
}


@pytest.mark.parametrize(("request_bytes", "status"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_can_be_read_in_two_ways_is_refused_and_never_sent(wire: Wire, request_bytes: bytes, status: int):
    answer = await wire.ask(request_bytes)

    assert status_of(answer) == status
    [refusal] = wire.gateway.events("request refused")
    assert b"ITSM-Error: " in answer
    assert f"ITSM-Call-Id: {refusal['call_id']}\r\n".encode() in answer
    assert wire.upstream.arrived == []
    assert "Traceback" not in wire.gateway.log.getvalue()


async def test_bytes_that_are_no_http_are_counted_and_logged_in_one_line(wire: Wire):
    await wire.ask(b"\x00\x01\x02\r\n\r\n")

    assert 'itsm_requests_refused_total{problem="malformed-request"} 1.0' in await wire.gateway.metrics()
    assert len(wire.gateway.events("request refused")) == 1


async def test_an_unreadable_head_is_refused_in_the_shape_of_the_platform_that_its_path_names(wire: Wire):
    shared = wire.gateway.running.bound["proxy"].port

    told = await said(shared, b"GET /servicenow/api/x HTTP/1.1\r\nHost: a b\r\n\r\n")
    ours = await said(shared, b"GET /nobody/api/x HTTP/1.1\r\nHost: a b\r\n\r\n")

    assert (status_of(told), status_of(ours)) == (400, 400)
    assert b'"status":"failure"' in told
    assert b"application/problem+json" in ours


async def test_hop_by_hop_headers_and_those_that_connection_names_stop_here(wire: Wire):
    hop = (
        b"Connection: close, X-Secret, Authorization-Info\r\nX-Secret: 1\r\nAuthorization-Info: 2\r\nKeep-Alive: 3\r\n"
        b"TE: trailers\r\nProxy-Authorization: Basic eA==\r\nProxy-Connection: keep-alive\r\nX-Kept: 4\r\n"
    )

    await wire.ask(GET + hop + b"\r\n")

    [arrived] = wire.upstream.arrived
    names = [name for name, _ in arrived.headers]
    assert names == ["Host", "X-Kept", "X-Forwarded-For", "X-Forwarded-Proto"]


async def test_what_claims_to_come_from_a_proxy_before_is_made_anew(wire: Wire):
    claims = b"X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Forwarded-Host: b\r\nX-Original-URL: /admin\r\n"

    await wire.ask(GET + claims + b"X_Forwarded_For: 5.6.7.8\r\nContent_Length: 7\r\n\r\n")

    [arrived] = wire.upstream.arrived
    assert arrived.values("X-Forwarded-For") == ["127.0.0.1"]
    assert b"1.2.3.4" not in arrived.head
    assert b"/admin" not in arrived.head
    assert b"_" not in arrived.head


async def test_repeated_headers_arrive_in_their_order_and_spelling(wire: Wire):
    await wire.ask(GET + b"X-B: 1\r\nX-C: 2\r\nX-b: 3\r\n\r\n")

    assert b"X-B: 1\r\nX-C: 2\r\nX-b: 3\r\n" in wire.upstream.arrived[0].head


async def test_an_override_on_a_read_changes_nothing_and_goes_no_further(wire: Wire):
    answer = await wire.ask(GET + b"X-HTTP-Method-Override: DELETE\r\n\r\n")

    assert status_of(answer) == 200
    assert wire.upstream.arrived[0].line == "GET /api/x HTTP/1.1"
    assert wire.upstream.arrived[0].values("X-HTTP-Method-Override") == []


async def test_a_chunked_body_arrives_whole_without_extensions_and_trailers(wire: Wire):
    await wire.ask(CHUNKED + b"Trailer: X-T\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-T: smuggled\r\n\r\n")

    [arrived] = wire.upstream.arrived
    assert arrived.body == b"abcde"
    assert b"smuggled" not in arrived.head
    assert arrived.values("Trailer") == []


async def test_a_client_that_expects_to_be_invited_is_and_its_expectation_stops_here(wire: Wire):
    answer = await wire.ask(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab")

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert wire.upstream.arrived[0].body == b"ab"
    assert wire.upstream.arrived[0].values("Expect") == []


async def test_a_client_that_expects_to_be_invited_is_told_at_once_when_it_is_not(wire: Wire):
    answer = await wire.ask(CREATE + b"Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")

    assert status_of(answer) == 413
    assert b"100 Continue" not in answer


@pytest.mark.parametrize("method", [b"GET", b"DELETE", b"OPTIONS"])
async def test_a_small_body_that_means_nothing_is_passed_on_as_it_is(wire: Wire, method: bytes):
    request = method + b" /api/x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    answer = await wire.ask(request)

    assert status_of(answer) == 200
    assert wire.upstream.arrived[0].body == b"{}"


async def test_a_body_that_is_coded_or_in_parts_is_not_looked_into(wire: Wire):
    body = b"\x1f\x8b\x08\x00--x\r\n\xff\x00"
    kinds = [b"Content-Encoding: gzip\r\n", b"Content-Type: multipart/form-data\r\n"]

    for kind in kinds:
        await wire.ask(POST + kind + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    assert [arrived.body for arrived in wire.upstream.arrived] == [body, body]
    assert wire.upstream.arrived[0].values("Content-Encoding") == ["gzip"]


async def test_a_part_of_a_file_is_asked_for_and_handed_on_as_such(wire: Wire):
    wire.upstream.answer = (
        b"HTTP/1.1 206 Partial Content\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Range: bytes 0-3/900\r\nAccept-Ranges: bytes\r\nContent-Length: 4\r\n\r\n\x00\xff{}"
    )

    answer = await wire.ask(GET + b"Range: bytes=0-3\r\nIf-Range: x\r\n\r\n")

    assert status_of(answer) == 206
    assert b"Content-Range: bytes 0-3/900\r\n" in answer
    assert answer.endswith(b"\r\n\r\n\x00\xff{}")
    assert wire.upstream.arrived[0].values("Range") == ["bytes=0-3"]


async def test_requests_on_one_connection_are_answered_in_turn(wire: Wire):
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.gateway.running.bound["servicenow"].port)

    writer.write(GET + b"X-N: 1\r\n\r\n" + GET + b"X-N: 2\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()

    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert [arrived.values("X-N") for arrived in wire.upstream.arrived] == [["1"], ["2"]]


async def test_what_follows_an_unreadable_request_is_not_taken_for_another(wire: Wire):
    smuggled = b"GET /api/admin HTTP/1.1\r\nHost: a\r\n\r\n"

    await wire.ask(POST + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled)
    await wire.ask(GET + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n" + smuggled)

    assert wire.upstream.arrived == []


async def test_options_is_asked_of_the_platform_and_its_answer_handed_on(wire: Wire):
    wire.upstream.answer = b"HTTP/1.1 204 No Content\r\nAllow: GET, POST, OPTIONS\r\nX-Its-Own: yes\r\n\r\n"

    answer = await wire.ask(b"OPTIONS /api/now/table/incident HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    [arrived] = wire.upstream.arrived
    assert arrived.line == "OPTIONS /api/now/table/incident HTTP/1.1"
    assert status_of(answer) == 204
    assert b"Allow: GET, POST, OPTIONS\r\n" in answer
    assert b"X-Its-Own: yes\r\n" in answer


async def test_every_client_keeps_the_session_that_it_brings(wire: Wire):
    for session in (b"JSESSIONID=one", b"JSESSIONID=two; glide_user_route=x", b""):
        cookie = b"Cookie: " + session + b"\r\n" if session else b""
        await wire.ask(GET + cookie + b"Connection: close\r\n\r\n")

    sent = [arrived.values("cookie") for arrived in wire.upstream.arrived]
    assert sent == [["JSESSIONID=one"], ["JSESSIONID=two; glide_user_route=x"], []]
