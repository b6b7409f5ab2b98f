"""Reading manifests for a command, from a file or from standard input."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.stop import stop

ManifestFile = Annotated[Path, typer.Option("--filename", "-f", metavar="FILE", help="YAML or JSON; - reads stdin.")]


def read_manifests(file: Path) -> str:
    """The whole text; ends the command where it cannot be read."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        stop(f"{file} is not UTF-8 text")
