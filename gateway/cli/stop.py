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
    """Around the whole program: every error becomes one line, and one that nobody expected a traceback for `debug`."""

    def __init__(self) -> None:
        self.log_level = LogLevel.INFO

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            return
        match error:
            case typer.TyperException():
                raise SystemExit(_tell(_misuse(error), CANNOT_RUN))
            case typer.Abort():
                sys.stderr.write("\n")
                raise SystemExit(_tell("ended; nothing was done", FAULTS))
            case _:
                if self.log_level is LogLevel.DEBUG:
                    traceback.print_exception(kind, error, trace)
                raise SystemExit(_tell(self._unexpected(error), CANNOT_RUN))

    def _unexpected(self, error: Exception) -> str:
        hint = "" if self.log_level is LogLevel.DEBUG else "; --log-level debug shows where"
        return f"unexpected {type(error).__name__}: {_one_line(str(error)) or type(error).__name__}{hint}"


def _misuse(error: typer.TyperException) -> str:
    """What was typed wrongly, and where the right words stand; nothing where the help has been printed already."""
    said = _one_line(error.format_message().replace("Value error, ", "")).rstrip(".")
    context = getattr(error, "ctx", None)
    ending = "" if said.endswith("?") else "."
    return f"{said}{ending} See {context.command_path} --help" if said and context else said


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tell(message: str, code: int) -> int:
    if message:
        sys.stderr.write(f"itsm-gateway: {message}\n")
    return code
