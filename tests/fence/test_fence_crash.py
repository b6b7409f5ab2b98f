"""Kill the gateway again and again: no ticket is lost, doubled, unrecorded or lied about, and the database is whole."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fence.crash import Crashed, Plan, crash
from fence.tally import table
from records.databases import Server

FULL = Plan(creates=2000, kills=20, replicas=1, seed=11)
SHORT = replace(FULL, creates=150, kills=3)

both_lengths = pytest.mark.parametrize(
    "plan", [SHORT, pytest.param(FULL, marks=[pytest.mark.long, pytest.mark.timeout(1200)])], ids=["short", "full"]
)


@both_lengths
async def test_one_replica_on_sqlite_is_killed_at_random_moments(plan: Plan, tmp_path: Path):
    file = tmp_path / "gateway.db"

    crashed = await crash(plan, tmp_path, f"sqlite+aiosqlite:///{file}")

    show("1 replica, SQLite", crashed)
    assert crashed.tally.faults == {}
    assert crashed.tally.creates == plan.creates
    assert integrity(file) == "ok"


@both_lengths
async def test_two_replicas_on_postgresql_are_killed_at_random_moments(plan: Plan, tmp_path: Path, postgresql: Server):
    url = postgresql.new_database()

    crashed = await crash(replace(plan, replicas=2), tmp_path, url)

    show("2 replicas, PostgreSQL", crashed)
    assert crashed.tally.faults == {}
    assert crashed.tally.creates == plan.creates
    assert postgresql.faults(url) == ""


def integrity(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


def show(name: str, crashed: Crashed) -> None:
    print("\n" + table([(name, crashed.figures())]))
    for one in crashed.told:
        if one.status is None:
            print("gave up:", one)
