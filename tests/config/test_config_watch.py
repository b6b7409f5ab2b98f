"""Edits while the gateway runs: good ones take effect, faulty ones leave the last good rules in force."""

import asyncio
import json
from pathlib import Path

import pytest

from gateway.config.load import load
from gateway.config.watch import RulesWatch
from gateway.domain.call import PlatformName
from gateway.policy.policy import Mode, Unmatched

CONFIG = {
    "upstreams": {"s": {"platform": "servicenow", "base_url": "https://example.service-now.com"}},
    "templates": {"servicenow": {"rca": {"short_description": "{job_name}"}}},
}
POLICY = "name: one\nplatform: servicenow\nmatch: {methods: [POST], path: /api/now/table/incident}\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "one.yaml").write_text(POLICY)
    write_config(tmp_path, CONFIG)
    return tmp_path


def write_config(place: Path, config: object) -> None:
    (place / "config.json").write_text(json.dumps(config))


def watch_over(place: Path) -> RulesWatch:
    config, policies = place / "config.json", place / "policies"
    return RulesWatch(load(config, policies, {}), config, policies, {})


async def test_without_an_edit_nothing_changes(place):
    watch = watch_over(place)
    before = watch.current

    changed = await watch.reload()

    assert (changed, watch.current is before) == (False, True)


async def test_a_good_edit_takes_effect_as_one_value_and_calls_in_flight_keep_theirs(place):
    watch = watch_over(place)
    in_flight = watch.current
    (place / "policies" / "two.yaml").write_text(POLICY.replace("one", "two"))

    changed = await watch.reload()

    assert changed
    assert [policy.name.name for policy in watch.current.policies] == ["one", "two"]
    assert [policy.name.name for policy in in_flight.policies] == ["one"]
    assert watch.current.version != in_flight.version


async def test_templates_retry_settings_mode_and_unmatched_take_effect_at_once(place):
    watch = watch_over(place)
    edited = json.loads(json.dumps(CONFIG)) | {"mode": "warn", "retry_policy": {"max_retries": 1}}
    edited["upstreams"]["s"]["unmatched"] = "refuse"
    edited["templates"]["servicenow"]["new"] = {"short_description": "new"}
    write_config(place, edited)

    await watch.reload()

    rules = watch.current
    assert (rules.upstreams["s"].retry.max_retries, rules.upstreams["s"].unmatched) == (1, Unmatched.REFUSE)
    assert list(rules.templates[PlatformName.SERVICENOW]) == ["rca", "new"]
    assert {policy.mode for policy in rules.policies} == {Mode.WARN}
    assert rules.faults == ()


async def test_a_faulty_edit_leaves_the_last_good_rules_in_force_and_shows_its_faults_until_mended(place):
    watch = watch_over(place)
    told = []
    watch.on_change = lambda rules, faults: told.append((rules.version, len(faults)))
    good = watch.current
    write_config(place, CONFIG | {"mode": "strict"})
    (place / "policies" / "two.yaml").write_text("name: [")

    await watch.reload()

    faulty = watch.current
    assert (faulty.version, faulty.policies) == (good.version, good.policies)
    assert [Path(fault.file).name for fault in faulty.faults] == ["config.json", "two.yaml"]

    write_config(place, CONFIG)
    (place / "policies" / "two.yaml").write_text(POLICY.replace("one", "two"))
    await watch.reload()

    assert watch.current.faults == ()
    assert len(watch.current.policies) == 2
    assert told == [(good.version, 2), (watch.current.version, 0)]


async def test_an_edit_taken_back_clears_the_faults(place):
    watch = watch_over(place)
    write_config(place, {"mode": "strict"})
    await watch.reload()
    write_config(place, CONFIG)

    await watch.reload()

    assert watch.current.faults == ()


async def test_deleted_files_are_a_faulty_edit(place):
    watch = watch_over(place)
    (place / "config.json").unlink()
    (place / "policies" / "one.yaml").unlink()
    (place / "policies").rmdir()

    await watch.reload()

    assert [policy.name.name for policy in watch.current.policies] == ["one"]
    assert {fault.message.partition(";")[0] for fault in watch.current.faults} == {
        "there is no such file",
        "there is no such folder",
    }


async def test_other_keys_are_noted_as_needing_a_restart(place):
    watch = watch_over(place)
    edited = json.loads(json.dumps(CONFIG))
    edited["upstreams"]["s"]["base_url"] = "https://other.service-now.com"
    edited["upstreams"]["new"] = {"platform": "jira", "base_url": "https://example.atlassian.net"}
    edited["timeout"] = {"total_timeout_seconds": 5}
    write_config(place, edited)

    await watch.reload()

    assert [(fault.pointer, fault.message) for fault in watch.current.faults] == [
        ("/timeout/total_timeout_seconds", "changed, but needs a restart to take effect"),
        ("/upstreams/new", "changed, but needs a restart to take effect"),
        ("/upstreams/s/base_url", "changed, but needs a restart to take effect"),
    ]


async def test_an_upstream_taken_out_of_the_file_keeps_its_rules_until_the_restart(place):
    watch = watch_over(place)
    write_config(place, {})

    await watch.reload()

    assert watch.current.upstreams["s"].platform is PlatformName.SERVICENOW


async def test_the_running_watch_notices_an_edit_and_can_be_stopped(place):
    watch = watch_over(place)
    noticed = asyncio.Event()
    watch.on_change = lambda _rules, _faults: noticed.set()
    running = asyncio.create_task(watch.run(poll_seconds=0.01))
    (place / "policies" / "two.yaml").write_text(POLICY.replace("one", "two"))

    await asyncio.wait_for(noticed.wait(), 10)
    watch.stop()
    await asyncio.wait_for(running, 10)

    assert len(watch.current.policies) == 2


async def test_the_watch_goes_on_when_its_folder_is_deleted(place):
    watch = watch_over(place)
    noticed = asyncio.Event()
    running = asyncio.create_task(watch.run(poll_seconds=0.01))
    (place / "policies" / "one.yaml").unlink()
    (place / "policies").rmdir()
    watch.on_change = lambda rules, faults: noticed.set() if not faults and not rules.policies else None
    (place / "policies").mkdir()

    await asyncio.wait_for(noticed.wait(), 10)
    watch.stop()
    await asyncio.wait_for(running, 10)

    assert watch.current.policies == ()


async def test_a_watch_between_two_polls_is_stopped_at_once(place):
    watch = watch_over(place)
    running = asyncio.create_task(watch.run(poll_seconds=600))
    await asyncio.sleep(0)

    watch.stop()

    await asyncio.wait_for(running, 10)
    assert running.done()
