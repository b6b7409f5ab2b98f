"""The correlation value must never break a create that works without it."""

import json
from pathlib import Path
from typing import Any

import pytest
from upstream.instances import Instance, StartInstance, waiting

from gateway.simulator import CREATES, SEARCHES, Fault, refused, reset, stored_then

NOLABEL = {"project": {"key": "NOLABEL"}}
NO_CARRIER = """\
name: without-carrier
platform: {platform}
match: {{methods: [POST], path: "{path}"}}
carrier: none
"""


def sent(instance: Instance, number: int) -> Any:
    """What the platform received with one create."""
    return json.loads(instance.simulated.ledger.creates()[number].body)


async def test_a_project_without_the_label_on_its_screen_gets_the_create_once_more_without(start: StartInstance):
    instance = await start("jira")

    response = await instance.create(NOLABEL)

    assert response.status == 201
    assert response.headers["ITSM-Outcome"] == "created"
    assert response.headers["ITSM-Fenced"] == "false"
    assert await instance.statuses(response) == [400, 201]
    assert "labels" in sent(instance, 0)["fields"]
    assert "labels" not in sent(instance, 1)["fields"]
    assert instance.tickets() == 1
    assert await instance.count('itsm_carrier_refused_total{platform="jira"}') == 1


async def test_what_refused_the_label_is_remembered_for_the_next_create_there(start: StartInstance):
    instance = await start("jira")
    await instance.create(NOLABEL)

    second = await instance.create(NOLABEL)
    elsewhere = await instance.create()

    assert await instance.statuses(second) == [201]
    assert second.headers["ITSM-Fenced"] == "false"
    assert elsewhere.headers["ITSM-Fenced"] == "true"


async def test_the_attempt_without_the_label_does_not_count_against_the_retries(start: StartInstance):
    config = waiting() | {"retry_policy": {"max_retries": 1, "retry_delay_seconds": 0.01}}
    instance = await start("jira", config=config)
    instance.simulated.faults.every(2, refused(429).on(CREATES))

    response = await instance.create(NOLABEL)

    assert await instance.statuses(response) == [400, 429, 201]


@pytest.mark.parametrize("known", [False, True], ids=["at its first create", "already known"])
@pytest.mark.parametrize(
    ("fault", "status", "outcome"), [(refused(500), 500, "upstream_error"), (reset(), 504, "unconfirmed")]
)
async def test_an_ambiguous_failure_without_the_label_is_not_retried(
    start: StartInstance, known: bool, fault: Fault, status: int, outcome: str
):
    instance = await start("jira")
    if known:
        await instance.create(NOLABEL)
        before = instance.creates()
        instance.simulated.faults.add(fault.on(CREATES))
    else:
        before = 1
        instance.simulated.faults.every(2, fault.on(CREATES))

    response = await instance.create(NOLABEL)

    assert response.status == status
    assert response.headers["ITSM-Outcome"] == outcome
    assert response.headers["ITSM-Fenced"] == "false"
    assert "Retry-After" not in response.headers
    assert instance.creates() == before + 1
    assert instance.searches() == 0


async def test_a_refusal_of_labels_that_the_client_had_sent_is_the_clients_own(start: StartInstance):
    instance = await start("jira")

    response = await instance.create(NOLABEL | {"labels": ["mine"]})

    assert response.status == 400
    assert "labels" in (await response.json())["errors"]
    assert response.headers["ITSM-Outcome"] == "rejected"
    assert instance.creates() == 1


async def test_a_clients_own_labels_stay_beside_ours(start: StartInstance):
    instance = await start("jira", stored_then(500).on(CREATES))

    response = await instance.create({"labels": ["mine"]})

    [issue] = instance.simulated.issues()
    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert issue.labels[0] == "mine"
    assert issue.labels[1].startswith("itsmgw-")


async def test_a_clients_own_correlation_id_is_kept_and_ours_goes_beside_it(start: StartInstance):
    instance = await start("servicenow", stored_then(500).on(CREATES))

    response = await instance.create({"correlation_id": "alert-7"})

    [ticket] = instance.simulated.tickets()
    assert response.headers["ITSM-Outcome"] == "reconciled"
    assert response.headers["ITSM-Fenced"] == "true"
    assert ticket["correlation_id"] == "alert-7"
    assert ticket["correlation_display"].startswith("itsm-gateway itsmgw-")


async def test_where_both_columns_are_taken_the_body_passes_untouched_and_is_not_sent_again(start: StartInstance):
    instance = await start("servicenow", stored_then(500).on(CREATES))
    taken = {"correlation_id": "alert-7", "correlation_display": "Monitoring"}

    response = await instance.create(taken)

    assert response.status == 500
    assert response.headers["ITSM-Fenced"] == "false"
    assert (
        instance.simulated.ledger.creates()[0].body == json.dumps({"short_description": "Disk full"} | taken).encode()
    )
    assert (instance.creates(), instance.searches()) == (1, 0)


