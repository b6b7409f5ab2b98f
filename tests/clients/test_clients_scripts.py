"""The recipes of CI and of Ansible, run as they stand by the programs that they are for."""

import shutil
from pathlib import Path

import yaml
from clients.conftest import PYTHON, Finished, Run
from running import ROOT, StartGateway

from gateway.simulator import SimulatedServiceNow

RECIPES = ROOT / "config" / "recipes"
LOGIN = ("abel", "right")
GITHUB = {
    "GITHUB_WORKFLOW": 'nightly "full"',
    "GITHUB_REPOSITORY": "example/batch",
    "GITHUB_REPOSITORY_ID": "4711",
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_RUN_ID": "99",
    "ITSM_LOGIN": ":".join(LOGIN),
}


def failure_step() -> dict[str, str]:
    steps = yaml.safe_load((RECIPES / "github-actions.yml").read_text())["jobs"]["nightly"]["steps"]
    step: dict[str, str] = steps[-1]
    return step


async def as_a_runner_does(run: Run, address: str, folder: Path, **changes: str) -> Finished:
    """GitHub's own way to start a step of `shell: bash`."""
    script, summary, bash = folder / "step.sh", folder / "summary.md", shutil.which("bash") or "/bin/bash"
    script.write_text(failure_step()["run"])
    given = {**GITHUB, "ITSM_GATEWAY": address, "GITHUB_STEP_SUMMARY": str(summary), "PATH": "/usr/bin:/bin"} | changes
    environ = [f"{name}={value}" for name, value in given.items()]
    return await run("/usr/bin/env", *environ, bash, "--noprofile", "--norc", "-eo", "pipefail", str(script))


async def test_a_github_step_opens_one_incident_for_a_run_however_often_it_is_started(
    start_gateway: StartGateway, run: Run, tmp_path: Path
):
    servicenow = SimulatedServiceNow(credentials=LOGIN)
    gateway = await start_gateway(servicenow=servicenow)

    ended = [await as_a_runner_does(run, gateway.servicenow, tmp_path) for _ in range(2)]

    [ticket] = servicenow.tickets()
    assert [(each.code, each.output) for each in ended] == [(0, f"Opened {ticket['number']}\n")] * 2
    assert ended[0].output.strip() in (RECIPES / "README.md").read_text("utf-8").splitlines()
    assert (tmp_path / "summary.md").read_text() == ended[0].output * 2
    assert ticket["short_description"] == 'nightly "full" failed in example/batch'
    assert ticket["description"] == "https://github.example/example/batch/actions/runs/99"


async def test_a_github_step_fails_and_says_why_where_no_incident_was_opened(
    start_gateway: StartGateway, run: Run, tmp_path: Path
):
    gateway = await start_gateway(servicenow=SimulatedServiceNow(credentials=LOGIN))

    ended = await as_a_runner_does(run, gateway.servicenow, tmp_path, ITSM_LOGIN="abel:wrong")

    assert ended.code != 0
    assert "401" in ended.errors


def test_the_github_step_takes_only_what_its_environment_gives():
    step = failure_step()

    assert (step["if"], step["shell"]) == ("failure()", "bash")
    assert "${{" not in step["run"]


async def test_an_ansible_playbook_opens_one_incident_for_a_job(start_gateway: StartGateway, run: Run, tmp_path: Path):
    servicenow = SimulatedServiceNow(credentials=LOGIN)
    gateway = await start_gateway(servicenow=servicenow)
    user, password = LOGIN
    values = {"address": gateway.servicenow, "user": user, "password": password, "job": "nightly-42"}
    given = [part for name, value in values.items() for part in ("-e", f"{name}={value}")]
    homely = ("/usr/bin/env", f"HOME={tmp_path}", "LANG=C.UTF-8", "PATH=/usr/bin:/bin")
    playbook = (str(PYTHON.parent / "ansible-playbook"), str(RECIPES / "incident.yml"))

    command = (*homely, *playbook, *given, "-e", '{"summary": "Disk full"}')
    ended = [await run(*command) for _ in range(2)]

    assert [each.code for each in ended] == [0, 0], ended[0].output + ended[0].errors
    assert '"msg": "INC0010001"' in ended[1].output
    assert '    "msg": "INC0010001"' in (RECIPES / "README.md").read_text("utf-8").splitlines()
    assert [ticket["short_description"] for ticket in servicenow.tickets()] == ["Disk full"]
