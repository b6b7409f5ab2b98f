"""The README says what is there: each of these lists is compared with the code that it describes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.cli.app import app
from gateway.domain.outcome import OutcomeKind
from gateway.domain.problem import ProblemType
from gateway.telemetry.catalogue import markdown_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_every_metric_stands_in_the_readme_as_the_code_declares_it():
    assert markdown_table().strip() in README


@pytest.mark.parametrize("command", sorted(str(command.callback.__name__) for command in app.registered_commands))
def test_every_command_stands_in_the_readme(command: str):
    assert re.search(rf"`?itsm-gateway`? `?{command}\b|\*\*`{command}`\*\*|\| `{command}`", README)


@pytest.mark.parametrize("problem", ProblemType)
def test_every_kind_of_answer_the_gateway_makes_itself_stands_in_the_readme(problem: ProblemType):
    assert f"`{problem.value}`" in README


@pytest.mark.parametrize("kind", OutcomeKind)
def test_every_outcome_stands_in_the_readme(kind: OutcomeKind):
    assert f"`{kind.value}`" in README


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!#)([^)]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(link: str):
    assert (ROOT / link).exists()


def test_the_project_names_no_machine_and_no_registry():
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    own = Path(__file__).name
    pattern = re.compile(r"/(?:root|home|work)/|index-url|\"resolved\": *\"http|pythonhosted", re.IGNORECASE)

    found = {
        name: line
        for name in tracked
        if not name.endswith(own) and (ROOT / name).is_file()
        for line in (ROOT / name).read_text(errors="replace").splitlines()
        if pattern.search(line) and "--no-emit" not in line
    }

    assert found == {}


def test_the_help_begins_quickly():
    heavy = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, gateway.cli.app; print([m for m in ('aiohttp', 'sqlalchemy') if m in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert heavy.stdout.strip() == "[]"
