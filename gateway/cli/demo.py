"""`demo`: simulated platforms, the gateway before them, a little traffic, and what to try next."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.stop import CANNOT_RUN, LastWord, stop

if TYPE_CHECKING:
    from rich.console import Console

    from gateway.demo.scenes import Told
    from gateway.demo.stage import Ports, Stage


def demo(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="End after the traffic instead of serving on.")] = False,
    any_port: Annotated[bool, typer.Option("--any-port", help="Take free ports instead of 8080 to 8090.")] = False,
) -> None:
    """Show the gateway at work, on this machine alone: no account, no database server.

    Both platforms are simulated; the gateway is the real one. It serves until Ctrl-C, for you to try.

    Example: `itsm-gateway demo`
    """
    import asyncio  # noqa: PLC0415 (heavy: only for commands that need it)

    from gateway.demo.stage import Ports  # noqa: PLC0415

    level = context.ensure_object(LastWord).log_level
    try:
        shown = asyncio.run(_show(Ports(0, 0, 0, 0) if any_port else Ports(), level.value, once=once))
    except OSError as error:
        stop(f"{error.strerror or error}; end the other program, or run `{_program()} demo --any-port`")
    if not shown:
        raise typer.Exit(CANNOT_RUN)


def _program() -> str:
    """As it was called: `make demo` has it in a folder that nobody's PATH names."""
    return sys.argv[0] if Path(sys.argv[0]).name == "itsm-gateway" else "itsm-gateway"


async def _show(ports: "Ports", log_level: str, *, once: bool) -> bool:
    import tempfile  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415

    from gateway.demo.stage import staged  # noqa: PLC0415
    from gateway.shipped import shipped_folder  # noqa: PLC0415
    from gateway.telemetry.log import Log  # noqa: PLC0415
    from gateway.web.serve import told_to_stop  # noqa: PLC0415

    console = Console()
    with tempfile.TemporaryDirectory(prefix="itsm-gateway-demo-") as name:
        folder = Path(name)
        with (folder / "gateway.log").open("w") as stream:
            log = Log(log_level, stream)
            try:
                async with staged(folder, shipped_folder(), ports, log) as stage:
                    kept = await _play(stage, console)
                    if not once:
                        _say_what_to_try(stage, console)
                        await told_to_stop()
            finally:
                log.close()
    return kept


async def _play(stage: "Stage", console: "Console") -> bool:
    """Play every scene and show what became of it; whether each was told the truth."""
    from aiohttp import ClientSession  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from gateway.demo.scenes import SCENES  # noqa: PLC0415

    table = Table("what happens", "what the client is told", "on the platform", show_lines=True)
    true = True
    async with ClientSession() as session:
        for scene in SCENES:
            with console.status(f"{scene.title} …"):
                told = await scene.play(stage, session)
            true = true and told.true
            table.add_row(scene.title, *_cells(told))
    console.print(table)
    return true


def _cells(told: "Told") -> tuple[str, str]:
    from rich.markup import escape  # noqa: PLC0415 (heavy, as all of these)

    proof = told.proof if told.true else f"[red]{told.proof}[/red]"
    retried = {"0": "", "1": " after 1 retry"}.get(told.retries, f" after {told.retries} retries")
    return f"{told.status} [bold]{told.outcome}[/bold]{retried}\n{escape(told.said)}", proof


def _say_what_to_try(stage: "Stage", console: "Console") -> None:
    servicenow, jira, api = (stage.address(name) for name in ("servicenow", "jira", "api"))
    console.print("\n[bold]It is yours now.[/bold] Ctrl-C ends it.\n")
    for what, command in (
        ("the console, in a browser", f"{api}/console/"),
        ("ServiceNow, as clients see it", f"curl '{servicenow}/api/now/table/incident?sysparm_limit=2'"),
        ("Jira, as clients see it", f"curl '{jira}/rest/api/2/search?jql=project=OPS'"),
        (
            "open a ticket",
            f"curl -i -H 'Content-Type: application/json' -H 'Accept: application/json' "
            f'-d \'{{"short_description": "My first"}}\' {servicenow}/api/now/table/incident',
        ),
        (
            "break the platform first",
            f'curl -d \'{{"kind": "stored_then", "status": 500, "when": {{"creates": true}}}}\' '
            f"{stage.platforms['servicenow']}/__simulator__/faults",
        ),
        ("every call that went by", f"curl {api}/api/v1/calls"),
        ("tickets and their promises", f"curl {api}/api/v1/tickets"),
        ("templates", f"curl {api}/api/v1/tickets/templates"),
        ("metrics", f"curl {api}/metrics"),
        ("the API, explained", f"{api}/docs"),
        ("policies: edit one and see; they go when the demo ends", str(stage.policies_dir)),
        ("the log", str(stage.folder / "gateway.log")),
    ):
        console.print(f"  [bold]{what}[/bold]\n    {command}", soft_wrap=True, highlight=False)
