"""`backtest`: today's policy files over the calls on record."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from cli.conftest import POLICY
from records.conftest import Examples
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.domain.outcome import PolicyName
from gateway.records.records import Records

runner = CliRunner()
FINE = b'{"short_description": "Disk full", "contact_type": "monitoring"}'
LONG = b'{"short_description": "Disk full on a machine with a long name", "contact_type": "monitoring"}'


@pytest.fixture
def on_record(place: Path) -> Path:
    """Two creates that were let through, one of them of another upstream than is configured."""

    async def write() -> None:
        records = await Records.open("sqlite+aiosqlite:///itsm-gateway.db")
        make, now = Examples(), time.time()
        for call_id, upstream, body in (("a", "servicenow", FINE), ("b", "servicenow", LONG), ("c", "gone", FINE)):
            headers = (("Content-Type", "application/json"),)
            call = make.call(call_id, upstream=upstream, body=body, headers=headers, received_at=now - 60)
            forward = make.forward(call, correlation=None, policy=PolicyName("incident", "1"))
            await records.journal.open(forward)
            await records.journal.close(forward, make.created(call))
        await records.close()

    asyncio.run(write())
    return place


def ran(*arguments: str):
    return runner.invoke(app, ["backtest", *arguments])


def edited(place: Path, before: str, after: str) -> None:
    assert before in POLICY
    (place / "policies" / "incident.yaml").write_text(POLICY.replace(before, after))


def test_the_rules_that_were_in_force_make_no_difference(on_record):
    result = ran()

    assert result.exit_code == 0
    assert result.stdout.startswith("compared 2 of 3 calls since ")
    assert "1 went to upstreams that are configured no more" in result.stdout
    assert "newly refused: 0, newly warned of: 0, changed: 0" in result.stdout


def test_a_stricter_rule_is_told_with_the_calls_that_it_would_refuse_and_exits_with_1(on_record):
    edited(on_record, "maxLength: 40", "maxLength: 20")

    result = ran()

    assert result.exit_code == 1
    assert "newly refused: 1, newly warned of: 0, changed: 0" in result.stdout
    (row,) = [line for line in result.stdout.splitlines() if "too_long" in line]
    assert row.split()[:5] == ["refused", "incident", "short_description", "too_long", "1"]
    assert row.split()[-1] == "b"


def test_calls_with_the_same_difference_are_one_row_however_their_messages_read(on_record):
    edited(on_record, "maxLength: 40", "maxLength: 5")

    rows = [line.split() for line in ran().stdout.splitlines() if "too_long" in line]

    assert [row[:5] for row in rows] == [["refused", "incident", "short_description", "too_long", "2"]]


def test_scripts_get_every_call_with_what_would_become_of_it(on_record):
    edited(on_record, "contact_type: monitoring", "contact_type: monitoring\n  category: hardware")

    result = ran("--format", "json", "--since", "1h")

    told = json.loads(result.stdout)
    counts = {name: told[name] for name in ("calls", "without_body", "elsewhere", "compared", "refused", "changed")}
    assert result.exit_code == 0
    assert counts == {"calls": 3, "without_body": 0, "elsewhere": 1, "compared": 2, "refused": 0, "changed": 2}
    assert [each["call_id"] for each in told["differences"]] == ["a", "b"]
    assert told["differences"][0]["changes"] == [{"field": "category", "before": None, "after": "hardware"}]
    assert told["differences"][0]["policy_before"] == "incident"


def test_calls_whose_bodies_are_gone_are_counted(on_record):
    async def drop() -> None:
        records = await Records.open("sqlite+aiosqlite:///itsm-gateway.db", lambda: time.time() + 2 * 86_400)
        await records.sweep(Examples().retention())
        await records.close()

    asyncio.run(drop())
    result = ran()

    assert "compared 0 of 3 calls" in result.stdout
    assert "3 have no body on record" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "soon"), "--since 'soon' is no length of time"),
        (("--config", "absent.json"), "absent.json"),
    ],
)
def test_what_keeps_it_from_running_is_told_in_one_line(on_record, arguments, said):
    result = ran(*arguments)

    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_without_records_it_says_so_and_makes_none(place):
    result = ran()

    assert result.exit_code == 2
    assert "there are no records yet" in result.stderr
    assert not (place / "itsm-gateway.db").exists()


def test_it_runs_beside_a_gateway_that_serves(on_record):
    async def beside() -> None:
        records = await Records.open("sqlite+aiosqlite:///itsm-gateway.db")
        result = await asyncio.to_thread(ran)
        await records.close()
        assert result.exit_code == 0, result.stderr

    asyncio.run(beside())
