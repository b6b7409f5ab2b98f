"""Rows of a running gateway that people list and act upon: one shape for all commands that do."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

import typer

from gateway.cli.api import Api, Refused
from gateway.cli.options import OutputFormat
from gateway.cli.stop import FAULTS, stop
from gateway.cli.tables import print_table
from gateway.domain.frozen import frozen

Document: TypeAlias = dict[str, Any]


@frozen
class Shelf:
    """What lies at one path of the API; `columns` say what of a row people see, `nothing` is told where there is none.

    Every method ends the command in one line where the gateway would not.
    """

    path: str
    nothing: str
    columns: Mapping[str, Callable[[Document], str]]

    def show(self, gateway: Api, most: int, filters: Mapping[str, str | None], output: OutputFormat) -> None:
        """List the first of them."""
        try:
            found = gateway.items(self.path, most, dict(filters))
        except Refused as error:
            stop(str(error), FAULTS)
        if output is OutputFormat.JSON:
            typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        elif found:
            print_table(tuple(self.columns), [tuple(told(row) for told in self.columns.values()) for row in found])
        else:
            typer.echo(self.nothing)

    def act(self, gateway: Api, act: str, ids: list[str], output: OutputFormat, body: object = None) -> None:
        """Do the same to each; one that refuses is told on stderr, does not stop the others, and makes exit code 1."""
        refused = False
        for row_id in ids:
            try:
                acted = gateway.asked("POST", f"{self.path}/{quote(row_id, safe='')}/{act}", body)
            except Refused as error:
                refused = True
                typer.echo(f"itsm-gateway: {row_id}: {error}", err=True)
            else:
                typer.echo(json.dumps(acted) if output is OutputFormat.JSON else f"{acted['id']} is {acted['state']}")
        if refused:
            raise typer.Exit(FAULTS)
