"""`explain`: what would become of a request, and why; nothing is sent."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.loading import load_to_look
from gateway.cli.options import (
    DEFAULT_CONFIG,
    DEFAULT_POLICIES,
    ConfigFile,
    Format,
    OutputFormat,
    PoliciesDir,
    UpstreamOption,
)
from gateway.cli.stop import FAULTS, stop
from gateway.domain.method import Method


def explain(  # noqa: PLR0913 (each is an option of the command)
    method: Annotated[
        Method, typer.Argument(metavar="METHOD", case_sensitive=False, show_choices=False, help="GET, POST, PUT …")
    ],
    url: Annotated[str, typer.Argument(metavar="URL", help="A gateway URL, an upstream's own URL, or a path.")],
    *,
    body: Annotated[str | None, typer.Option("--body", "-b", metavar="FILE", help="The body; - reads stdin.")] = None,
    header: Annotated[
        list[str] | None, typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="May be given several times.")
    ] = None,
    upstream: UpstreamOption = None,
    config: ConfigFile = DEFAULT_CONFIG,
    policies: PoliciesDir = DEFAULT_POLICIES,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Tell which policy covers a request and why, what would be changed, and what would be refused. No network.

    The payload shown is, but for the correlation value, byte for byte what the upstream would receive.

    Exit code 0: it would be forwarded; 1: refused, or the files have faults; 2: cannot run.

    Example: `echo '{"short_description": "Disk full"}' | itsm-gateway explain POST
    /servicenow/api/now/table/incident --body -`
    """
    from gateway.cli.show_rehearsal import show  # noqa: PLC0415
    from gateway.config.locate import NotLocated, locate  # noqa: PLC0415 (heavy: only for commands that need it)
    from gateway.pipeline.rehearse import Asked, rehearse  # noqa: PLC0415
    from gateway.platforms.registry import PLATFORMS  # noqa: PLC0415

    loaded = load_to_look(config, policies)
    try:
        located = locate(url, loaded.settings, upstream)
    except NotLocated as error:
        stop(str(error))
    content = None if body is None else _read_body(body)
    asked = Asked(located.upstream, method.value, located.target, _headers(header or [], content), content)
    platform = PLATFORMS[loaded.settings.upstreams[located.upstream].platform]
    rehearsed = rehearse(asked, loaded.rules, platform)
    show(rehearsed, output)
    if rehearsed.would == "refuse":
        raise typer.Exit(FAULTS)


def _read_body(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        stop(f"the body {name} cannot be read: {error.strerror or error}")


def _headers(lines: list[str], body: bytes | None) -> tuple[tuple[str, str], ...]:
    """The headers given, and the Content-Type that every client sends with a JSON body."""
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            stop(f"the header {line!r} has no name: write --header 'NAME: VALUE'")
        headers.append((name.strip(), value.strip()))
    if body is not None and all(name.lower() != "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return tuple(headers)