async def test_a_table_without_the_column_takes_the_create_all_the_same(start: StartInstance, tmp_path: Path):
    (folder := tmp_path / "own-policies").mkdir()
    (folder / "any.yaml").write_text(
        'name: any\nplatform: servicenow\nmatch: {methods: [POST], path: "/api/now/table/{table}"}\n'
    )
    instance = await start("servicenow", policies=folder)

    response = await instance.create(target="/api/now/table/u_legacy_request")

    assert response.status == 201
    assert await instance.statuses(response) == [201]


@pytest.mark.parametrize(
    ("platform", "path"), [("servicenow", "/api/now/table/incident"), ("jira", "/rest/api/2/issue")]
)
async def test_a_policy_may_do_without_the_value_from_the_start(
    start: StartInstance, tmp_path: Path, platform: str, path: str
):
    (folder := tmp_path / "own-policies").mkdir()
    (folder / "without.yaml").write_text(NO_CARRIER.format(platform=platform, path=path))
    instance = await start(platform, refused(429), refused(503), policies=folder)

    response = await instance.create()

    assert await instance.statuses(response) == [429, 503]
    assert response.headers["ITSM-Fenced"] == "false"
    assert b"itsmgw-" not in instance.simulated.ledger[0].body


@pytest.mark.parametrize("platform", ["servicenow", "jira"])
async def test_creates_never_sends_nothing_again_after_an_ambiguous_failure(start: StartInstance, platform: str):
    config = waiting() | {"retry_policy": {"creates": "never", "retry_delay_seconds": 0.01}}
    instance = await start(platform, refused(429), refused(500), config=config)

    response = await instance.create()

    assert await instance.statuses(response) == [429, 500]
    assert response.headers["ITSM-Fenced"] == "false"
    assert instance.searches() == 0


@pytest.mark.parametrize("platform", ["servicenow", "jira"])
async def test_creates_immediate_follows_the_status_list_to_the_letter(start: StartInstance, platform: str):
    config = waiting() | {"retry_policy": {"creates": "immediate", "retry_delay_seconds": 0.01}}
    instance = await start(platform, stored_then(500), refused(505), config=config)

    response = await instance.create()

    assert await instance.statuses(response) == [500, 505]
    assert response.headers["ITSM-Fenced"] == "false"
    assert instance.searches() == 0


@pytest.fixture
def with_property(tmp_path: Path) -> Path:
    """A policy that wants Jira's value where nobody sees it."""
    folder = tmp_path / "with-property"
    folder.mkdir()
    text = "name: hidden\nplatform: jira\nmatch: {path: /rest/api/2/issue}\ncarrier: property\n"
    (folder / "hidden.yaml").write_text(text)
    return folder


async def test_an_issue_with_a_property_is_found_among_the_keys_after_a_lost_answer(
    start: StartInstance, with_property: Path
):
    instance = await start("jira", policies=with_property)
    await instance.create()
    instance.simulated.faults.add(stored_then(500).on(CREATES))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert (await response.json())["key"] == "OPS-2"
    assert instance.creates() == instance.tickets() == 2


async def test_a_property_that_no_issue_holds_proves_nothing_and_nothing_is_sent_again(
    start: StartInstance, with_property: Path
):
    instance = await start("jira", config=waiting(total=0.6), policies=with_property)
    await instance.create()
    instance.simulated.faults.add(refused(500).on(CREATES))

    response = await instance.create()

    assert (response.status, response.headers["ITSM-Outcome"]) == (504, "unconfirmed")
    assert response.headers["ITSM-Fenced"] == "false"
    assert instance.creates() == 2


async def test_the_retry_of_a_client_that_was_told_unconfirmed_finds_the_issue_by_its_property(
    start: StartInstance, with_property: Path
):
    instance = await start("jira", config=waiting(total=0.6), policies=with_property)
    await instance.create()
    instance.simulated.faults.add(stored_then(500).on(CREATES))
    instance.simulated.faults.every(1, refused(403).on(SEARCHES))
    unconfirmed = await instance.create()
    instance.simulated.faults.clear()

    retry = await instance.create()

    assert unconfirmed.headers["ITSM-Outcome"] == "unconfirmed"
    assert (retry.status, retry.headers["ITSM-Outcome"]) == (201, "replayed")
    assert (await retry.json())["key"] == "OPS-2"
    assert instance.tickets() == 2
