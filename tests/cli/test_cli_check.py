"""`check` and `serve` before anything runs: every fault, on stderr for people, on stdout for scripts."""

import json

from typer.testing import CliRunner

from gateway.cli.app import app

runner = CliRunner()
WITH_SECRET = {"SERVICENOW_PASSWORD": "open sesame"}


def test_sound_files_are_fine(place):
    result = runner.invoke(app, ["check"], env=WITH_SECRET)

    assert result.exit_code == 0
    assert result.stdout.startswith("fine: 2 upstreams, 1 policy, 1 template (version ")
    assert "sesame" not in result.output


def test_every_fault_is_a_line_with_file_line_pointer_and_message(place):
    (place / "policies" / "incident.yaml").write_text("name: incident\nmod: warn\n")

    result = runner.invoke(app, ["check"])

    lines = result.stderr.splitlines()
    assert result.exit_code == 1
    assert lines[0] == (
        "config/itsm_config.json:13: /upstreams/servicenow/credentials/password: "
        "the environment variable SERVICENOW_PASSWORD is not set: export SERVICENOW_PASSWORD=… before the start"
    )
    assert "policies/incident.yaml:2: /mod: unknown key 'mod'; did you mean 'mode'?" in lines
    assert result.stdout == ""


def test_scripts_get_the_faults_as_json(place):
    result = runner.invoke(app, ["check", "--format", "json"])

    faults = json.loads(result.stdout)["faults"]
    assert result.exit_code == 1
    assert [(fault["file"], fault["line"]) for fault in faults] == [("config/itsm_config.json", 13)]


def test_scripts_get_an_empty_list_when_all_is_fine(place):
    result = runner.invoke(app, ["check", "--format", "json"], env=WITH_SECRET)

    assert (result.exit_code, json.loads(result.stdout)) == (0, {"faults": [], "notes": []})


def test_creates_that_may_double_tickets_are_noted_and_not_refused(place):
    policy = place / "policies" / "incident.yaml"
    policy.write_text(policy.read_text() + "retry_policy: {creates: immediate}\n")
    variable = {"ITSM_GATEWAY__RETRY_POLICY__CREATES": "immediate"}

    result = runner.invoke(app, ["check"], env=WITH_SECRET | variable)

    said = "'immediate' sends a create again without a search, and can double tickets; 'reconcile' searches first"
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"note: config/itsm_config.json:1: /retry_policy/creates: {said}",
        f"note: policies/incident.yaml:14: /retry_policy/creates: {said}",
    ]


def test_a_yaml_config_is_read_by_its_name(place):
    (place / "config.yaml").write_text(
        "upstreams:\n  jira: {platform: jira, base_url: 'https://example.atlassian.net'}\n"
    )

    result = runner.invoke(app, ["check", "--config", "config.yaml"])

    assert (result.exit_code, result.stderr) == (0, "")


def test_a_missing_config_file_cannot_be_checked(place):
    result = runner.invoke(app, ["check", "--config", "gone.json"])

    assert result.exit_code == 2
    assert "gone.json:0: there is no such file; write one with `itsm-gateway init`" in result.stderr


def test_a_missing_policies_folder_cannot_be_checked(place):
    result = runner.invoke(app, ["check", "--policies", "gone"], env=WITH_SECRET)

    assert result.exit_code == 2
    assert result.stderr == ("gone:0: there is no such folder; make it (it may be empty), or name it by --policies\n")


def test_the_environment_is_checked_too(place):
    result = runner.invoke(app, ["check"], env=WITH_SECRET | {"ITSM_GATEWAY__STORE__URLL": "x"})

    assert result.exit_code == 1
    assert result.stderr == "environment:0: ITSM_GATEWAY__STORE__URLL: unknown key 'urll'; did you mean 'url'?\n"


def test_serving_faulty_files_is_refused_with_every_fault(place):
    (place / "config" / "itsm_config.json").write_text('{"mode": "strict", "listen": {"api": "0.0.0.0:8090"}}')

    result = runner.invoke(app, ["serve"])

    assert result.exit_code == 2
    assert "config/itsm_config.json:1: /mode: must be one of 'enforce', 'warn', 'off', not 'strict'" in result.stderr
    assert "Traceback" not in result.output
