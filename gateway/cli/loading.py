"""Reading the operator's files for a command, or ending with all their faults."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gateway.cli.options import OutputFormat
from gateway.cli.stop import FAULTS
from gateway.domain.fault import ConfigError, Fault

if TYPE_CHECKING:
    from gateway.config.load import Loaded


def load_to_look(config_file: Path, policies_dir: Path) -> "Loaded":
    """Config and rules for a command that sends nothing: secrets may be absent."""
    from gateway.config.load import load  # noqa: PLC0415 (heavy: only for commands that need it)

    try:
        return load(config_file, policies_dir, os.environ, to_serve=False)
    except ConfigError as error:
        print_faults(error.faults, OutputFormat.TEXT)
        raise typer.Exit(FAULTS) from error


def print_faults(faults: Iterable[Fault], output: OutputFormat) -> None:
    """Faults as JSON on stdout for scripts, else one a line on stderr."""
    if output is OutputFormat.JSON:
        typer.echo(json.dumps({"faults": as_json(faults), "notes": []}, indent=2, ensure_ascii=False))
        return
    for fault in faults:
        typer.echo(str(fault), err=True)


def as_json(faults: Iterable[Fault]) -> list[dict[str, str | int]]:
    """The same facts, each under a name that stays."""
    return [
        {"file": fault.file, "line": fault.line, "pointer": fault.pointer, "message": fault.message} for fault in faults
    ]
