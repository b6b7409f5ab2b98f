"""Business calendars in the config: what a policy may name, and what is said of what means nothing."""

import json

import pytest

from gateway.config.load import load
from gateway.domain.fault import ConfigError

OFFICE = {"zone": "Europe/Berlin", "hours": {"mon-fri": "09:00-17:00"}, "holidays": {"country": "DE"}}
POLICY = """
name: incident
platform: servicenow
match: {path: /api/now/table/incident}
sla: {calendar: berlin, resolution: {default: RESOLUTION}}
"""


def loaded(tmp_path, calendars, policy=POLICY, resolution="8h"):
    config, policies = tmp_path / "config.json", tmp_path / "policies"
    config.write_text(json.dumps({"calendars": calendars}))
    policies.mkdir()
    (policies / "incident.yaml").write_text(policy.replace("RESOLUTION", resolution))
    return load(config, policies, {})


def faults_of(tmp_path, calendars, **rest):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, calendars, **rest)
    return [(fault.pointer, fault.message) for fault in caught.value.faults]


def test_a_policy_counts_in_the_calendar_that_it_names(tmp_path):
    rules = loaded(tmp_path, {"berlin": OFFICE}).rules

    (policy,) = rules.policies
    assert policy.sla.calendar is not None
    assert policy.sla.due(1_764_345_600.0, 3_600.0) == 1_764_579_600.0  # Fri 28 Nov 2025 17:00 → Mon 10:00
    assert list(rules.calendars) == ["berlin"]


def test_an_unknown_calendar_names_the_nearest_known_one(tmp_path):
    ((pointer, message),) = faults_of(tmp_path, {"berlim": OFFICE})

    assert pointer == "/sla/calendar"
    assert "did you mean 'berlim'?" in message


def test_an_unknown_zone_names_the_nearest_known_one_and_the_policy_is_not_blamed(tmp_path):
    ((pointer, message),) = faults_of(tmp_path, {"berlin": OFFICE | {"zone": "Europe/Berln"}})

    assert pointer == "/calendars/berlin"
    assert "did you mean 'Europe/Berlin'?" in message


def test_an_unknown_country_names_what_is_expected(tmp_path):
    ((_, message),) = faults_of(tmp_path, {"berlin": OFFICE | {"holidays": {"country": "GER"}}})

    assert "no holidays are known of country 'GER'" in message


def test_a_promise_too_long_for_open_hours_says_what_may_be(tmp_path):
    ((pointer, message),) = faults_of(tmp_path, {"berlin": OFFICE}, resolution="365d")

    assert pointer == "/sla/resolution/default"
    assert "at most 2000h" in message
