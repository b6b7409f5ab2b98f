"""The options that commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class OutputFormat(StrEnum):
    """Words for people, JSON for scripts."""

    TEXT = "text"
    JSON = "json"


DEFAULT_CONFIG = Path("config/itsm_config.json")
DEFAULT_POLICIES = Path("policies")

ConfigFile = Annotated[Path, typer.Option("--config", "-c", metavar="FILE", help="The config file.")]
PoliciesDir = Annotated[Path, typer.Option("--policies", "-p", metavar="DIR", help="The folder of policy files.")]
Format = Annotated[OutputFormat, typer.Option("--format", "-f", help="text for people, json for scripts.")]
UpstreamOption = Annotated[
    str | None,
    typer.Option("--upstream", "-u", metavar="NAME", help="The configured upstream, where the URL leaves it open."),
]
