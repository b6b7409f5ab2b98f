"""The recipes, run as they stand."""

import shutil
from pathlib import Path

import pytest
from clients.conftest import PYTHON, Run
from injector.certificates import make_pair
from running import ROOT, StartGateway

from gateway.simulator import SimulatedJira, SimulatedServiceNow

NODE_MODULES = ROOT / ".cache" / "node-clients"
RECIPES = ROOT / "config" / "recipes"
LOGIN = ("abel", "right")


def in_the_readme(output: str) -> bool:
    return output.strip() in (RECIPES / "README.md").read_text("utf-8").splitlines()


def a_pair(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, which is its own CA, and its key."""
    make_pair(folder / "tls", "localhost")
    return folder / "tls" / "tls.crt", folder / "tls" / "tls.key"


async def test_a_shell_script_files_an_incident(start_gateway: StartGateway, run: Run):
    servicenow = SimulatedServiceNow(credentials=LOGIN)
    gateway = await start_gateway(servicenow=servicenow)
    shell = shutil.which("sh") or "/bin/sh"

    command = (
        shell,
        str(RECIPES / "incident.sh"),
        gateway.servicenow,
        ":".join(LOGIN),
        'Disk "db-7" full',
        "nightly-42",
    )
    ended, again = await run(*command), await run(*command)

    assert (ended.code, ended.errors) == (0, "")
    assert in_the_readme(ended.output)
    assert again.output == ended.output
    assert [ticket["short_description"] for ticket in servicenow.tickets()] == ['Disk "db-7" full']


@pytest.mark.parametrize("recipe", ["issue_jira.py", "issue_atlassian.py"])
async def test_a_python_program_files_an_issue(start_gateway: StartGateway, run: Run, recipe: str):
    jira = SimulatedJira(credentials=LOGIN)
    gateway = await start_gateway(jira=jira)

    ended = await run(str(PYTHON), "-W", "ignore", str(RECIPES / recipe), gateway.jira, *LOGIN, "Disk full")

    assert ended.code == 0, ended.errors
    assert in_the_readme(ended.output)
    assert [issue.fields["summary"] for issue in jira.issues()] == ["Disk full"]


async def test_a_node_program_files_an_issue(start_gateway: StartGateway, run: Run):
    jira = SimulatedJira(credentials=LOGIN)
    gateway = await start_gateway(jira=jira)
    node = ("/usr/bin/env", f"NODE_PROJECT={NODE_MODULES}", shutil.which("node") or "node")

    ended = await run(*node, str(RECIPES / "issue.mjs"), gateway.jira, *LOGIN, "Disk full")

    assert ended.code == 0, ended.errors
    assert in_the_readme(ended.output)
    assert [issue.fields["summary"] for issue in jira.issues()] == ["Disk full"]


async def test_pysnc_files_an_incident_over_tls_with_a_ca_of_its_own(
    start_gateway: StartGateway, run: Run, tmp_path: Path
):
    servicenow, (certificate, key) = SimulatedServiceNow(credentials=LOGIN), a_pair(tmp_path)
    tls = {"certificate": str(certificate), "key": str(key)}
    gateway = await start_gateway(servicenow=servicenow, upstream={"tls": tls})
    address = gateway.servicenow.replace("http://", "https://")

    recipe = str(RECIPES / "incident_pysnc.py")
    ended = await run(str(PYTHON), "-W", "ignore", recipe, address, *LOGIN, str(certificate), "Disk full")

    assert ended.code == 0, ended.errors
    assert in_the_readme(ended.output)
    assert [ticket["short_description"] for ticket in servicenow.tickets()] == ["Disk full"]


def test_the_recipes_page_names_every_recipe():
    page = (RECIPES / "README.md").read_text("utf-8")

    assert [file.name for file in RECIPES.iterdir() if file.name not in page and file.name != "README.md"] == []
