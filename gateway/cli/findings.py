"""`findings list|adopt|close`: where the records and a platform disagree."""

from typing import Annotated

import typer

from gateway.cli.api import ApiOption, ConfigOption, TokenFileOption, api_of
from gateway.cli.options import DEFAULT_CONFIG, Format, OutputFormat
from gateway.cli.shelf import Shelf
from gateway.cli.tables import instant

SHELF = Shelf(
    "/api/v1/findings",
    "nothing was found",
    {
        "id": lambda row: row["id"],
        "kind": lambda row: row["kind"],
        "state": lambda row: row["state"],
        "upstream": lambda row: row["upstream"],
        "tickets": lambda row: " ".join(row["tickets"]),
        "call": lambda row: row["call_id"] or "",
        "found": lambda row: instant(row["found_at"]),
        "note": lambda row: row["note"] or "",
    },
)
Ids = Annotated[list[str], typer.Argument(metavar="ID", help="Of findings, as `findings list` shows them.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Kept with it, and in the audit.")]

findings = typer.Typer(help="Orphans, ghosts and duplicates.", no_args_is_help=True)


@findings.command("list")
def list_findings(  # noqa: PLR0913 (each is an option of the command)
    *,
    kind: Annotated[str | None, typer.Option(help="orphan, ghost, or duplicate.")] = None,
    state: Annotated[str, typer.Option(help="open, adopted, closed, or all.")] = "open",
    upstream: Annotated[str | None, typer.Option("--upstream", "-u", metavar="NAME", help="Of one upstream.")] = None,
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
    SHELF.show(api_of(api, config, token_file), limit, filters, output)


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
    SHELF.act(api_of(api, config, token_file), "adopt", ids, output, {"note": note})


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
    SHELF.act(api_of(api, config, token_file), "close", ids, output, {"note": note})
