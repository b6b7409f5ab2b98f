"""`render`: a template's payload and its violations; nothing is sent."""

import json
from typing import TYPE_CHECKING, Annotated

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
from gateway.cli.stop import CANNOT_RUN, FAULTS, stop
from gateway.domain.call import Json, PlatformName

if TYPE_CHECKING:
    from gateway.policy.rules import Rules, Template


def render(  # noqa: PLR0913 (each is an option of the command)
    platform: Annotated[PlatformName, typer.Argument(metavar="PLATFORM", help="servicenow or jira.")],
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="A name under `templates` in the config.")],
    *,
    var: Annotated[
        list[str] | None, typer.Option("--var", "-v", metavar="NAME=TEXT", help="A variable as text; repeatable.")
    ] = None,
    json_var: Annotated[
        list[str] | None,
        typer.Option("--json-var", metavar="NAME=JSON", help="A variable of another type; repeatable."),
    ] = None,
    upstream: UpstreamOption = None,
    config: ConfigFile = DEFAULT_CONFIG,
    policies: PoliciesDir = DEFAULT_POLICIES,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Print the payload that a template makes, and what its policy says about it. No network.

    Exit code 0: it would be forwarded; 1: refused, or the files have faults; 2: cannot run.

    Example: `itsm-gateway render servicenow rca_incident --var job_name=nightly-etl --json-var urgency=2`
    """
    from gateway.cli.show_rehearsal import show  # noqa: PLC0415
    from gateway.config.locate import NotLocated, upstream_of  # noqa: PLC0415 (heavy: only for commands that need it)
    from gateway.pipeline.rehearse import Asked, rehearse  # noqa: PLC0415
    from gateway.platforms.platform import Target  # noqa: PLC0415
    from gateway.platforms.registry import PLATFORMS  # noqa: PLC0415

    variables = _variables(var or [], json_var or [])
    loaded = load_to_look(config, policies)
    found = _template(loaded.rules, platform, template)
    try:
        name = upstream_of(platform, loaded.settings, upstream)
    except NotLocated as error:
        stop(str(error))
    target = PLATFORMS[platform].create_target(Target(**found.target))
    headers = (("Content-Type", "application/json"), ("ITSM-Template", template))
    asked = Asked(name, "POST", target, headers, json.dumps(variables).encode())
    rehearsed = rehearse(asked, loaded.rules, PLATFORMS[platform])
    show(rehearsed, output)
    if rehearsed.would == "refuse":
        raise typer.Exit(FAULTS)


def _template(rules: "Rules", platform: PlatformName, name: str) -> "Template":
    known = rules.templates.get(platform, {})
    if name not in known:
        stop(f"there is no template {name!r} for {platform}; known templates: {', '.join(sorted(known)) or 'none'}")
    return known[name]


def _variables(texts: list[str], typed: list[str]) -> dict[str, Json]:
    variables: dict[str, Json] = dict(_pair(each, "--var NAME=TEXT") for each in texts)
    for each in typed:
        name, value = _pair(each, "--json-var NAME=JSON")
        try:
            variables[name] = json.loads(value)
        except ValueError as error:
            stop(f"the value of {name!r} is not JSON ({error}); text goes in quotes, or use --var", CANNOT_RUN)
    return variables


def _pair(given: str, form: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name:
        stop(f"{given!r} is no variable: write {form}")
    return name, value
