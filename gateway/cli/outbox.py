"""`outbox list|show|replay|discard`: calls that wait for their upstream, and dead letters."""

import json
from typing import Annotated
from urllib.parse import quote

import typer

from gateway.cli.api import ApiOption, ConfigOption, Refused, TokenFileOption, api_of
from gateway.cli.options import DEFAULT_CONFIG, Format, OutputFormat
from gateway.cli.shelf import Shelf
from gateway.cli.stop import FAULTS, stop
from gateway.cli.tables import instant, print_table

SHELF = Shelf(
    "/api/v1/outbox",
    "nothing waits",
    {
        "id": lambda row: row["id"],
        "state": lambda row: row["state"],
        "upstream": lambda row: row["upstream"],
        "what": lambda row: f"{row['operation']} {row['resource']}",
        "job": lambda row: row["job_id"] or "",
        "received": lambda row: instant(row["received_at"]),
        "next try": lambda row: instant(row["next_try_at"]),
        "tries": lambda row: str(row["tries"]),
    },
)
Ids = Annotated[list[str], typer.Argument(metavar="ID", help="Of calls, as `outbox list` shows them.")]
Most = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")]

outbox = typer.Typer(help="Calls that wait for their upstream, and dead letters.", no_args_is_help=True)


@outbox.command("list")
def list_waiting(  # noqa: PLR0913 (each is an option of the command)
    *,
    state: Annotated[str | None, typer.Option(help="queued, ambiguous, or dead.")] = None,
    upstream: Annotated[str | None, typer.Option("--upstream", "-u", metavar="NAME", help="Of one upstream.")] = None,
    job: Annotated[str | None, typer.Option(metavar="ID", help="Of one job.")] = None,
    limit: Most = 50,
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """List the calls that wait, the latest first; one that is at its upstream this moment is not among them.

    Example: `itsm-gateway outbox list --state dead --format json`
    """
    filters = {"state": state, "upstream": upstream, "job_id": job}
    SHELF.show(api_of(api, config, token_file), limit, filters, output)


@outbox.command()
def show(
    call_id: Annotated[str, typer.Argument(metavar="ID", help="Of a call.")],
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Show one call that is not done, with its attempts.

    Example: `itsm-gateway outbox show 0190f3c1a2b4`
    """
    gateway = api_of(api, config, token_file)
    try:
        waiting = gateway.asked("GET", f"{SHELF.path}/{quote(call_id, safe='')}")
        story = gateway.asked("GET", f"/api/v1/calls/{quote(call_id, safe='')}")
    except Refused as error:
        stop(str(error), FAULTS)
    told = waiting | {name: story[name] for name in ("attempts", "problem", "events")}
    if output is OutputFormat.JSON:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    print_table(("", ""), [(name, _plain(value)) for name, value in waiting.items() if value is not None])
    print_table(("at", "event", "by"), [(instant(e["at"]), e["event"], e.get("by", "")) for e in told["events"]])


@outbox.command()
def replay(
    ids: Ids,
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Let dead letters be delivered, as soon as possible. Exit code 1 where one could not be.

    Example: `itsm-gateway outbox replay 0190f3c1a2b4`
    """
    SHELF.act(api_of(api, config, token_file), "replay", ids, output)


@outbox.command()
def discard(
    ids: Ids,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Send nothing more for calls, and ask no more about them. Exit code 1 where one could not be discarded.

    Example: `itsm-gateway outbox discard 0190f3c1a2b4 --yes`
    """
    gateway = api_of(api, config, token_file)
    if not yes:
        them = f"call {ids[0]}" if len(ids) == 1 else f"{len(ids)} calls"
        typer.confirm(f"Send nothing more for {them}?", abort=True, err=True)
    SHELF.act(gateway, "discard", ids, output)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
