"""Every kind of fault, seen from the client and from the state it leaves behind."""

import pytest
from aiohttp import ClientPayloadError, ClientTimeout, ServerDisconnectedError

from gateway.simulator import (
    Fault,
    SimulatedJira,
    SimulatedServiceNow,
    answered,
    cut_body,
    delayed,
    hangs,
    html_200,
    jira_captcha,
    jira_edge_rate_limited,
    jira_login_failed_silently,
    jira_rate_limited,
    late_effect,
    redirected_to_login,
    refused,
    reset,
    servicenow_asleep,
    servicenow_rate_limited,
    servicenow_semaphore,
    servicenow_session_full,
    stored_then,
)

INCIDENTS = "/api/now/table/incident"
A_TICKET = {"short_description": "Disk full"}
AN_ISSUE = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}, "summary": "Disk full"}}


async def post(client, **options):
    return await client.post(INCIDENTS, json=A_TICKET, allow_redirects=False, **options)


@pytest.mark.parametrize(
    ("fault", "status", "stored"),
    [
        (refused(503), 503, 0),
        (refused(400), 400, 0),
        (answered(418, {"X-Kettle": "on"}, "short and stout"), 418, 0),
        (stored_then(500), 500, 1),
        (stored_then(502), 502, 1),
        (stored_then(504), 504, 1),
        (delayed(0.001), 201, 1),
        (html_200(), 200, 0),
        (html_200(stored=True), 200, 1),
        (redirected_to_login(), 302, 0),
        (servicenow_rate_limited(), 429, 0),
        (servicenow_semaphore(), 429, 0),
        (servicenow_session_full(), 202, 0),
        (servicenow_asleep(), 302, 0),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
async def test_a_fault_decides_what_is_answered_and_what_is_stored(client_of, fault, status, stored):
    servicenow = SimulatedServiceNow(faults=[fault])

    answer = await post(await client_of(servicenow))

    assert answer.status == status
    assert len(servicenow.tickets()) == stored
    assert [(e.fault, e.status) for e in servicenow.ledger] == [(fault, status)]
    assert [e.ticket for e in servicenow.ledger.stored()] == [ticket["sys_id"] for ticket in servicenow.tickets()]


@pytest.mark.parametrize("stored", [False, True])
async def test_a_reset_tears_the_connection_down_before_or_after_the_ticket(client_of, stored):
    servicenow = SimulatedServiceNow(faults=[reset(stored=stored)])

    with pytest.raises(ServerDisconnectedError):
        await post(await client_of(servicenow))

    assert len(servicenow.tickets()) == int(stored)
    assert servicenow.ledger[0].status is None


@pytest.mark.parametrize("stored", [False, True])
async def test_a_hanging_platform_never_answers(client_of, stored):
    servicenow = SimulatedServiceNow(faults=[hangs(stored=stored)])

    with pytest.raises(TimeoutError):
        await post(await client_of(servicenow), timeout=ClientTimeout(total=0.02))

    assert len(servicenow.tickets()) == int(stored)


@pytest.mark.parametrize("stored", [False, True])
async def test_a_cut_body_ends_before_the_length_that_was_promised(client_of, stored):
    servicenow = SimulatedServiceNow(faults=[cut_body(stored=stored)])

    answer = await post(await client_of(servicenow))

    with pytest.raises(ClientPayloadError):
        await answer.read()
    assert answer.status == 201
    assert len(servicenow.tickets()) == int(stored)


async def test_a_late_effect_stores_the_ticket_only_when_its_time_has_come(client_of, clock):
    servicenow = SimulatedServiceNow(clock=clock, faults=[late_effect(30)])

    with pytest.raises(ServerDisconnectedError):
        await post(await client_of(servicenow))

    clock.pass_by(29)
    assert servicenow.tickets() == []
    clock.pass_by(6)
    assert servicenow.tickets()[0]["sys_created_on"] == "2026-03-01 12:00:30"
    assert servicenow.ledger[0].ticket == servicenow.tickets()[0]["sys_id"]


async def test_a_late_effect_may_be_silent_and_survives_a_restart(client_of, clock):
    servicenow = SimulatedServiceNow(clock=clock, faults=[late_effect(5, hangs=True)])

    with pytest.raises(TimeoutError):
        await post(await client_of(servicenow), timeout=ClientTimeout(total=0.02))
    clock.pass_by(5)
    restarted = await client_of(servicenow)

    found = await (await restarted.get(INCIDENTS, params={"sysparm_query": "short_description=Disk full"})).json()
    assert len(found["result"]) == 1


async def test_the_client_waits_for_a_delayed_answer_while_the_ticket_is_already_there(client_of):
    servicenow = SimulatedServiceNow(faults=[delayed(60)])
    client = await client_of(servicenow)

    with pytest.raises(TimeoutError):
        await post(client, timeout=ClientTimeout(total=0.02))

    assert len(servicenow.tickets()) == 1


async def test_a_fault_can_be_put_off(client_of):
    servicenow = SimulatedServiceNow(faults=[refused(503).after(0.001)])

    assert (await post(await client_of(servicenow))).status == 503


async def test_an_executed_fault_on_a_read_only_changes_the_answer(client_of):
    servicenow = SimulatedServiceNow(faults=[stored_then(500)])

    answer = await (await client_of(servicenow)).get(INCIDENTS)

    assert answer.status == 500
    assert servicenow.ledger[0].ticket is None


async def test_servicenow_rate_limits_with_a_unix_time_and_its_own_envelope(client_of, clock):
    servicenow = SimulatedServiceNow(clock=clock, faults=[servicenow_rate_limited(60), servicenow_semaphore()])
    client = await client_of(servicenow)

    ruled, semaphore = await post(client), await post(client)

    assert ruled.headers["Retry-After"] == "60"
    assert int(ruled.headers["X-RateLimit-Reset"]) == int(clock.now.timestamp()) + 60
    assert (await ruled.json())["error"]["message"] == "Rate limit exceeded"
    assert "Retry-After" not in semaphore.headers
    assert "X-RateLimit-Limit" not in semaphore.headers


async def test_jira_rate_limits_name_their_reason_and_an_iso_reset(client_of, clock):
    faults = [jira_rate_limited("jira-quota-tenant-based", 1847), jira_edge_rate_limited()]
    client = await client_of(SimulatedJira(clock=clock, faults=faults))

    quota = await client.post("/rest/api/2/issue", json=AN_ISSUE)
    edge = await client.post("/rest/api/2/issue", json=AN_ISSUE)

    assert quota.headers["RateLimit-Reason"] == "jira-quota-tenant-based"
    assert quota.headers["X-RateLimit-Reset"] == "2026-03-01T12:30:47Z"
    assert edge.status == 429
    assert "Retry-After" not in edge.headers


async def test_jira_locks_an_account_or_fails_a_login_silently(client_of):
    jira = SimulatedJira(faults=[jira_captcha(), jira_login_failed_silently()])
    client = await client_of(jira)

    locked = await client.post("/rest/api/2/issue", json=AN_ISSUE)
    silent = await client.post("/rest/api/2/issue", json=AN_ISSUE)

    assert (locked.status, locked.headers["X-Seraph-LoginReason"]) == (403, "AUTHENTICATION_DENIED")
    assert (silent.status, await silent.read()) == (200, b"")
    assert jira.issues() == []


async def test_a_proxy_error_is_html_and_a_500_is_the_platforms_envelope(client_of):
    client = await client_of(SimulatedServiceNow(faults=[refused(502), refused(500)]))

    gateway, own = await post(client), await post(client)

    assert gateway.content_type == "text/html"
    assert (await own.json())["error"]["message"] == "Transaction cancelled: maximum execution time exceeded"
