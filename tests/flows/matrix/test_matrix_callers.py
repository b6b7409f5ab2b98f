"""The failure matrix, second part: what callers and operators do, and what nobody can prevent."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout
from running import StartGateway
from upstream.instances import INCIDENT, ISSUE, PLATFORMS, TARGETS, Instance, StartInstance, waiting

from gateway.simulator import CREATES, SEARCHES, answered, delayed, late_effect, refused, stored_then

on_both_platforms = pytest.mark.parametrize("platform", PLATFORMS)
KEY = {"Idempotency_Key": "order-7"}
WITH_LOGIN: Any = {
    "upstream": {"credentials": {"type": "bearer", "token": {"env": "TOKEN"}}},
    "environ": {"TOKEN": "s3cret"},
}
OUTBOX = {"outbox": {"retry_delays_seconds": [0.05]}}
FULL = {"outbox": {"retry_delays_seconds": [30], "max_calls": 1}}
FAINT = {"outbox": {"retry_delays_seconds": [30], "max_bytes": 1000}}
SHORTLY = waiting(total=0.5)
HOUR = 3600.0


@pytest.fixture
def queueing(tmp_path: Path) -> Path:
    """Policies by which creates may be delivered later."""
    folder = tmp_path / "queueing"
    folder.mkdir()
    for platform, path in TARGETS.items():
        text = f"name: {platform}\nplatform: {platform}\nmatch: {{path: {path}}}\non_unavailable: queue\n"
        (folder / f"{platform}.yaml").write_text(text)
    return folder


async def in_time(happened: Callable[[], Awaitable[Any]]) -> Any:
    """What comes of itself, as soon as it does."""
    async with asyncio.timeout(20):
        while not (found := await happened()):  # noqa: ASYNC110  # nobody tells when
            await asyncio.sleep(0.02)
    return found


async def hang_up(instance: Instance, **headers: str) -> None:
    """The same create by a client that runs out of patience."""
    body = INCIDENT if instance.name == "servicenow" else {"fields": ISSUE}
    url = instance.address + TARGETS[instance.name]
    spelt = {"Accept": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with ClientSession(timeout=ClientTimeout(total=0.15)) as session:
        with pytest.raises(TimeoutError):
            await session.post(url, json=body, headers=spelt)


@on_both_platforms
async def test_a_late_effect_beyond_the_window_is_a_duplicate_that_is_found_counted_and_shown(
    start: StartInstance, platform: str
):
    config = waiting() | {"sweep": {"every_seconds": 0.05, "looks_after_seconds": [2.2]}}
    options = {"index_delay": 0.0} if platform == "jira" else {}
    instance = await start(platform, late_effect(1.2).on(CREATES), config=config, options=options, **WITH_LOGIN)
    gateway = instance.gateway

    response = await instance.create()
    (found,) = await in_time(lambda: findings(instance))
    closed = await gateway.post(f"{gateway.api}/api/v1/findings/{found['id']}/close", {})

    assert response.headers["ITSM-Outcome"] == "created"
    assert (found["kind"], found["call_id"]) == ("duplicate", response.headers["ITSM-Call-Id"])
    assert len(found["tickets"]) == instance.tickets() == 2
    assert await instance.count(f'itsm_reconcile_findings_total{{kind="duplicate",platform="{platform}"}}') == 1
    assert closed.status == 200


async def findings(instance: Instance) -> list[dict[str, Any]]:
    listed = await (await instance.gateway.get(f"{instance.gateway.api}/api/v1/findings")).json()
    items: list[dict[str, Any]] = listed["items"]
    return items


@on_both_platforms
@pytest.mark.parametrize("headers", [KEY, {}], ids=["with a key", "without a key"])
async def test_a_client_that_retries_by_itself_joins_its_row_and_causes_no_second_send(
    start: StartInstance, platform: str, headers: dict[str, str]
):
    instance = await start(platform, delayed(0.5).on(CREATES))
    await hang_up(instance, **headers)

    retry = await instance.create(**headers)

    assert (retry.status, retry.headers["ITSM-Outcome"]) == (201, "replayed")
    assert (instance.creates(), instance.tickets()) == (1, 1)


@on_both_platforms
async def test_the_same_key_with_another_body_is_422_and_not_sent(start: StartInstance, platform: str):
    instance = await start(platform)
    await instance.create(**KEY)

    other = await instance.create({"description": "another"}, **KEY)

    assert (other.status, other.headers["ITSM-Error"]) == (422, "key-reused")
    assert (instance.creates(), instance.tickets()) == (1, 1)


async def test_a_project_that_refuses_our_carrier_is_sent_the_create_without_it_and_that_is_marked(
    start: StartInstance,
):
    labels = '{"errorMessages": [], "errors": {"labels": "Field \'labels\' cannot be set."}}'
    instance = await start("jira", answered(400, {"Content-Type": "application/json"}, labels).on(CREATES))

    response = await instance.create()

    with_label, without = instance.simulated.ledger.creates()
    assert (response.status, response.headers["ITSM-Fenced"]) == (201, "false")
    assert (b"itsmgw-" in with_label.body, b"itsmgw-" in without.body) == (True, False)
    assert await instance.count('itsm_carrier_refused_total{platform="jira"}') == 1


@on_both_platforms
@pytest.mark.parametrize("bounds", [FULL, FAINT], ids=["rows", "bytes"])
async def test_a_full_outbox_is_503_and_drops_nothing(
    start: StartInstance, platform: str, queueing: Path, bounds: dict[str, Any]
):
    config = waiting() | {"retry_policy": {"max_retries": 0}} | bounds
    instance = await start(platform, config=config, policies=queueing, **WITH_LOGIN)
    instance.simulated.faults.every(1, refused(503).on(CREATES))

    answers = [await instance.create({"description": "x" * 1000}) for _ in range(2)]
    waiting_now = await (await instance.gateway.get(f"{instance.gateway.api}/api/v1/outbox")).json()

    accepted = [answer.headers["ITSM-Call-Id"] for answer in answers if answer.status == 202]
    assert (answers[-1].status, answers[-1].headers["ITSM-Error"]) == (503, "outbox-full")
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert [item["id"] for item in waiting_now["items"]] == accepted
    assert len(accepted) == (1 if bounds is FULL else 0)


@on_both_platforms
async def test_a_policy_that_changes_between_accept_and_send_changes_nothing_of_what_was_accepted(
    start: StartInstance, platform: str, queueing: Path
):
    policy = queueing / f"{platform}.yaml"
    policy.write_text(policy.read_text() + "defaults: {description: as it was}\n")
    instance = await start(platform, config=waiting() | OUTBOX, policies=queueing, **WITH_LOGIN)
    instance.simulated.faults.every(1, refused(503).on(CREATES))
    answer = await instance.create()

    policy.write_text(policy.read_text().replace("as it was", "as it is"))
    await in_time(lambda: asyncio.sleep(0, result=instance.gateway.events("rules in force")))
    instance.simulated.faults.clear()
    await instance.settled(answer)

    assert answer.status == 202
    assert all(b"as it was" in exchange.body for exchange in instance.simulated.ledger.creates())
    assert instance.tickets() == 1


@on_both_platforms
@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forward", "back"])
async def test_a_clock_that_jumps_opens_no_window_early_and_holds_none_open(
    start_gateway: StartGateway, monkeypatch: pytest.MonkeyPatch, platform: str, step: float
):
    true_time, stepped = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: true_time() + stepped[0])
    windows = {"settle_seconds": 0.02, "late_effect_seconds": 1.0}
    instance = await StartInstance(start_gateway)(platform, late_effect(0.6).on(CREATES), windows=windows)

    creating = asyncio.create_task(instance.create())
    await in_time(lambda: asyncio.sleep(0, result=instance.creates()))
    stepped[0] = step
    response = await creating

    assert (response.status, response.headers["ITSM-Outcome"]) == (201, "reconciled")
    assert (instance.creates(), instance.tickets()) == (1, 1)


@on_both_platforms
async def test_without_credentials_for_unattended_work_it_stays_unconfirmed_until_a_caller_brings_some(
    start: StartInstance, platform: str
):
    instance = await start(platform, stored_then(500).on(CREATES), config=SHORTLY)
    instance.simulated.faults.every(1, refused(503).on(SEARCHES))
    answer = await instance.create()
    await instance.gateway.stop()
    instance.simulated.faults.clear()
    again = await start.before(instance, config=SHORTLY)

    left = await again.gateway.call(answer)
    shown = await (await again.gateway.get(f"{again.gateway.api}/api/v1/calls?state=ambiguous")).json()
    retry = await again.create()

    assert (left["outcome"], left["state"]) == ("unconfirmed", "ambiguous")
    assert [call["id"] for call in shown["items"]] == [answer.headers["ITSM-Call-Id"]]
    assert retry.headers["Idempotency-Replayed"] == "true"
    assert (instance.creates(), instance.tickets()) == (1, 1)


@on_both_platforms
async def test_what_stayed_unconfirmed_settles_by_itself_once_there_are_credentials(
    start: StartInstance, platform: str
):
    instance = await start(platform, stored_then(500).on(CREATES), config=SHORTLY)
    instance.simulated.faults.every(1, refused(503).on(SEARCHES))
    answer = await instance.create()
    await instance.gateway.stop()
    instance.simulated.faults.clear()

    again = await start.before(instance, config=SHORTLY, **WITH_LOGIN)
    record = await again.settled(answer)

    assert record["outcome"] == "reconciled"
    assert (instance.creates(), instance.tickets()) == (1, 1)
