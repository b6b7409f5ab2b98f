"""`doctor` before simulated platforms: what it finds, and that each finding says what to do."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer, unused_port
from injector.certificates import make_pair
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.simulator import JiraProject, SimulatedJira, SimulatedServiceNow, answered, refused, servicenow_asleep
from gateway.upstream.checkup import Heard, State, clock

LOGIN = ("gateway", "open sesame")
BASIC = {"type": "basic", "username": LOGIN[0], "password": {"env": "SECRET"}}
Run = Callable[..., Awaitable[tuple[int, dict[str, tuple[str, str, str]]]]]


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    """Runs `doctor` against one simulated platform; gives its exit code, and its findings by check."""
    (tmp_path / "policies").mkdir()
    async with AsyncExitStack() as stack:

        async def doctor(simulated: Any, *arguments: str, tls: ssl.SSLContext | None = None, **upstream: Any) -> Any:
            server = TestServer(simulated.app(), scheme="https" if tls else "http")
            await server.start_server(ssl=tls)
            stack.push_async_callback(server.close)
            platform = "jira" if isinstance(simulated, SimulatedJira) else "servicenow"
            base_url = f"{'https' if tls else 'http'}://localhost:{server.port}"
            return await _run(
                tmp_path, {"platform": platform, "base_url": base_url, "credentials": BASIC} | upstream, arguments
            )

        yield doctor


async def _run(folder: Path, upstream: dict[str, Any], arguments: tuple[str, ...]) -> Any:
    config = folder / "config.json"
    config.write_text(json.dumps({"upstreams": {"it": upstream}}))
    places = ["--config", str(config), "--policies", str(folder / "policies"), "--format", "json"]
    environ = {"SECRET": LOGIN[1]}
    result = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", *arguments, *places], env=environ)
    assert "Traceback" not in result.output
    findings = json.loads(result.stdout)["findings"]
    assert all(each["advice"] for each in findings if each["state"] in {"failed", "warning"})
    return result.exit_code, {each["check"]: (each["state"], each["seen"], each["advice"]) for each in findings}


def states(findings: dict[str, tuple[str, str, str]]) -> dict[str, str]:
    return {check: state for check, (state, _, _) in findings.items()}


async def test_a_sound_servicenow_is_found_fine_and_nothing_is_written(run: Run):
    servicenow = SimulatedServiceNow(credentials=LOGIN)

    code, findings = await run(servicenow)

    assert code == 0
    assert states(findings) == {
        "tls": "warning",
        "clock": "fine",
        "login": "fine",
        "correlation field": "fine",
        "search": "fine",
    }
    assert {each.method for each in servicenow.ledger} == {"GET"}


async def test_with_write_a_ticket_is_made_found_and_cancelled(run: Run):
    servicenow = SimulatedServiceNow(credentials=LOGIN)

    code, findings = await run(servicenow, "--write")

    assert code == 0
    assert {findings[check][0] for check in ("create", "find again", "tidy up")} == {"fine"}
    assert len(servicenow.ledger.creates()) == 1


async def test_a_sound_jira_is_found_fine_and_nothing_is_written(run: Run):
    jira = SimulatedJira(credentials=LOGIN)

    code, findings = await run(jira, "--project", "OPS")

    assert code == 0
    assert states(findings) == {
        "tls": "warning",
        "clock": "fine",
        "login": "fine",
        "search": "fine",
        "create screen": "fine",
    }
    assert {each.method for each in jira.ledger} == {"GET"}


async def test_with_write_an_issue_is_made_found_and_closed(run: Run):
    jira = SimulatedJira(credentials=LOGIN)

    code, findings = await run(jira, "--project", "OPS", "--write")

    assert code == 0
    assert {findings[check][0] for check in ("create", "find again", "tidy up")} == {"fine"}
    assert len(jira.issues()) == 1


async def test_a_project_that_is_not_there_is_told(run: Run):
    code, findings = await run(SimulatedJira(credentials=LOGIN), "--project", "NOPE")

    assert code == 1
    assert findings["search"][0] == "failed"
    assert "NOPE" in findings["search"][2]


async def test_a_jira_without_a_project_to_look_at_says_how_to_name_one(run: Run):
    code, findings = await run(SimulatedJira(credentials=LOGIN))

    assert (code, findings["search"][0]) == (0, "skipped")
    assert "--project KEY" in findings["search"][2]


async def test_a_project_whose_create_screen_has_no_labels_is_told_with_both_ways_out(run: Run):
    bare = JiraProject("BARE", "10009", "Bare", without=frozenset({"labels"}))

    code, findings = await run(SimulatedJira(credentials=LOGIN, projects=(bare,)), "--project", "BARE")

    assert (code, findings["create screen"][0]) == (0, "warning")
    assert "no labels on the create screen" in findings["create screen"][1]
    assert "carrier: none" in findings["create screen"][2]


async def test_a_field_that_the_user_may_not_read_is_told(run: Run):
    hidden = {"incident": frozenset({"correlation_id"})}

    code, findings = await run(SimulatedServiceNow(credentials=LOGIN, unreadable=hidden))

    assert code == 1
    assert findings["correlation field"][0] == "failed"


@pytest.mark.parametrize(
    ("simulated", "says", "advice"),
    [
        (SimulatedServiceNow(credentials=("gateway", "another")), "refused (401)", "password"),
        (SimulatedServiceNow(faults=[refused(403)] * 9), "may not use the API (403)", "role"),
        (SimulatedServiceNow(faults=[servicenow_asleep()] * 9), "web page", "wake the instance"),
        (SimulatedServiceNow(faults=[answered(302, {"Location": "/login.do"}, "")] * 9), "redirect", "sign-in"),
        (SimulatedServiceNow(faults=[refused(503)] * 9), "no usable answer (503)", "later"),
        (SimulatedJira(faults=[answered(200, {}, "{}")] * 9), "names no user", "nobody"),
    ],
    ids=["401", "403", "hibernating", "single-sign-on", "503", "nobody"],
)
async def test_a_login_that_does_not_work_is_told_with_its_mend(run: Run, simulated: Any, says: str, advice: str):
    code, findings = await run(simulated)

    state, seen, what_to_do = findings["login"]
    assert (code, state) == (1, "failed")
    assert says in seen
    assert advice in what_to_do
    assert "search" not in findings


async def test_without_credentials_it_says_what_they_would_buy(run: Run):
    code, findings = await run(SimulatedServiceNow(credentials=LOGIN), credentials={"type": "none"})

    assert (code, findings["login"][0]) == (0, "skipped")
    assert "credentials" in findings["login"][2]


async def test_a_ticket_that_was_asked_for_and_not_made_is_a_failure(run: Run):
    code, findings = await run(SimulatedServiceNow(credentials=LOGIN), "--write", credentials={"type": "none"})

    assert (code, findings["create"][:2]) == (1, ("failed", "no ticket was seen to be made"))


async def test_a_certificate_that_nobody_vouches_for_is_told_and_one_that_ca_file_names_is_fine(
    run: Run, tmp_path: Path
):
    make_pair(tmp_path / "pair", "localhost")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "pair" / "tls.crt", tmp_path / "pair" / "tls.key")
    servicenow = SimulatedServiceNow(credentials=LOGIN)

    bad_code, bad = await run(servicenow, tls=tls)
    good_code, good = await run(servicenow, tls=tls, ca_file=str(tmp_path / "pair" / "tls.crt"))

    assert (bad_code, bad["tls"][0]) == (1, "failed")
    assert "`ca_file`" in bad["tls"][2]
    assert (good_code, good["tls"][0]) == (0, "fine")


async def test_an_address_where_nobody_listens_is_told(tmp_path: Path):
    (tmp_path / "policies").mkdir()
    upstream = {"platform": "jira", "base_url": f"http://127.0.0.1:{unused_port()}"}

    code, findings = await _run(tmp_path, upstream, ())

    assert (code, findings["connection"][0]) == (1, "failed")
    assert "`base_url`" in findings["connection"][2]


@pytest.mark.parametrize(
    ("seconds", "state", "says"),
    [(5, State.FINE, "5 s apart"), (90, State.WARNING, "90 s ahead"), (-90, State.WARNING, "90 s behind")],
)
def test_a_clock_that_is_wrong_is_told(seconds: int, state: State, says: str):
    there = datetime(2026, 11, 25, 12, tzinfo=UTC)
    heard = Heard(200, {"date": there.strftime("%a, %d %b %Y %H:%M:%S GMT")}, {}, is_html=False)

    finding = clock(heard, now=(there + timedelta(seconds=seconds)).timestamp())

    assert (finding.state, says in finding.seen) == (state, True)
    assert replace(finding, advice="").check == "clock"


def test_an_upstream_that_tells_no_time_is_no_fault():
    assert clock(Heard(200, {}, {}, is_html=False)).state is State.SKIPPED


async def test_an_upstream_that_is_not_in_the_config_is_told_with_those_that_are(tmp_path: Path):
    (tmp_path / "policies").mkdir()
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"upstreams": {"it": {"platform": "jira", "base_url": "http://localhost"}}}))

    result = CliRunner().invoke(app, ["doctor", "jira", "-c", str(config), "-p", str(tmp_path / "policies")])

    assert result.exit_code == 2
    assert "names no upstream 'jira'; known: it" in result.stderr


async def test_people_are_shown_each_finding_with_what_to_do(tmp_path: Path):
    (tmp_path / "policies").mkdir()
    config = tmp_path / "config.json"
    upstream = {"platform": "jira", "base_url": f"http://127.0.0.1:{unused_port()}"}
    config.write_text(json.dumps({"upstreams": {"it": upstream}}))

    arguments = ["doctor", "-c", str(config), "-p", str(tmp_path / "policies")]
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)

    assert result.exit_code == 1
    assert "✗ connection: cannot connect" in result.stdout
    assert "check `base_url`" in result.stdout
