"""`findings list|adopt|close`: where the records and a platform disagree."""

import json
from typing import Annotated, Any

import typer

from gateway.cli.api import ApiOption, ConfigOption, Refused, TokenFileOption, api_of, each_acted
from gateway.cli.options import DEFAULT_CONFIG, Format, OutputFormat
from gateway.cli.stop import FAULTS, stop
from gateway.cli.tables import instant, print_table

PATH = "/api/v1/findings"
Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Of findings, as `findings list` shows them.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Kept with it, and in the audit.")]

findings = typer.Typer(help="Orphans, ghosts and duplicates.", no_args_is_help=True)


@findings.command("list")
def list_findings(  # noqa: PLR0913 (each is an option of the command)
    *,
    kind: Annotated[str | None, typer.Option(help="orphan, ghost, or duplicate.")] = None,
    state: Annotated[str, typer.Option(help="open, adopted, closed, or all.")] = "open",
    upstream: Annotated[str | None, typer.Option("--upstream", "-u", metavar="NAME")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = 50,
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """List findings, the latest first.

    Example: `itsm-gateway findings list --kind orphan`
    """
    filters = {"kind": kind, "state": None if state == "all" else state, "upstream": upstream}
    try:
        found = api_of(api, config, token_file).items(PATH, limit, filters)
    except Refused as error:
        stop(str(error), FAULTS)
    if output is OutputFormat.JSON:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif found:
        print_table(("id", "kind", "state", "upstream", "tickets", "call", "found", "note"), map(_row, found))
    else:
        typer.echo("nothing was found")


@findings.command()
def adopt(
    ids: Ids,
    *,
    note: Note = "",
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Say that tickets are ours, and that it is right that they exist. Exit code 1 where one was decided already.

    Example: `itsm-gateway findings adopt 5f0c2d --note "the job's own retry"`
    """
    for acted in each_acted(ids, "adopt", api_of(api, config, token_file), PATH, {"note": note}):
        _tell(acted, output)


@findings.command()
def close(
    ids: Ids,
    *,
    note: Note = "",
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Say that findings are dealt with. Exit code 1 where one was decided already.

    Example: `itsm-gateway findings close 5f0c2d --note "merged by hand"`
    """
    for acted in each_acted(ids, "close", api_of(api, config, token_file), PATH, {"note": note}):
        _tell(acted, output)


def _tell(acted: dict[str, Any], output: OutputFormat) -> None:
    typer.echo(json.dumps(acted) if output is OutputFormat.JSON else f"{acted['id']} is {acted['state']}")


def _row(finding: dict[str, Any]) -> tuple[str, ...]:
    return (
        finding["id"],
        finding["kind"],
        finding["state"],
        finding["upstream"],
        " ".join(finding["tickets"]),
        finding["call_id"] or "",
        instant(finding["found_at"]),
        finding["note"] or "",
    )
