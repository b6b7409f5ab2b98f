"""`schema`: what a policy file may hold, for editors and CI."""

import json

import typer


def schema() -> None:
    """Print the JSON Schema of a policy file.

    Example: `itsm-gateway schema > policies/policy.schema.json`
    """
    from gateway.policy.file_schema import policy_file_schema  # noqa: PLC0415 (heavy: only for commands that need it)

    typer.echo(json.dumps(policy_file_schema(), indent=2, ensure_ascii=False))
