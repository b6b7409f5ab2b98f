"""`outbox` and `findings` talk to a running gateway, for people and for scripts."""

import asyncio
import json
from hashlib import sha256

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.domain.call import Call, Operation, PlatformName, Route
from gateway.domain.retry import RetryPolicy
from gateway.pipeline.decision import Forward, Resend
from gateway.records.findings import Finding, FindingKind
from gateway.records.record import Window
from gateway.simulator import SimulatedServiceNow

ROUTE = Route("table", Operation.CREATE_TICKET, "/api/now/table/incident", resource="incident")
ORPHAN = Finding(FindingKind.ORPHAN, "servicenow", "servicenow", ("sys-1",), None, 1_800_000_000.0)
CREDENTIALS = {"credentials": {"type": "basic", "username": "gateway", "password": {"env": "PASSWORD"}}}
TOKEN = "itsmgw_alice"
ALICE = {"name": "alice", "role": "operator", "sha256": sha256(TOKEN.encode()).hexdigest()}


@pytest.fixture
async def gateway(start_gateway, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    return await start_gateway(
        servicenow=SimulatedServiceNow(), upstream=CREDENTIALS, environ={"PASSWORD": "secret"},
        config={"access": {"tokens": [ALICE]}},
    )  # fmt: skip


async def bury(gateway, call_id: str) -> None:
    records = gateway.running.gateway.records
    call = Call(
        call_id, "servicenow", PlatformName.SERVICENOW, ROUTE, "POST", "/api/now/table/incident", (), b"{}",
        1_800_000_000.0, 0.0, "", job_id="job-7",
    )  # fmt: skip
    await records.journal.open(Forward(call, b"{}", Resend.WHEN_ABSENT, RetryPolicy()))
    await records.outbox.bury(call_id, "it is too old", 1)


async def run(gateway, *arguments: str, answer: str = "", token: str = TOKEN) -> tuple[int, str, str]:
    """As typed in a shell, where the token stands in the environment."""
    shell = CliRunner(env={"ITSM_GATEWAY_TOKEN": token})
    result = await asyncio.to_thread(shell.invoke, app, [*arguments, "--api", gateway.api], answer)
    return result.exit_code, result.stdout, result.stderr


async def test_what_waits_is_a_table_for_people(gateway):
    await bury(gateway, "dead-1")

    code, out, _ = await run(gateway, "outbox", "list")

    assert code == 0
    assert [row.split()[:3] for row in out.splitlines()[1:]] == [["dead-1", "dead", "servicenow"]]
    assert "job-7" in out


async def test_scripts_get_the_rows_as_json_page_by_page(gateway):
    for number in range(3):
        await bury(gateway, f"dead-{number}")

    _, out, _ = await run(gateway, "outbox", "list", "--state", "dead", "--limit", "2", "--format", "json")

    assert [call["id"] for call in json.loads(out)] == ["dead-2", "dead-1"]


async def test_one_call_is_shown_with_what_happened_to_it(gateway):
    await bury(gateway, "dead-1")

    _, out, _ = await run(gateway, "outbox", "show", "dead-1")

    assert "job-7" in out
    assert "received" in out


async def test_a_replay_is_done_in_the_token_s_name(gateway):
    await bury(gateway, "dead-1")

    code, out, _ = await run(gateway, "outbox", "replay", "dead-1")

    (act,) = (await gateway.running.gateway.records.reports.audit(Window(), 10)).items
    assert (code, out) == (0, "dead-1 is queued\n")
    assert (act.actor, act.action) == ("alice", "replay")


async def test_what_cannot_be_done_is_told_in_one_line_and_does_not_stop_the_rest(gateway):
    await bury(gateway, "dead-1")

    code, out, err = await run(gateway, "outbox", "discard", "--yes", "nobody", "dead-1")

    assert (code, out) == (1, "dead-1 is closed\n")
    assert err.startswith("itsm-gateway: nobody: no call has the id 'nobody'")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(("answer", "code", "left"), [("y\n", 0, 0), ("n\n", 1, 1), ("", 1, 1)])
async def test_a_discard_is_asked_for_once_more(gateway, answer, code, left):
    await bury(gateway, "dead-1")

    done, _, _ = await run(gateway, "outbox", "discard", "dead-1", answer=answer)

    waiting = await gateway.running.gateway.records.reports.outbox(Window(), 10)
    assert (done, len(waiting.items)) == (code, left)


@pytest.mark.parametrize(("verb", "state"), [("adopt", "adopted"), ("close", "closed")])
async def test_a_finding_is_dealt_with_once(gateway, verb, state):
    await gateway.running.gateway.records.desk.found(ORPHAN)

    first = await run(gateway, "findings", verb, ORPHAN.id, "--note", "it is ours")
    second = await run(gateway, "findings", verb, ORPHAN.id)

    _, open_ones, _ = await run(gateway, "findings", "list")
    _, every, _ = await run(gateway, "findings", "list", "--state", "all", "--format", "json")
    assert first[:2] == (0, f"{ORPHAN.id} is {state}\n")
    assert (second[0], "no longer open" in second[2]) == (1, True)
    assert open_ones == "nothing was found\n"
    assert [(found["state"], found["note"]) for found in json.loads(every)] == [(state, "it is ours")]


async def test_a_wrong_filter_is_the_gateway_s_own_line(gateway):
    code, _, err = await run(gateway, "outbox", "list", "--state", "lost")

    assert code == 1
    assert "state: must be one of queued, ambiguous, dead" in err


@pytest.mark.parametrize("token", ["", "itsmgw_mallory"])
async def test_who_has_no_token_is_told_where_it_goes(gateway, token):
    code, out, err = await run(gateway, "outbox", "list", token=token)

    assert (code, out) == (2, "")
    assert "ITSM_GATEWAY_TOKEN or --token-file" in err


async def test_the_token_may_lie_in_a_file(gateway, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")

    code, out, _ = await run(gateway, "outbox", "list", "--token-file", str(tmp_path / "token"), token="")

    assert (code, out) == (0, "nothing waits\n")
