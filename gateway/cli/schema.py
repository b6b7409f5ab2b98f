"""`schema`: what a policy file may hold, and what the API speaks; for editors, generators and CI."""

import json
from enum import StrEnum
from typing import Annotated

import typer


class Described(StrEnum):
    """What there is a schema of."""

    POLICY = "policy"
    OPENAPI = "openapi"


def schema(
    what: Annotated[Described, typer.Argument(metavar="[WHAT]", help="policy, or openapi.")] = Described.POLICY,
) -> None:
    """Print the JSON Schema of a policy file, or the OpenAPI document of the API.

    Example: `itsm-gateway schema > policies/policy.schema.json`
    """
    typer.echo(json.dumps(_document(what), indent=2, ensure_ascii=False))


def _document(what: Described) -> object:
    if what is Described.OPENAPI:
        from gateway.web.describe import description  # noqa: PLC0415 (heavy: only for commands that need it)

        return description()
    from gateway.policy.file_schema import policy_file_schema  # noqa: PLC0415

    return policy_file_schema()
