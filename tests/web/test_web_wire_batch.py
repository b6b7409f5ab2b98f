"""Whatever a batch holds: no traceback, no 5xx for a client's fault, and nothing covered arrives unjudged."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from running import RunningGateway, StartGateway
from web.wires import Upstream, said, status_of, upstream

from gateway.simulator import SimulatedServiceNow

MADE = b'{"result": {"sys_id": "1c741bd70b2322007518478d83673af3", "number": "INC0010001"}}'
CREATED = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(MADE), MADE)
TABLE = "/api/now/table/incident"
BATCH = "/api/now/v1/batch"
PLAIN = [{"name": "Content-Type", "value": "application/json"}]


def coded(body: Any) -> str:
    return b64encode(json.dumps(body).encode()).decode()


METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE", "post", "TRACE", "", "PO ST", 7])
URLS = st.sampled_from(
    [
        TABLE,
        "/api/now/v2/table/incident",
        "/api/now/%74able/incident",
        "/api/now/x/../table/incident",
        "/api/now//table/incident",
        "/api/now/table/cmdb_ci",
        "/api/now/table/incident?sysparm_fields=a b",
        BATCH,
        "http://elsewhere.example/x",
        "x",
        "",
        None,
    ]
)
HEADERS = st.sampled_from(
    [
        PLAIN,
        None,
        {},
        "x",
        [*PLAIN, {"name": "X-HTTP-Method-Override", "value": "PUT"}],
        [*PLAIN, {"name": "X-A", "value": "1\r\nX-B: 2"}],
        [{"name": "Content-Type", "value": "application/xml"}],
        [*PLAIN, {"name": "Transfer-Encoding", "value": "chunked"}],
        [*PLAIN, {"name": "Content-Length", "value": "3"}],
        [*PLAIN, {"name": "Host", "value": "elsewhere"}],
        [*PLAIN, {"name": "", "value": ""}],
    ]
)
BODIES = st.one_of(
    st.sampled_from(
        [
            coded({"short_description": "Disk full"}),
            coded({"urgency": "1"}),
            b64encode(b'{"short_description": "a", "short_description": ""}').decode(),
            b64encode(b"\xff").decode(),
            "no base64!",
            "",
            None,
            7,
        ]
    ),
    st.binary(max_size=20).map(lambda raw: b64encode(raw).decode()),
)
PARTS = st.one_of(
    st.fixed_dictionaries(
        {"id": st.text(max_size=3), "method": METHODS, "url": URLS, "headers": HEADERS, "body": BODIES}
    ),
    st.sampled_from([None, 7, "x", [], {}]),
)


Wire: TypeAlias = tuple[RunningGateway, Upstream]


@pytest.fixture
async def wire(start_gateway: StartGateway) -> AsyncIterator[Wire]:
    async with upstream(CREATED) as behind:
        base = {"base_url": f"http://127.0.0.1:{behind.port}"}
        yield await start_gateway(servicenow=SimulatedServiceNow(), upstream=base), behind


@settings(max_examples=80, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(PARTS, max_size=4), st.sampled_from([None, {}, "x"])))
@example([{"id": "1", "method": "POST", "url": TABLE, "headers": PLAIN, "body": coded({"short_description": "a"})}])
async def test_any_batch_is_refused_or_arrives_as_it_was_judged(wire: Wire, listed: Any):
    body = json.dumps({"batch_request_id": "1", "rest_requests": listed}).encode()
    head = f"POST {BATCH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    gateway, behind = wire
    behind.arrived.clear()

    answer = await said(gateway.running.bound["servicenow"].port, head.encode() + body)

    assert 0 < status_of(answer) < 500
    assert "Traceback" not in gateway.log.getvalue()
    for arrived in behind.arrived:
        method, target, _ = arrived.line.split(" ")
        assert "\r\n" not in target
        assert not {"x-b", "x-http-method-override"} & {name.lower() for name, _ in arrived.headers}
        assert arrived.values("host") == [f"127.0.0.1:{behind.port}"]
        if method == "POST" and target.endswith("/incident"):
            sent = json.loads(arrived.body)
            assert sent["short_description"]
            assert sent["correlation_id"].startswith("itsmgw-")
