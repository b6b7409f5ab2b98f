"""`check`: every fault of config, policies and templates, before they are put in force."""

import os

import typer

from gateway.cli.loading import print_faults
from gateway.cli.options import DEFAULT_CONFIG, DEFAULT_POLICIES, ConfigFile, Format, OutputFormat, PoliciesDir
from gateway.cli.stop import CANNOT_RUN, FAULTS


def check(
    config: ConfigFile = DEFAULT_CONFIG, policies: PoliciesDir = DEFAULT_POLICIES, output: Format = OutputFormat.TEXT
) -> None:
    """Read config, policies and templates, and print every fault as `file:line: pointer: message`.

    Nothing is sent. Exit code 0: fine; 1: faults; 2: a file or folder is not there.

    Example: `itsm-gateway check --format json`
    """
    from gateway.config.load import load  # noqa: PLC0415 (heavy: only for commands that need it)
    from gateway.domain.fault import ConfigError  # noqa: PLC0415

    try:
        loaded = load(config, policies, os.environ)
    except ConfigError as error:
        print_faults(error.faults, output)
        nothing_there = not config.is_file() or not policies.is_dir()
        raise typer.Exit(CANNOT_RUN if nothing_there else FAULTS) from error
    print_faults((), output)
    if output is OutputFormat.TEXT:
        rules = loaded.rules
        templates = sum(len(each) for each in rules.templates.values())
        counted = f"{len(rules.upstreams)} upstreams, {len(rules.policies)} policies, {templates} templates"
        typer.echo(f"fine: {counted} (version {rules.version})")
