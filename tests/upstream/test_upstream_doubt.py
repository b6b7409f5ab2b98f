"""While nobody can say whether a ticket exists, nothing is sent again, and the client is told so."""

import asyncio
from pathlib import Path

import pytest
from upstream.instances import PLATFORMS, SHORT, StartInstance, assert_unconfirmed, unsearchable, waiting
from upstream.lines import a_create, line_to

from gateway.simulator import (
    CREATES,
    SEARCHES,
    Fault,
    SimulatedServiceNow,
    When,
    answered,
    hangs,
    html_200,
    redirected_to_login,
    refused,
    reset,
    stored_then,
)
from gateway.upstream.courier import Courier

everywhere = pytest.mark.parametrize("platform", PLATFORMS)
MYSELF = When(path="/myself")

ANY_TABLE = """\
name: every-table
platform: servicenow
match: {methods: [POST], path: "/api/now/table/{table}"}
"""


@pytest.fixture
def any_table(tmp_path: Path) -> Path:
    folder = tmp_path / "own-policies"
    folder.mkdir()
    (folder / "every-table.yaml").write_text(ANY_TABLE)
    return folder


@everywhere
@pytest.mark.parametrize("took_effect", [False, True])
@pytest.mark.parametrize(
    "denial",
    [refused(403), refused(500), answered(200, {"Content-Type": "application/json"}, "{}"), html_200(), reset()],
    ids=["403", "500", "no list", "a page", "reset"],
)
async def test_a_search_that_is_denied_or_broken_proves_nothing(
    start: StartInstance, platform: str, took_effect: bool, denial: Fault
):
    instance = await start(platform, stored_then(500) if took_effect else refused(500), config=SHORT)
    instance.simulated.faults.every(1, denial.on(SEARCHES))

    response = await instance.create()

    assert_unconfirmed(response)
    assert instance.creates() == 1


@everywhere
async def test_a_search_that_hangs_does_not_hold_the_client_beyond_the_deadline(start: StartInstance, platform: str):
    instance = await start(platform, stored_then(500), config=waiting(total=0.4, read=60))
    instance.simulated.faults.every(1, hangs().on(SEARCHES))

    async with asyncio.timeout(10):
        response = await instance.create()

    assert_unconfirmed(response)


@pytest.mark.parametrize(
    "nobody", [refused(401), answered(200, {"Content-Type": "application/json"}, "{}"), redirected_to_login()]
)
async def test_jiras_empty_answer_to_an_anonymous_search_proves_nothing(start: StartInstance, nobody: Fault):
    instance = await start("jira", refused(500), config=SHORT)
    instance.simulated.faults.every(1, nobody.on(MYSELF))

    response = await instance.create()

    assert_unconfirmed(response)
    assert instance.creates() == 1


@pytest.mark.parametrize("strict", [False, True], ids=["ignores the query", "answers no rows"])
@pytest.mark.parametrize("fault", [stored_then(500), refused(500)], ids=["stored", "not stored"])
async def test_a_servicenow_table_without_the_carriers_column_proves_nothing(
    start: StartInstance, any_table: Path, strict: bool, fault: Fault
):
    options = {"invalid_query_returns_no_rows": strict}
    instance = await start("servicenow", config=waiting(total=2.5), policies=any_table, options=options)
    seen = await instance.create(target="/api/now/table/u_legacy_request")
    instance.simulated.faults.add(fault)

    response = await instance.create(target="/api/now/table/u_legacy_request")

    assert seen.status == 201
    assert_unconfirmed(response)
    assert instance.creates() == 2


async def test_what_one_column_proved_says_nothing_about_another(start: StartInstance):
    options = {"invalid_query_returns_no_rows": True, "tables_without": {"incident": ("correlation_display",)}}
    instance = await start(
        "servicenow", refused(503), refused(400).on(CREATES), config=waiting(total=1.5), options=options
    )
    first = await instance.create()
    instance.simulated.faults.add(stored_then(500))

    second = await instance.create({"correlation_id": "alert-7"})

    assert await instance.statuses(first) == [503, 400]
    assert_unconfirmed(second)
    assert instance.creates() == 3


async def test_what_is_remembered_of_a_search_is_not_proof_of_itself(aiohttp_server):
    faults = [refused(503).on(CREATES), refused(400).on(CREATES)] * 2
    server = await aiohttp_server(SimulatedServiceNow(faults=faults).app())

    async with line_to(str(server.make_url("")).rstrip("/")) as line:
        await Courier(line).deliver(a_create())
        proven = dict(line.sight.proven)
        await Courier(line).deliver(a_create())

        assert len(proven) == 1
        assert line.sight.proven == proven


@everywhere
async def test_where_the_window_outlasts_the_deadline_the_ticket_is_looked_for_all_the_same(
    start: StartInstance, platform: str
):
    instance = await start(platform, stored_then(500), windows={"settle_seconds": 60, "late_effect_seconds": 90})

    async with asyncio.timeout(5):
        response = await instance.create()

    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert instance.tickets() == 1


async def test_a_denied_search_is_repeated_with_growing_pauses_even_where_the_windows_are_nothing(
    start: StartInstance,
):
    instance = await unsearchable(
        start, "servicenow", refused(500), windows={"settle_seconds": 0, "late_effect_seconds": 0}
    )

    response = await instance.create()

    assert_unconfirmed(response)
    assert 2 <= instance.searches() <= 10
