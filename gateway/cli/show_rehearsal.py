"""How a rehearsed call is shown: JSON for scripts, words and tables for people."""

import json
import sys
from collections.abc import Iterator

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.cli.options import OutputFormat
from gateway.domain.call import Json
from gateway.pipeline.explained import explained
from gateway.pipeline.rehearse import Rehearsed

PLAIN_WIDTH = 200
"""Columns where nobody looks at a screen: wide enough that a line is a row."""


def show(rehearsed: Rehearsed, output: OutputFormat) -> None:
    """Print it; colour and boxes appear on a terminal only."""
    if output is OutputFormat.JSON:
        typer.echo(json.dumps(explained(rehearsed), indent=2, ensure_ascii=False))
        return
    on_terminal = sys.stdout.isatty()
    console = Console(highlight=False, emoji=False, soft_wrap=True, width=None if on_terminal else PLAIN_WIDTH)
    for line in _lines(rehearsed):
        console.print(line)
    for table in _tables(rehearsed):
        table.box = table.box if on_terminal else None
        console.print(table, soft_wrap=False)
    if rehearsed.payload:
        console.print("payload, as it would leave (the correlation value is random for each call):")
        typer.echo(rehearsed.payload.decode("utf-8", "replace"))


def _lines(rehearsed: Rehearsed) -> Iterator[str]:
    asked, route = rehearsed.asked, rehearsed.route
    yield f"{escape(asked.method)} {escape(asked.target)} on upstream [bold]{asked.upstream}[/bold]"
    if route:
        yield f"is {route.operation.value} of {escape(route.resource or route.path)}"
    yield _covering(rehearsed)
    colour = "green" if rehearsed.would == "forward" else "red"
    yield f"the gateway would [{colour}]{rehearsed.would}[/{colour}] it"
    if rehearsed.problem:
        yield f"{rehearsed.problem.status} {rehearsed.problem.type.value}: {escape(rehearsed.problem.detail)}"


def _covering(rehearsed: Rehearsed) -> str:
    if rehearsed.policy:
        return f"covered by policy [bold]{escape(rehearsed.policy.name)}[/bold]"
    return "no policy was asked" if rehearsed.unread else "no policy covers it"


def _tables(rehearsed: Rehearsed) -> Iterator[Table]:
    if rehearsed.candidates:
        rows = [(each.policy.name.name, each.policy.mode.value, each.why) for each in rehearsed.candidates]
        yield _table("policies, in the order they are tried", ("policy", "mode", "why"), rows)
    if rehearsed.changes:
        rows = [(each.field, _spelt(each.before), _spelt(each.after)) for each in rehearsed.changes]
        yield _table("changes", ("field", "before", "after"), rows)
    if rehearsed.violations:
        rows = [(each.field, each.code.value, each.message) for each in rehearsed.violations]
        title = "violations" if rehearsed.would == "refuse" else "violations, which only warn"
        yield _table(title, ("field", "code", "message"), rows)


def _table(title: str, columns: tuple[str, str, str], rows: list[tuple[str, str, str]]) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    return table


def _spelt(value: Json) -> str:
    return "(absent)" if value is None else json.dumps(value, ensure_ascii=False)
