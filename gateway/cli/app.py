"""The program: its commands, its global options, and the last word on errors."""

from typing import Annotated

import typer

from gateway.cli.backtest import backtest
from gateway.cli.check import check
from gateway.cli.demo import demo
from gateway.cli.doctor import doctor
from gateway.cli.explain import explain
from gateway.cli.findings import findings
from gateway.cli.init import init
from gateway.cli.inject import inject
from gateway.cli.injector import injector
from gateway.cli.options import LogLevel
from gateway.cli.outbox import outbox
from gateway.cli.render import render
from gateway.cli.schema import schema
from gateway.cli.serve import serve
from gateway.cli.stop import LastWord
from gateway.cli.token import token
from gateway.cli.uninject import uninject
from gateway.cli.wait import wait

app = typer.Typer(
    name="itsm-gateway",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 fine, 1 faults were found, 2 the command cannot run.",
)
for _command in (demo, init, serve, check, doctor, explain, render, backtest, inject, uninject, token, wait, schema):
    app.command()(_command)
for _group, _name in ((outbox, "outbox"), (findings, "findings"), (injector, "injector")):
    app.add_typer(_group, name=_name)


def main() -> None:
    """Run the command that was typed."""
    with LastWord() as last_word:
        raise SystemExit(app(prog_name="itsm-gateway", obj=last_word, standalone_mode=False))


def _print_version(wanted: bool) -> None:
    if wanted:
        from gateway import __version__  # noqa: PLC0415

        typer.echo(f"itsm-gateway {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    context: typer.Context,
    log_level: Annotated[
        LogLevel, typer.Option("--log-level", help="How much is logged; debug also shows tracebacks.")
    ] = LogLevel.INFO,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Exactly one ticket, or a truthful answer: a reverse proxy before ServiceNow and Jira.

    Begin with `itsm-gateway init`, then `itsm-gateway check`, then `itsm-gateway serve`.
    """
    last_word = context.ensure_object(LastWord)
    last_word.log_level = log_level
