"""The control API and the ledger: what another process can script and see."""

import gzip
import zlib

import pytest
from yarl import URL

from gateway.simulator import Kind, SimulatedJira, SimulatedServiceNow

FAULTS = "/__simulator__/faults"
INCIDENTS = "/api/now/table/incident"


async def test_another_process_scripts_faults_and_clears_them(client_of):
    servicenow = SimulatedServiceNow()
    client = await client_of(servicenow)
    script = {"kind": "stored_then", "status": 500, "when": {"creates": True}, "times": 2}

    added = await client.post(FAULTS, json=script)
    first = (await client.post(INCIDENTS, json={})).status
    cleared = await client.delete(FAULTS)
    second = (await client.post(INCIDENTS, json={})).status

    assert (added.status, first, cleared.status, second) == (201, 500, 204, 201)
    assert len(servicenow.tickets()) == 2


@pytest.mark.parametrize(
    "script",
    [
        {"kind": "refused", "status": 503, "every": 1},
        {"kind": "refused", "status": 503, "probability": 1.0},
        {"kind": "refused", "status": 503, "after": 0.001},
        [{"kind": "answered", "status": 503, "headers": {"Retry-After": "2"}, "body": "later"}],
        {"kind": "refused", "status": 503, "when": {"methods": ["POST"], "path": "/incident"}},
    ],
)
async def test_a_script_may_place_its_faults_in_every_way(client_of, script):
    client = await client_of(SimulatedServiceNow())

    await client.post(FAULTS, json=script)

    assert (await client.post(INCIDENTS, json={})).status == 503


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        (b"{", "not JSON"),
        (b'"refused"', "a fault is a JSON object"),
        (b'{"kind": "explodes"}', "unknown fault kind 'explodes'"),
        (b'{"kind": "refused"}', "missing a required argument: 'status'"),
        (b'{"kind": "refused", "status": "503"}', "status: '503' is not of the right type"),
        (b'{"kind": "refused", "status": true}', "status: True is not of the right type"),
        (b'{"kind": "refused", "status": 503, "colour": "red"}', "unknown key 'colour'"),
        (b'{"kind": "refused", "status": 503, "when": {"path": "("}}', "no regular expression"),
        (b'{"kind": "refused", "status": 503, "when": {"status": 1}}', "when: unknown key 'status'"),
        (b'[{"kind": "reset"}, {"kind": "nonsense"}]', "unknown fault kind"),
    ],
)
async def test_a_script_that_makes_no_sense_is_explained_and_changes_nothing(client_of, script, complaint):
    servicenow = SimulatedServiceNow()

    answer = await (await client_of(servicenow)).post(FAULTS, data=script)

    assert answer.status == 400
    assert complaint in (await answer.json())["error"]
    assert servicenow.faults.pending() == ()


async def test_the_ledger_keeps_target_headers_and_body_as_they_came(client_of):
    jira = SimulatedJira()
    target = "/rest/api/2/issue?a=%2Fx%7Cy&updateHistory=true"

    await (await client_of(jira)).request(
        "POST", URL(target, encoded=True), data=b'{"fields": ', headers={"X-Odd": "v1"}
    )

    exchange = jira.ledger.creates()[0]
    assert (exchange.method, exchange.target, exchange.body) == ("POST", target, b'{"fields": ')
    assert ("X-Odd", "v1") in exchange.headers
    assert exchange.header("x-odd") == "v1"


@pytest.mark.parametrize(("coding", "status"), [("gzip", 201), ("deflate", 201), ("br", 400)])
async def test_a_packed_body_is_recorded_packed_and_understood(client_of, coding, status):
    servicenow = SimulatedServiceNow()
    packed = gzip.compress(b"{}") if coding == "gzip" else zlib.compress(b"{}")
    headers = {"Content-Encoding": coding, "Content-Type": "application/json"}

    answer = await (await client_of(servicenow)).post(INCIDENTS, data=packed, headers=headers)

    assert (answer.status, servicenow.ledger[0].body) == (status, packed)


async def test_the_ledger_tells_creates_searches_and_what_was_stored(client_of):
    servicenow = SimulatedServiceNow()
    client = await client_of(servicenow)

    await client.post(INCIDENTS, json={"short_description": "one"})
    await client.post(INCIDENTS, data=b"{")
    await client.get(INCIDENTS)
    await client.get(f"{INCIDENTS}/1")

    assert [e.kind for e in servicenow.ledger] == [Kind.CREATE, Kind.CREATE, Kind.SEARCH, Kind.OTHER]
    assert [len(servicenow.ledger.creates()), len(servicenow.ledger.searches())] == [2, 1]
    assert [e.ticket for e in servicenow.ledger.stored()] == [servicenow.tickets()[0]["sys_id"]]


async def test_another_process_reads_ledger_and_tickets_without_leaving_a_trace(client_of):
    servicenow = SimulatedServiceNow()
    client = await client_of(servicenow)
    await client.post(INCIDENTS, json={"short_description": "one"})

    ledger = await (await client.get("/__simulator__/ledger")).json()
    tickets = await (await client.get("/__simulator__/tickets")).json()

    assert [(e["method"], e["target"], e["status"]) for e in ledger["exchanges"]] == [("POST", INCIDENTS, 201)]
    assert [ticket["short_description"] for ticket in tickets["tickets"]] == ["one"]
    assert len(servicenow.ledger) == 1
