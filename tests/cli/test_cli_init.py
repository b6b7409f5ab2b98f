"""`init` and `schema`: what is written passes `check`, nothing is overwritten, no secret is asked for."""

import json

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app

runner = CliRunner()
OPTIONS = [
    *("--servicenow-url", "https://mine.service-now.com/", "--servicenow-user", "gateway"),
    *("--jira-url", "https://mine.atlassian.net", "--output", "mine/config.json"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SERVICENOW_PASSWORD", raising=False)
    (tmp_path / "policies").mkdir()
    return tmp_path


def test_what_is_written_passes_check_once_the_secret_is_there(folder):
    written = runner.invoke(app, ["init", *OPTIONS])
    checked = runner.invoke(app, ["check", "-c", "mine/config.json"], env={"SERVICENOW_PASSWORD": "x"})

    assert (written.exit_code, checked.exit_code) == (0, 0), checked.stderr
    config = json.loads((folder / "mine" / "config.json").read_text())
    assert config["upstreams"]["servicenow"]["base_url"] == "https://mine.service-now.com"
    assert config["upstreams"]["servicenow"]["credentials"]["password"] == {"env": "SERVICENOW_PASSWORD"}
    assert config["upstreams"]["jira"]["credentials"] == {"type": "none"}


def test_the_next_steps_name_the_variable_and_the_file(folder):
    result = runner.invoke(app, ["init", *OPTIONS])

    assert result.stdout.splitlines() == [
        "wrote mine/config.json",
        "next:",
        "  export SERVICENOW_PASSWORD=…",
        "  itsm-gateway check --config mine/config.json",
        "  itsm-gateway serve --config mine/config.json",
    ]


def test_the_page_that_the_config_names_is_put_beside_it_and_one_that_is_there_stays(folder):
    options = ["init", "--jira-url", "https://mine.atlassian.net"]
    first = runner.invoke(app, options)
    page = folder / "config" / "README.md"
    laid = page.read_text()
    page.write_text("mine")

    again = runner.invoke(app, [*options, "--force"])

    assert "wrote config/README.md: every key explained" in first.stdout
    assert laid.startswith("# The config file\n")
    assert (again.exit_code, page.read_text()) == (0, "mine")
    assert "README" not in again.stdout


def test_a_file_that_is_there_is_overwritten_by_force_only(folder):
    runner.invoke(app, ["init", *OPTIONS])
    path = folder / "mine" / "config.json"
    path.write_text("mine")

    refused = runner.invoke(app, ["init", *OPTIONS])
    kept = path.read_text()
    forced = runner.invoke(app, ["init", *OPTIONS, "--force"])

    assert (refused.exit_code, kept, forced.exit_code) == (2, "mine", 0)
    assert refused.stderr == (
        "itsm-gateway: mine/config.json exists and was not touched; "
        "use --force to overwrite it, or --output for another place\n"
    )
    assert path.read_text() != "mine"


def test_a_wrong_answer_is_refused_in_checks_words_and_nothing_is_written(folder):
    result = runner.invoke(app, ["init", "--jira-url", "mine.atlassian.net"])

    assert result.exit_code == 2
    assert result.stderr == (
        "itsm-gateway: upstreams.jira.base_url must begin with https:// (or http://) and a host, "
        "such as https://example.service-now.com\n"
    )
    assert not (folder / "config").exists()


def test_the_shipped_policies_come_along_where_there_are_none(folder):
    (folder / "policies").rmdir()

    written = runner.invoke(app, ["init", *OPTIONS])
    checked = runner.invoke(app, ["check", "-c", "mine/config.json"], env={"SERVICENOW_PASSWORD": "x"})

    assert "the shipped policies, yours to edit" in written.stdout
    assert (folder / "policies" / "servicenow" / "incident.yaml").is_file()
    assert checked.exit_code == 0, checked.stderr


def test_policies_that_are_there_stay(folder):
    (folder / "policies" / "mine.yaml").write_text("name: mine\n")

    runner.invoke(app, ["init", *OPTIONS])

    assert [path.name for path in (folder / "policies").iterdir()] == ["mine.yaml"]


def test_without_an_instance_there_is_nothing_to_write():
    result = runner.invoke(app, ["init"])

    assert result.exit_code == 2
    assert result.stderr == "itsm-gateway: nothing to write: give --servicenow-url or --jira-url\n"


def test_on_a_terminal_the_open_questions_are_asked(folder, monkeypatch):
    monkeypatch.setattr("gateway.cli.init.is_terminal", lambda: True)

    result = runner.invoke(app, ["init"], input="\nhttps://mine.atlassian.net\nme@example.com\nOPS\n")

    config = json.loads((folder / "config" / "itsm_config.json").read_text())
    assert result.exit_code == 0
    assert list(config["upstreams"]) == ["jira"]
    assert config["upstreams"]["jira"]["credentials"]["password"] == {"env": "JIRA_API_TOKEN"}


def test_an_answer_that_is_no_url_is_asked_for_again_at_once(folder, monkeypatch):
    monkeypatch.setattr("gateway.cli.init.is_terminal", lambda: True)

    result = runner.invoke(app, ["init"], input="\nmine.atlassian.net\nhttps://mine.atlassian.net/\n\nOPS\n")

    config = json.loads((folder / "config" / "itsm_config.json").read_text())
    assert "It must begin with https:// (or http://) and a host" in result.stdout
    assert (result.exit_code, config["upstreams"]["jira"]["base_url"]) == (0, "https://mine.atlassian.net")


def test_the_schema_of_a_policy_file_is_json():
    result = runner.invoke(app, ["schema"])

    assert result.exit_code == 0
    assert {"name", "match", "schema"} <= json.loads(result.stdout)["properties"].keys()
