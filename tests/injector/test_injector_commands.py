"""The commands around the injection: stdout holds a manifest and nothing else, and every fault is one line."""

import json
import socket
from pathlib import Path

import pytest
import yaml
from injector.golden import PODS
from typer.testing import CliRunner

from gateway.cli.app import app

runner = CliRunner()
DEPLOYMENT = PODS["workload-deployment"].read_text()


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "app.yaml"
    path.write_text(f"# theirs\napiVersion: v1\nkind: Service\nmetadata: {{name: a}}  # a comment\n---\n{DEPLOYMENT}")
    return path


def test_injecting_twice_is_injecting_once_and_uninject_takes_it_back(manifest: Path):
    once = runner.invoke(app, ["inject", "-f", str(manifest), "--set", "secret=itsm"])
    twice = runner.invoke(app, ["inject", "-f", "-"], input=once.stdout)
    back = runner.invoke(app, ["uninject", "-f", "-"], input=twice.stdout)

    assert once.exit_code == twice.exit_code == back.exit_code == 0
    assert once.stdout == twice.stdout
    assert once.stdout.startswith("# theirs\napiVersion: v1\nkind: Service\nmetadata: {name: a}  # a comment\n---\n")
    template = list(yaml.safe_load_all(back.stdout))[1]["spec"]["template"]
    before = yaml.safe_load(DEPLOYMENT)["spec"]["template"]
    before["metadata"]["annotations"]["itsm-gateway.io/secret"] = "itsm"
    assert template == before


def test_injecting_again_renews_the_image(manifest: Path):
    old = runner.invoke(app, ["inject", "-f", str(manifest), "--image", "itsm-gateway:old"])

    new = runner.invoke(app, ["inject", "-f", "-", "--image", "itsm-gateway:new"], input=old.stdout)

    assert "itsm-gateway:new" in new.stdout
    assert "itsm-gateway:old" not in new.stdout


def test_a_refusal_names_the_workload_and_prints_no_manifest(manifest: Path):
    manifest.write_text(manifest.read_text().replace("JIRA_URL=jira", "JIRA_URL=:1"))

    result = runner.invoke(app, ["inject", "-f", str(manifest)])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("deployment/reporter: annotation itsm-gateway.io/env holds 'JIRA_URL=:1'")


def test_a_list_of_kubectl_is_injected_as_json(tmp_path: Path):
    listed = {"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(path.read_text()) for path in _workloads()]}

    result = runner.invoke(app, ["inject", "-f", "-"], input=json.dumps(listed))

    items = json.loads(result.stdout)["items"]
    assert len(items) == 8
    assert all("itsm-gateway.io/injected" in json.dumps(each) for each in items)


def _workloads() -> list[Path]:
    return [path for name, path in PODS.items() if name.startswith("workload-")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["inject", "-f", "missing.yaml"], "missing.yaml cannot be read: No such file or directory"),
        (["uninject", "-f", "missing.yaml"], "missing.yaml cannot be read"),
        (["inject", "-f", "-", "--set", "secrt=a"], "--set secrt is not known; did you mean secret?"),
        (["inject", "-f", "-", "--set", "secret"], "write NAME=VALUE"),
        (["injector", "serve", "--certificate", "no.crt", "--key", "no.key"], "no.crt cannot be read"),
        (["wait", "https://a"], "is no probe"),
        (["wait", "http://a:b"], "is no probe"),
    ],
)
def test_what_cannot_run_says_why_in_one_line(arguments: list[str], said: str):
    result = runner.invoke(app, arguments, input="")

    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_no_manifest_is_told_with_the_files_name():
    result = runner.invoke(app, ["inject", "-f", "-"], input="a: [")

    assert (result.exit_code, result.stderr.split(":")[1].strip()) == (2, "- is not YAML")


def test_the_audit_tells_people_and_scripts(tmp_path: Path):
    pod = yaml.safe_load(PODS["pod-plain"].read_text())
    pod["metadata"]["labels"] = {"itsm-gateway.io/inject": "enabled"}

    text = runner.invoke(app, ["injector", "audit", "-f", "-"], input=json.dumps(pod))
    script = runner.invoke(app, ["injector", "audit", "-f", "-", "--format", "json"], input=json.dumps(pod))

    assert text.exit_code == script.exit_code == 1
    assert text.stdout.startswith("missing batch/pod/reporter: its label asks for the sidecar")
    assert json.loads(script.stdout)["findings"][0]["flaw"] == "missing"


@pytest.mark.parametrize("command", ["inject", "uninject", "wait", "injector serve", "injector audit"])
def test_every_command_teaches_with_an_example(command: str):
    result = runner.invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200"})

    assert result.exit_code == 0
    assert "Example:" in result.output


def test_waiting_for_nobody_ends_in_time_and_says_what_came_instead():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    result = runner.invoke(app, ["wait", f"http://127.0.0.1:{port}/readyz", "--timeout", "0"])

    assert result.exit_code == 1
    assert "Connection refused" in result.stderr
