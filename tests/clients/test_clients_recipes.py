"""The recipes, run as they stand."""

import shutil

import pytest
from clients.conftest import PYTHON, Run
from running import ROOT, StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow

RECIPES = ROOT / "config" / "recipes"
LOGIN = ("abel", "right")


def in_the_readme(output: str) -> bool:
    return output.strip() in (RECIPES / "README.md").read_text("utf-8").splitlines()


async def test_a_shell_script_files_an_incident(start_gateway: StartGateway, run: Run):
    servicenow = SimulatedServiceNow(credentials=LOGIN)
    gateway = await start_gateway(servicenow=servicenow)
    shell = shutil.which("sh") or "/bin/sh"

    command = (shell, str(RECIPES / "incident.sh"), gateway.servicenow, ":".join(LOGIN), "Disk full", "nightly-42")
    ended, again = await run(*command), await run(*command)

    assert (ended.code, ended.errors) == (0, "")
    assert in_the_readme(ended.output)
    assert again.output == ended.output
    assert [ticket["short_description"] for ticket in servicenow.tickets()] == ["Disk full"]


@pytest.mark.parametrize("recipe", ["issue_jira.py", "issue_atlassian.py"])
async def test_a_python_program_files_an_issue(start_gateway: StartGateway, run: Run, recipe: str):
    jira = SimulatedJira(credentials=LOGIN)
    gateway = await start_gateway(jira=jira)

    ended = await run(str(PYTHON), "-W", "ignore", str(RECIPES / recipe), gateway.jira, *LOGIN, "Disk full")

    assert ended.code == 0, ended.errors
    assert in_the_readme(ended.output)
    assert [issue.fields["summary"] for issue in jira.issues()] == ["Disk full"]


def test_the_recipes_page_names_every_recipe():
    page = (RECIPES / "README.md").read_text("utf-8")

    assert [file.name for file in RECIPES.iterdir() if file.name not in page and file.name != "README.md"] == []
