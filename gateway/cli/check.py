"""`check`: every fault of config, policies and templates, before they are put in force."""

import json
import os
from typing import TYPE_CHECKING

import typer

from gateway.cli.loading import as_json, print_faults
from gateway.cli.options import DEFAULT_CONFIG, DEFAULT_POLICIES, ConfigFile, Format, OutputFormat, PoliciesDir
from gateway.cli.stop import CANNOT_RUN, FAULTS

if TYPE_CHECKING:
    from gateway.config.load import Loaded


def check(
    config: ConfigFile = DEFAULT_CONFIG, policies: PoliciesDir = DEFAULT_POLICIES, output: Format = OutputFormat.TEXT
) -> None:
    """Read config, policies and templates, and print every fault as `file:line: pointer: message`.

    Nothing is sent. Exit code 0: fine, perhaps with notes; 1: faults; 2: a file or folder is not there.

    Example: `itsm-gateway check --format json`
    """
    from gateway.config.load import load  # noqa: PLC0415 (heavy: only for commands that need it)
    from gateway.domain.fault import ConfigError  # noqa: PLC0415

    try:
        loaded = load(config, policies, os.environ)
    except ConfigError as error:
        print_faults(error.faults, output)
        nothing_there = not config.is_file() or not policies.is_dir()
        raise typer.Exit(CANNOT_RUN if nothing_there else FAULTS) from error
    _tell(loaded, output)


def _tell(loaded: "Loaded", output: OutputFormat) -> None:
    """Sound files: what was found in them, and what is worth a second thought."""
    from gateway.config.notes import notes  # noqa: PLC0415 (heavy: only for commands that need it)

    found = notes(loaded)
    if output is OutputFormat.JSON:
        typer.echo(json.dumps({"faults": [], "notes": as_json(found)}, indent=2, ensure_ascii=False))
        return
    for note in found:
        typer.echo(f"note: {note}", err=True)
    rules = loaded.rules
    templates = sum(len(each) for each in rules.templates.values())
    counts = ((len(rules.upstreams), "upstream"), (len(rules.policies), "policy"), (templates, "template"))
    typer.echo(f"fine: {', '.join(_counted(*each) for each in counts)} (version {rules.version})")


def _counted(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{count} {noun}s"
