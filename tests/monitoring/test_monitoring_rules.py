"""The rules as files: promtool's own check and unit tests, and what every alert owes to whoever is woken by it."""

import subprocess
from pathlib import Path

import pytest
import yaml
from monitoring.compressed import compressed
from monitoring.incidents import INCIDENTS
from monitoring.servers import promtool
from monitoring.shipped import MONITORING, RULE_FILES, alerts
from running import ROOT

UNIT_TESTS = sorted((Path(__file__).parent / "rules").glob("*.yaml"))


def test_promtool_finds_no_fault_in_the_rules():
    checked = subprocess.run([promtool(), "check", "rules", *RULE_FILES], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("SUCCESS") == len(RULE_FILES)


@pytest.mark.parametrize("file", UNIT_TESTS, ids=lambda file: file.stem)
def test_the_rules_do_what_their_unit_tests_say(file: Path):
    ran = subprocess.run([promtool(), "test", "rules", file], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_has_a_severity_a_summary_a_description_and_a_runbook_that_exists(alert):
    notes = alert["annotations"]

    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert notes["summary"].strip()
    assert notes["description"].strip().endswith(".")
    assert notes["runbook_url"] == f"k8s/monitoring/runbooks/{alert['alert']}.md"
    assert (ROOT / notes["runbook_url"]).is_file()


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_has_a_unit_test_and_an_incident_of_its_own(alert):
    name = alert["alert"]

    tested = [file for file in UNIT_TESTS if name in file.read_text()]
    assert tested
    assert name == "ItsmGatewayGone" or [one.name for one in INCIDENTS if one.alert == name]


def test_every_alert_that_alertmanager_mutes_or_lets_mute_exists():
    inhibitions = yaml.safe_load((MONITORING / "alertmanager.yaml").read_text())["inhibit_rules"]

    named = {
        name
        for rule in inhibitions
        for matcher in rule["source_matchers"] + rule["target_matchers"]
        for name in matcher.partition(" ")[2].strip('=~ "').split("|")
    }
    assert named <= {alert["alert"] for alert in alerts()}


def test_compression_shortens_windows_and_waits_and_nothing_else():
    rules = "  interval: 5m\n  record: x:rate1h\n  expr: rate(x[1h]) > 5 and y[30d]\n  for: 2m\n"

    assert compressed(rules, 60) == (
        "  interval: 5000ms\n  record: x:rate1h\n  expr: rate(x[60000ms]) > 5 and y[43200000ms]\n  for: 2000ms\n"
    )
