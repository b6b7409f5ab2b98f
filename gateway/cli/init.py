"""`init`: a config for your own instance, from a few questions or from options."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, DEFAULT_POLICIES
from gateway.cli.starting_config import Answers, starting_config
from gateway.cli.stop import stop
from gateway.shipped import shipped_folder


def init(  # noqa: PLR0913 (each is an option of the command)
    *,
    servicenow_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Such as https://example.service-now.com.")
    ] = None,
    servicenow_user: Annotated[
        str | None, typer.Option(metavar="NAME", help="The gateway's own user; without it each client logs in itself.")
    ] = None,
    jira_url: Annotated[str | None, typer.Option(metavar="URL", help="Such as https://example.atlassian.net.")] = None,
    jira_user: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="The gateway's own user; without it each client logs in itself.")
    ] = None,
    jira_project: Annotated[
        str, typer.Option(metavar="KEY", help="The project in which the example template makes its task.")
    ] = "OPS",
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write.")] = DEFAULT_CONFIG,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a config for your own instance; asks what the options leave open, when it runs on a terminal.

    Where there is no `policies` folder yet, the shipped policies are put there as well, and beside a new config
    the page that explains its keys.

    Keys that start with // in the file are comments. Passwords are never written: the file names the environment
    variable that will hold them.

    Example: `itsm-gateway init --servicenow-url https://example.service-now.com --servicenow-user gateway`
    """
    if output.exists() and not force:
        stop(f"{output} exists and was not touched; use --force to overwrite it, or --output for another place")
    answers = Answers(servicenow_url, servicenow_user, jira_url, jira_user, jira_project)
    if not (servicenow_url or jira_url):
        answers = _ask(answers)
    if not (answers.servicenow_url or answers.jira_url):
        stop("nothing to write: give --servicenow-url or --jira-url")
    config = starting_config(answers)
    _refuse_wrong_answers(config)
    _write(output, json.dumps(config, indent=2, ensure_ascii=False) + "\n")
    typer.echo(f"wrote {output}")
    if output == DEFAULT_CONFIG and _lay_page(output.with_name("README.md")):
        typer.echo(f"wrote {output.with_name('README.md')}: every key explained")
    if _lay_policies(DEFAULT_POLICIES):
        typer.echo(f"wrote {DEFAULT_POLICIES}/: the shipped policies, yours to edit")
    for step in _next_steps(answers, output):
        typer.echo(step)


def is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def _ask(answers: Answers) -> Answers:
    if not is_terminal():
        return answers
    typer.echo("Leave an answer empty to go without.")
    servicenow_url = _asked_url("URL of your ServiceNow instance (https://….service-now.com)")
    servicenow_user = servicenow_url and _asked("ServiceNow user for the gateway (empty: each client logs in itself)")
    jira_url = _asked_url("URL of your Jira site (https://….atlassian.net)")
    jira_user = jira_url and _asked("Jira user's e-mail for the gateway (empty: each client logs in itself)")
    project = typer.prompt("Jira project for the example template", default=answers.jira_project) if jira_url else ""
    return Answers(servicenow_url, servicenow_user, jira_url, jira_user, project or answers.jira_project)


def _asked(question: str) -> str | None:
    answer: str = typer.prompt(question, default="", show_default=False)
    return answer.strip() or None


def _asked_url(question: str) -> str | None:
    """Asks until it is one: who mistypes the first answer shall not find out after the last."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 (heavy, as below)

    from gateway.config.address import parse_base_url  # noqa: PLC0415

    while answer := _asked(question):
        try:
            return parse_base_url(answer)
        except PydanticCustomError as error:
            typer.echo(f"It {error}")
    return None


def _refuse_wrong_answers(config: dict[str, object]) -> None:
    """What is written must pass `check`: the same rules read it first."""
    from gateway.config.parse_settings import faults_of  # noqa: PLC0415 (heavy: only for commands that need it)

    for fault in faults_of(config):
        stop(f"{fault.pointer.lstrip('/').replace('/', '.')} {fault.message}")


def _write(output: Path, text: str) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"{output} cannot be written: {error.strerror or error}")


def _lay_policies(folder: Path) -> bool:
    """Put the shipped policies where `serve` looks for them; a folder that is there is somebody's, and stays."""
    if folder.exists():
        return False
    try:
        shutil.copytree(shipped_folder() / "policies", folder)
    except OSError as error:
        stop(f"the policies cannot be written to {folder}: {error.strerror or error}")
    return True


def _lay_page(page: Path) -> bool:
    """Put the page that the config's first line names beside it; one that is there stays."""
    if page.exists():
        return False
    try:
        shutil.copyfile(shipped_folder() / "config" / "README.md", page)
    except OSError as error:
        stop(f"{page} cannot be written: {error.strerror or error}")
    return True


def _next_steps(answers: Answers, output: Path) -> list[str]:
    named = "" if output == DEFAULT_CONFIG else f" --config {output}"
    wanted = [variable for variable in answers.variables if not os.environ.get(variable)]
    return [
        "next:",
        *(f"  export {variable}=…" for variable in wanted),
        f"  itsm-gateway check{named}",
        f"  itsm-gateway serve{named}",
    ]
