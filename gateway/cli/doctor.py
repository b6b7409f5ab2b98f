"""`doctor`: whether a real upstream gives the gateway what it needs, and what to do where it does not."""

import json
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.loading import load_to_look
from gateway.cli.options import DEFAULT_CONFIG, DEFAULT_POLICIES, ConfigFile, Format, OutputFormat, PoliciesDir
from gateway.cli.stop import FAULTS, stop
from gateway.domain.frozen import frozen

if TYPE_CHECKING:
    from gateway.config.load import Loaded
    from gateway.upstream.checkup import Finding

_SIGNS = {"fine": ("✓", "green"), "warning": ("!", "yellow"), "failed": ("✗", "red"), "skipped": ("-", "bright_black")}


def doctor(
    *,
    upstream: Annotated[
        str | None, typer.Argument(metavar="[UPSTREAM]", help="Its name in the config; all of them without.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Also make a ticket, find it again, and cancel it.")] = False,
    project: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="A Jira project to look at; those of the templates without.")
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    policies: PoliciesDir = DEFAULT_POLICIES,
    output: Format = OutputFormat.TEXT,
) -> None:
    """Try the real upstreams: TLS, login, clock, correlation field, search, labels on the create screen.

    Reads only, unless `--write`. Exit code 0: fine, perhaps with warnings; 1: something failed; 2: cannot run.

    Example: `itsm-gateway doctor servicenow --write`
    """
    import asyncio  # noqa: PLC0415 (heavy: only for commands that need it)

    loaded = load_to_look(config, policies)
    names = [upstream] if upstream else sorted(loaded.settings.upstreams)
    if not names or set(names) - loaded.settings.upstreams.keys():
        known = ", ".join(sorted(loaded.settings.upstreams)) or "none"
        stop(f"{config} names no upstream {upstream!r}; known: {known}" if upstream else f"{config} names no upstream")
    asked = {name: _Asked(name, tuple(project or ()) or _projects(loaded), write) for name in names}
    found = {name: asyncio.run(_examined(loaded, each)) for name, each in asked.items()}
    _tell(found, output)
    if any(finding.state == "failed" for findings in found.values() for finding in findings):
        raise typer.Exit(FAULTS)


@frozen
class _Asked:
    """What is to be looked at."""

    name: str
    projects: tuple[str, ...]
    write: bool


async def _examined(loaded: "Loaded", asked: _Asked) -> "list[Finding]":
    import ssl  # noqa: PLC0415 (heavy, as all of these)

    import aiohttp  # noqa: PLC0415

    from gateway.config.credentials import log_in  # noqa: PLC0415
    from gateway.config.secrets import SecretMissing  # noqa: PLC0415
    from gateway.upstream import checkup, checkup_jira, checkup_servicenow  # noqa: PLC0415

    settings = loaded.settings.upstreams[asked.name]
    try:
        login = log_in(settings.credentials, os.environ)
        tls = ssl.create_default_context(cafile=settings.ca_file)
    except (SecretMissing, OSError) as error:
        stop(f"{asked.name}: {error}")
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    findings: list[Finding] = []
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls), cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        patient = checkup.Patient(session, settings.base_url, login, settings.egress_proxy)
        examination = (
            checkup_servicenow.examine(patient, write=asked.write)
            if settings.platform == "servicenow"
            else checkup_jira.examine(patient, asked.projects, write=asked.write)
        )
        try:
            async for finding in examination:
                findings.append(finding)  # noqa: PERF401 (what was found before it breaks off is told, too)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            findings.append(checkup.broken(error, settings.base_url))
    if asked.write and all(finding.check != "create" for finding in findings):
        advice = "mend what stands above, then try again"
        findings.append(checkup.Finding("create", checkup.State.FAILED, "no ticket was seen to be made", advice))
    return findings


def _projects(loaded: "Loaded") -> tuple[str, ...]:
    """Those that the config's Jira templates make issues in."""
    found = []
    for template in loaded.settings.templates.get("jira", {}).values():  # type: ignore[call-overload]  # a StrEnum's value
        project: Any = template.get("project") if isinstance(template, dict) else None
        key = project.get("key") if isinstance(project, dict) else None
        if isinstance(key, str) and "{" not in key:
            found.append(key)
    return tuple(dict.fromkeys(found))


def _tell(found: "dict[str, list[Finding]]", output: OutputFormat) -> None:
    if output is OutputFormat.JSON:
        told = [
            {"upstream": name, "check": each.check, "state": each.state, "seen": each.seen, "advice": each.advice}
            for name, findings in found.items()
            for each in findings
        ]
        typer.echo(json.dumps({"findings": told}, indent=2, ensure_ascii=False))
        return
    for name, findings in found.items():
        typer.secho(name, bold=True)
        for each in findings:
            sign, colour = _SIGNS[each.state]
            typer.echo(f"  {typer.style(sign, fg=colour)} {each.check}: {each.seen}")
            if each.advice:
                typer.echo(f"      {each.advice}")
