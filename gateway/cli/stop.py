"""Ending early: one line that says what and how to mend it, and an exit code that scripts can rely on."""

import sys
import traceback
from types import TracebackType
from typing import NoReturn, Self

import typer

from gateway.cli.options import LogLevel

FAULTS = 1
CANNOT_RUN = 2


def stop(message: str, code: int = CANNOT_RUN) -> NoReturn:
    """Say why, and end."""
    typer.echo(f"itsm-gateway: {message}", err=True)
    raise typer.Exit(code)


class LastWord:
    """Around the whole program: an error nobody expected becomes one line, and a traceback only for `debug`."""

    def __init__(self) -> None:
        self.log_level = LogLevel.INFO

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            return
        if self.log_level is LogLevel.DEBUG:
            traceback.print_exception(kind, error, trace)
        said = " ".join(str(error).split()) or type(error).__name__
        hint = "" if self.log_level is LogLevel.DEBUG else "; --log-level debug shows where"
        sys.stderr.write(f"itsm-gateway: unexpected {type(error).__name__}: {said}{hint}\n")
        raise SystemExit(CANNOT_RUN)
