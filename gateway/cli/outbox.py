"""`outbox list|show|replay|discard`: calls that wait for their upstream, and dead letters."""

import json
from typing import Annotated, Any
from urllib.parse import quote

import typer

from gateway.cli.api import ApiOption, ConfigOption, Refused, TokenFileOption, api_of, each_acted
from gateway.cli.options import DEFAULT_CONFIG, Format, OutputFormat
from gateway.cli.stop import FAULTS, stop
from gateway.cli.tables import instant, print_table

PATH = "/api/v1/outbox"
Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Of calls, as `outbox list` shows them.")]
Most = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")]

outbox = typer.Typer(help="Calls that wait for their upstream, and dead letters.", no_args_is_help=True)


@outbox.command("list")
def list_waiting(  # noqa: PLR0913 (each is an option of the command)
    *,
    state: Annotated[str | None, typer.Option(help="queued, ambiguous, or dead.")] = None,
    upstream: Annotated[str | None, typer.Option("--upstream", "-u", metavar="NAME")] = None,
    job: Annotated[str | None, typer.Option(metavar="ID", help="Of one job.")] = None,
    limit: Most = 50,
    api: ApiOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    token_file: TokenFileOption = None,
    output: Format = OutputFormat.TEXT,
) -> None:
    """List the calls that are not done, the latest first.

    Example: `itsm-gateway outbox list --state dead --format json`
    """
    filters = {"state": state, "upstream": upstream, "job_id": job}
    try:
        found = api_of(api, config, token_file).items(PATH, limit, filters)
    except Refused as error:
        stop(str(error), FAULTS)
    if output is OutputFormat.JSON:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif found:
        print_table(("id", "state", "upstream", "what", "job", "received", "next try", "tries"), map(_row, found))
    else:
        typer.echo("nothing waits")


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
        waiting = gateway.asked("GET", f"{PATH}/{quote(call_id, safe='')}")
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
    for acted in each_acted(ids, "replay", api_of(api, config, token_file), PATH):
        _tell(acted, output)


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
    for acted in each_acted(ids, "discard", gateway, PATH):
        _tell(acted, output)


def _tell(acted: dict[str, Any], output: OutputFormat) -> None:
    typer.echo(json.dumps(acted) if output is OutputFormat.JSON else f"{acted['id']} is {acted['state']}")


def _row(call: dict[str, Any]) -> tuple[str, ...]:
    return (
        call["id"],
        call["state"],
        call["upstream"],
        f"{call['operation']} {call['resource']}",
        call["job_id"] or "",
        instant(call["received_at"]),
        instant(call["next_try_at"]),
        str(call["tries"]),
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
