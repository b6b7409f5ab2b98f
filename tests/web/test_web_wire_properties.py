"""Whatever bytes come: no traceback, no 5xx for a client's fault, and what was judged is what arrived."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from running import RunningGateway, StartGateway
from web.wires import Upstream, said, status_of, upstream

from gateway.simulator import SimulatedServiceNow

QUICK = settings(
    max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MADE = b'{"result": {"sys_id": "1c741bd70b2322007518478d83673af3", "number": "INC0010001"}}'
CREATED = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(MADE), MADE)


@dataclass
class Wire:
    """A gateway's ServiceNow listener, and who stands behind it."""

    gateway: RunningGateway
    upstream: Upstream

    async def ask(self, request: bytes) -> int:
        """The status that these bytes get; 0 where the connection ends without an answer."""
        self.upstream.arrived.clear()
        return status_of(await said(self.gateway.running.bound["servicenow"].port, request, seconds=0.5))

    def proves_nothing_broke(self, status: int) -> None:
        """Nothing above 499 comes from the client's own bytes, for the upstream always answers well."""
        assert status < 500
        assert "Traceback" not in self.gateway.log.getvalue()


@pytest.fixture
async def wire(start_gateway: StartGateway) -> AsyncIterator[Wire]:
    async with upstream(CREATED) as behind:
        base = {"base_url": f"http://127.0.0.1:{behind.port}"}
        yield Wire(await start_gateway(servicenow=SimulatedServiceNow(), upstream=base), behind)


TOKENS = st.sampled_from([b"GET", b"POST", b"PRI", b"get", b"P OST", b"", b"\x00", b"\xff", b"TRACE", b"A" * 300])
TARGETS = st.lists(
    st.sampled_from(
        [
            b"/",
            b"/api/now/table/incident",
            b"%2e%2e",
            b"..",
            b"//",
            b"\\",
            b";x",
            b"%00",
            b"?a=b",
            b"#",
            b" ",
            b"*",
            b"http://b/",
            b"\xc3\xa4",
            b"%",
            b"%zz",
            b"/v1",
            b"\x7f",
            b"INCIDENT",
            b".",
        ]
    ),
    max_size=6,
).map(b"".join)
VERSIONS = st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.1 ", b"HTTP", b"", b"\xff"])
ENDS = st.sampled_from([b"\r\n", b"\n", b"\r", b"\r\n\r\n", b" \r\n"])


@QUICK
@given(TOKENS, TARGETS, VERSIONS, ENDS)
@example(b"GET", b"/api/now/%2e%2e/x", b"HTTP/1.1", b"\r\n")
async def test_any_request_line_is_answered_or_closed(
    wire: Wire, method: bytes, target: bytes, version: bytes, end: bytes
):
    status = await wire.ask(method + b" " + target + b" " + version + end + b"Host: a\r\nConnection: close\r\n\r\n")

    wire.proves_nothing_broke(status)
    assert all(arrived.line == f"{method.decode()} {target.decode()} HTTP/1.1" for arrived in wire.upstream.arrived)


NAMES = st.sampled_from(
    [
        b"Content-Length",
        b"Transfer-Encoding",
        b"Host",
        b"Connection",
        b"Upgrade",
        b"Expect",
        b"TE",
        b"X-A",
        b"X_A",
        b"content-length",
        b"Content-Length ",
        b" X",
        b"",
        b"Trailer",
        b"X-HTTP-Method-Override",
        b"\xff",
        b"ITSM-Dry-Run",
    ]
)
VALUES = st.one_of(
    st.sampled_from(
        [b"0", b"2", b"-1", b"chunked", b"gzip", b"close, X-A", b"100-continue", b"true", b"\x00", b"2, 2"]
    ),
    st.binary(max_size=8),
)


@QUICK
@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=5), st.sampled_from([b"", b"{}", b"0\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n"])
)
@example([(b"Content-Length", b"2"), (b"Transfer-Encoding", b"chunked")], b"0\r\n\r\n")
async def test_any_headers_leave_one_reading_or_none(wire: Wire, headers: list[tuple[bytes, bytes]], body: bytes):
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)

    status = await wire.ask(b"POST /api/x HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n" + body)

    wire.proves_nothing_broke(status)
    assert len(wire.upstream.arrived) <= 1
    for arrived in wire.upstream.arrived:
        assert arrived.body in {b"", b"{}"}
        assert not (arrived.values("content-length") and arrived.values("transfer-encoding"))
        assert not {"upgrade", "trailer", "te", "expect", "x_a"} & {name.lower() for name, _ in arrived.headers}


CHUNKS = st.lists(st.binary(min_size=1, max_size=40), max_size=6)
SPOILED = st.sampled_from([b"", b"-", b"+", b"0x", b" ", b"\x00", b"g", b"_"])


@QUICK
@given(CHUNKS, SPOILED, st.sampled_from([b"\r\n", b"\n", b"\r", b";a=b\r\n"]))
@example([b"abc"], b"", b"\r\n")
async def test_any_chunking_arrives_whole_or_not_at_all(wire: Wire, chunks: list[bytes], spoiled: bytes, end: bytes):
    framed = b"".join(spoiled + b"%x" % len(chunk) + end + chunk + b"\r\n" for chunk in chunks) + b"0\r\n\r\n"

    status = await wire.ask(b"POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + framed)

    wire.proves_nothing_broke(status)
    if status == 201:
        assert [arrived.body for arrived in wire.upstream.arrived] == [b"".join(chunks)]
    else:
        assert wire.upstream.arrived == []


TEXTS = st.text(max_size=20)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=True, allow_infinity=True), TEXTS
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
BROKEN = st.sampled_from(
    [
        b'{"a": 1, "a": 2}',
        b"\xef\xbb\xbf{}",
        b'{"a": "\\ud800"}',
        b"[" * 5000,
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"",
        b"{",
        b"\xff\xfe{\x00}\x00",
        b'{"a": NaN}',
        b"{}{}",
        b'{"a": "\x01"}',
    ]
)


@QUICK
@given(st.one_of(BROKEN, st.binary(max_size=60), DOCUMENTS.map(lambda each: json.dumps(each).encode())))
@example(b'{"short_description": "Disk full", "caller_id": "x", "cmdb_ci": "y"}')
async def test_any_body_of_a_create_is_refused_or_arrives_as_it_was_judged(wire: Wire, body: bytes):
    head = b"POST /api/now/table/incident HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

    status = await wire.ask(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    wire.proves_nothing_broke(status)
    for arrived in wire.upstream.arrived:
        given, sent = json.loads(body), json.loads(arrived.body)
        assert status == 201
        assert {name: sent[name] for name in given if not name.startswith("correlation_")} == {
            name: value for name, value in given.items() if not name.startswith("correlation_")
        }
